import { AGENT_STATES } from '@app/event';
import { AGENT_VIEW_FIELDS } from '../rest/agent-view.js';
import { CONVERSATION_SORT_FIELDS } from '../rest/conversation-view.js';
import { LIMIT } from '../rest/paging.js';
import { EVENT_STREAM } from '../stream/event-stream.js';
import { MOST_WATCHES, WATCHED } from '../stream/stream-query.js';
import type { Schema } from './components.js';
import {
  account,
  ifNoneMatch,
  jsonOf,
  list,
  type Operation,
  type ParameterPart,
  path,
  query,
  READ,
  text,
  truth,
} from './operation.js';
import { QUARANTINE_OPERATIONS } from './quarantine-operations.js';
import { SYSTEM_OPERATIONS } from './system-operations.js';

const metric = query(
  'metric',
  'Only those that this metric counts now; a formula stands for the gauges that it reads',
  text,
);
const label = query('label', 'Any label of that metric by its own name: only those counted under this value', {
  type: 'object',
  additionalProperties: { type: 'string' },
});
const sorts = (fields: readonly string[]): Schema => ({ enum: fields.flatMap((field) => [field, `-${field}`]) });
const paging = (fields: readonly string[]): ParameterPart[] => [
  {
    ...query(
      'sort',
      `By what the list is sorted (\`${fields[0]}\` if not given); with - in front the greatest first`,
      sorts(fields),
    ),
  },
  query('limit', `How many there are on a page (${LIMIT.usual} if not given)`, {
    type: 'integer',
    minimum: LIMIT.least,
    maximum: LIMIT.most,
  }),
  query('cursor', '`next` of the reply before, with the same `sort`', text),
];
const team = (of: string): ParameterPart =>
  query('team', `Only ${of}. Teams come of a table \`agents\` with a column \`team\` (docs/teams.md)`, text);
const drillDown = [metric, { ...label, style: 'form' as const, explode: true }];

/** Everything that can be asked of the metrics app, but pages and what they load. */
export const OPERATIONS: readonly Operation[] = [
  {
    id: 'listAccounts',
    tag: 'Accounts',
    path: '/v1/accounts',
    summary: 'The accounts of which events were seen.',
    parameters: [ifNoneMatch],
    reply: jsonOf('AccountList'),
    problems: READ,
    examples: ['/v1/accounts'],
  },
  {
    id: 'getAccountLoad',
    tag: 'Accounts',
    path: '/v1/accounts/{account}/load',
    summary: 'The load of an account, over its present agents.',
    parameters: [account, team('agents of this team'), ifNoneMatch],
    reply: jsonOf('AccountLoad'),
    problems: [400, ...READ],
    examples: ['/v1/accounts/84731/load'],
  },
  {
    id: 'listTeams',
    tag: 'Accounts',
    path: '/v1/accounts/{account}/teams',
    summary: 'The teams of the agents that were heard of.',
    parameters: [account, ifNoneMatch],
    reply: jsonOf('TeamList'),
    problems: READ,
    examples: ['/v1/accounts/84731/teams'],
  },
  {
    id: 'listAgents',
    tag: 'Agents',
    path: '/v1/accounts/{account}/agents',
    summary: 'Agents by state, load, or by a number that counts them.',
    parameters: [
      account,
      list('state', 'Only agents in one of these states; UNKNOWN is also that of which none is known', {
        enum: [...AGENT_STATES],
      }),
      query('min_load', 'Only agents with at least this load', { type: 'number', minimum: 0 }),
      team('agents of this team'),
      ...paging(AGENT_VIEW_FIELDS),
      ...drillDown,
      ifNoneMatch,
    ],
    reply: jsonOf('AgentList'),
    problems: [400, ...READ],
    examples: [
      '/v1/accounts/84731/agents?state=ONLINE&sort=-load&limit=10',
      '/v1/accounts/84731/agents?metric=agents_overloaded',
    ],
  },
  {
    id: 'getAgent',
    tag: 'Agents',
    path: '/v1/accounts/{account}/agents/{agent}',
    summary: 'One agent.',
    parameters: [account, path('agent', 'The id of the agent'), ifNoneMatch],
    reply: jsonOf('Agent'),
    problems: [404, ...READ],
    examples: ['/v1/accounts/84731/agents/a-1'],
  },
  {
    id: 'listConversations',
    tag: 'Conversations',
    path: '/v1/accounts/{account}/conversations',
    summary: 'Conversations by what they are, or by a number that counts them.',
    description:
      'With `metric` (and labels of that metric) it lists what a gauge counts now: the conversations, or the agents when ' +
      'it is a gauge over agents.',
    parameters: [
      account,
      query('open', 'Only those that are open, or are not', truth),
      query('queued', 'Only those that are open and nobody is responsible for, or others', truth),
      query('overdue', 'Only those that are open and whose deadline has passed, or others', truth),
      query('agent', 'Only those for which this agent is responsible', text),
      team('those for which an agent of this team is responsible'),
      ...paging(CONVERSATION_SORT_FIELDS),
      ...drillDown,
      ifNoneMatch,
    ],
    reply: jsonOf('ConversationList', 'AgentList'),
    problems: [400, ...READ],
    examples: [
      '/v1/accounts/84731/conversations?open=true&agent=a-1&sort=respondBy',
      '/v1/accounts/84731/conversations?metric=conversations_awaiting_response&agent_id=a-1',
    ],
  },
  {
    id: 'getConversation',
    tag: 'Conversations',
    path: '/v1/accounts/{account}/conversations/{conversation}',
    summary: 'One conversation: its state, its timers and its last five events.',
    parameters: [account, path('conversation', 'The id of the conversation'), ifNoneMatch],
    reply: jsonOf('ConversationDetail'),
    problems: [404, ...READ],
    examples: ['/v1/accounts/84731/conversations/c-1'],
  },
  {
    id: 'getMetrics',
    tag: 'Metrics',
    path: '/v1/accounts/{account}/metrics',
    summary: 'Metrics of an account: their values, and how they came to be.',
    description:
      'Any further parameter is a label: only samples with that value. Counters and histograms that a formula reads in ' +
      'windows are kept by the minute for a day, and they and those formulas have a course.',
    parameters: [
      account,
      list('name', 'Which metrics, at most 20; all if not given', text),
      query('range', 'How far the course goes back, up to 24h: 15m, 1h. Not given: no course', {
        type: 'string',
        pattern: '^\\d{1,4}[mh]$',
      }),
      query('limit', 'The most samples of one metric (1000 if not given)', {
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
      }),
      { ...label, style: 'form', explode: true },
      team(
        'samples of agents of this team, by their label `agent_id`; a metric with a label `team` is narrowed by that',
      ),
      ifNoneMatch,
    ],
    reply: jsonOf('Metrics'),
    problems: [400, ...READ],
    examples: [
      '/v1/accounts/84731/metrics?name=average_response_time_seconds,conversations_queued&range=1h',
      '/v1/accounts/84731/metrics?name=conversations_overdue&agent_id=a-1',
    ],
  },
  {
    id: 'followAccount',
    tag: 'Stream',
    path: '/v1/stream',
    summary: 'What is told of an account, as it changes: server-sent events.',
    description:
      'It begins with all that is watched, and then tells what has changed: each second, a course every ten. The name of ' +
      'an event is its watch as it was given, its data the reply of that resource. Its id says all that the client has ' +
      'been told: with the last one in `Last-Event-ID` any replica goes on from there. Where a watch cannot be told, an ' +
      'event `problem` says why (`watch`, `problem`). A `heartbeat` comes when nothing else did for 5 s: without one for ' +
      'much longer, what a client shows is stale.',
    parameters: [
      { ...query('account', 'The id of the account, as in the events', text), required: true },
      {
        name: 'watch',
        in: 'query',
        description:
          `What to follow, up to ${MOST_WATCHES} times: ${WATCHED.map((name) => `\`${name}\``).join(', ')}, with the ` +
          'parameters of that resource, encoded; `metrics` only with `name`',
        schema: { type: 'array', items: text, minItems: 1, maxItems: MOST_WATCHES },
        required: true,
        style: 'form',
        explode: true,
      },
      {
        name: 'last-event-id',
        in: 'header',
        description: 'The id of the last event that the client has; browsers send it by themselves',
        schema: text,
      },
    ],
    reply: { type: EVENT_STREAM, schemas: [] },
    problems: [400, ...READ],
    examples: ['/v1/stream?account=84731&watch=load&watch=agents%3Fsort%3D-load%26limit%3D50'],
  },
  ...QUARANTINE_OPERATIONS,
  ...SYSTEM_OPERATIONS,
];
