import { ParameterReader, type Parameters, type Read, TRUTH } from '../http/parameters.js';
import { CONVERSATION_SORT_FIELDS } from './conversation-view.js';
import { PAGE_PARAMETERS, pageOf, type PageQuery, readPage } from './paging.js';
import type { ConversationList, ConversationView } from './replies.js';
import { TEAM } from './teams.js';

/** What a list of conversations is asked for; null = any. */
export interface ConversationQuery extends PageQuery<(typeof CONVERSATION_SORT_FIELDS)[number]> {
  readonly open: boolean | null;
  readonly queued: boolean | null;
  readonly overdue: boolean | null;
  /** Only those for which this agent is responsible. */
  readonly agent: string | null;
  /** Only those for which an agent of this team is responsible. */
  readonly team: string | null;
}

/** The parameters of a list of conversations. */
export const CONVERSATION_PARAMETERS = ['open', 'queued', 'overdue', 'agent', 'team', ...PAGE_PARAMETERS] as const;

const AGENT = { allowed: 'the id of an agent', parse: (text: string): string | null => text };

/** Reads the parameters of a list of conversations; names every one that is wrong. */
export function readConversationQuery(parameters: Parameters): Read<ConversationQuery> {
  const reader = new ParameterReader(parameters);
  reader.refuseOthers(CONVERSATION_PARAMETERS);
  const page = readPage(reader, CONVERSATION_SORT_FIELDS);
  return reader.result({
    open: reader.read('open', TRUTH, null),
    queued: reader.read('queued', TRUTH, null),
    overdue: reader.read('overdue', TRUTH, null),
    agent: reader.read('agent', AGENT, null),
    team: reader.read('team', TEAM, null),
    ...page,
  });
}

/** Whether a list that was asked for so has the conversation in it. */
export function isWanted(conversation: ConversationView, query: ConversationQuery): boolean {
  const { open, queued, overdue, agent } = query;
  return (
    (open === null || conversation.open === open) &&
    (queued === null || conversation.queued === queued) &&
    (overdue === null || conversation.overdue === overdue) &&
    (agent === null || conversation.assignedAgentId === agent)
  );
}

/** Sorts and cuts; see {@link pageOf}. */
export function listConversations(wanted: readonly ConversationView[], query: ConversationQuery): ConversationList {
  const { descending, sort } = query;
  const { items, next } = pageOf(wanted, query, { descending, valueOf: (conversation) => conversation[sort] });
  return { conversations: items, next };
}
