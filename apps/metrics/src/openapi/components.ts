import { z } from 'zod';
import { catalogView } from '../catalog/catalog-view.js';
import { aliveReply, readyReply } from '../health/replies.js';
import {
  droppedReply,
  entryIds,
  quarantineEntryReply,
  quarantineListReply,
  replayOutcomesReply,
  unknownTypesReply,
} from '../quarantine/replies.js';
import {
  accountListReply,
  accountLoadReply,
  agentListReply,
  agentReply,
  conversationDetailReply,
  conversationListReply,
  conversationReply,
  metricsReply,
  problemReply,
  teamListReply,
} from '../rest/replies.js';

/** A JSON Schema (2020-12) as OpenAPI 3.1 takes it. */
export type Schema = Readonly<Record<string, unknown>>;

const REPLIES = {
  AccountList: accountListReply,
  AccountLoad: accountLoadReply,
  Agent: agentReply,
  AgentList: agentListReply,
  Alive: aliveReply,
  Catalog: catalogView.describe('The catalog in force.'),
  Conversation: conversationReply,
  ConversationDetail: conversationDetailReply,
  ConversationList: conversationListReply,
  Dropped: droppedReply,
  EntryIds: entryIds,
  Metrics: metricsReply,
  Problem: problemReply,
  QuarantineEntry: quarantineEntryReply,
  QuarantineList: quarantineListReply,
  Ready: readyReply,
  ReplayOutcomes: replayOutcomesReply,
  TeamList: teamListReply,
  UnknownTypes: unknownTypesReply,
};

/** The name of a reply's schema in `/openapi.json`. */
export type ReplyName = keyof typeof REPLIES;

/** The schemas of all replies by name. */
export function replySchemas(): Readonly<Record<ReplyName, Schema>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(REPLIES)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: refTo });
  const plain = Object.entries(schemas).map(([name, schema]) => {
    const parts = Object.entries(schema).filter(([key]) => !['$schema', '$id', 'id'].includes(key));
    return [name, Object.fromEntries(parts)];
  });
  return Object.fromEntries(plain) as Record<ReplyName, Schema>;
}

/** The address of a reply's schema within the document. */
export function refTo(name: string): string {
  return `#/components/schemas/${name}`;
}
