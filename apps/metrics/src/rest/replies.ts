import { AGENT_STATES, EVENT_TYPES } from '@app/event';
import { z } from 'zod';

/**
 * What REST replies, declared once: the types that the code fills, the components of `/openapi.json` and the reference
 * all come from here. Every field is always there; null is "no value".
 */

const text = (meaning: string) => z.string().describe(meaning);
const number = (meaning: string) => z.number().describe(meaning);
const truth = (meaning: string) => z.boolean().describe(meaning);
const time = (meaning: string) => z.string().meta({ format: 'date-time', description: `${meaning} (RFC 3339)` });
const orNull = <T extends z.ZodType>(schema: T) => schema.nullable().describe(schema.description ?? '');
const next = orNull(text('The cursor of the next page; null at the end'));

export const agentReply = z
  .strictObject({
    id: text('The id of the agent'),
    name: orNull(text('Its name, as last heard')),
    state: z.enum(AGENT_STATES).nullable().describe('Its state; null when none was heard'),
    stateSince: orNull(time('Since when it has been in that state')),
    reason: orNull(text('The reason that came with the state')),
    load: orNull(number('assignedWeight / maxSlots; above 1 is overload. Null unless there are slots and a weight')),
    assignedWeight: orNull(number('The total weight of its conversations, of the newest snapshot')),
    maxSlots: orNull(number('The weight that it is configured to take, of the newest snapshot')),
    assignedConversations: orNull(number('How many conversations it has, of the newest snapshot')),
    present: truth('False once 90 s have passed since its last snapshot; the values are then the last known'),
    snapshotAt: orNull(time('When its newest snapshot was taken')),
    snapshotAge: orNull(number('How long ago that was (s)')),
  })
  .describe('An agent.');

export const agentListReply = z.strictObject({ agents: z.array(agentReply), next }).describe('A page of agents.');

export const accountLoadReply = z
  .strictObject({
    agentsPresent: number('Agents with a snapshot in the last 90 s'),
    assignedWeight: number('Their total weight, of those with slots above 0 and a weight'),
    maxSlots: number('Their total slots'),
    load: orNull(number('assignedWeight / maxSlots; null without slots')),
    availableSlots: number('Free slots of those that are ONLINE'),
    overloaded: number('How many of them have a load above 1'),
    byState: z
      .record(z.string(), z.number())
      .describe('Present agents by state; UNKNOWN is also that of which none is known'),
  })
  .describe('The load of an account, over its present agents.');

const conversationFields = {
  id: text('The id of the conversation'),
  open: truth('Whether it is open'),
  openedAt: orNull(time('When it was requested; null when that was not seen')),
  endedAt: orNull(time('When it ended; null while it is open')),
  assignedAgentId: orNull(text('The agent that is responsible')),
  assignedAt: orNull(time('Since when')),
  queued: truth('Whether it is open and nobody is responsible'),
  queuedSince: orNull(time('Since when it has been in the queue')),
  waitingSince: orNull(time('The first consumer message that is not answered yet')),
  firstConsumerMessageAt: orNull(time('The first consumer message of this opening')),
  firstResponseAt: orNull(time('The first answer of this opening')),
  respondBy: orNull(time('The deadline for the answer')),
  overdue: truth('Whether it is open and that deadline has passed'),
  lastEventAt: orNull(time('Its last event')),
};

export const conversationReply = z.strictObject(conversationFields).describe('A conversation.');

export const conversationListReply = z
  .strictObject({ conversations: z.array(conversationReply), next })
  .describe('A page of conversations.');

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const conversationDetailReply = z
  .strictObject({
    ...conversationFields,
    state: z
      .record(z.string(), value)
      .describe('Every field of its state by name, as the definitions declare them; times in RFC 3339'),
    timers: z
      .array(
        z.strictObject({
          name: text('The own event that it brings, or the metric that it moves'),
          kind: z
            .enum(['own', 'flip', 'accrue', 'forget'])
            .describe('own: an own event; flip and accrue: moves a metric; forget'),
          at: time('For when it is armed'),
          fired: truth('Whether it has fired for that time'),
        }),
      )
      .describe('The timers that are armed'),
    events: z
      .array(z.strictObject({ type: z.enum(EVENT_TYPES), time: time('The time of the event') }))
      .describe('Its last events, at most five, the newest last'),
  })
  .describe('A conversation with all that is known of it.');

const labels = z.record(z.string(), z.string()).describe('Labels, without account_id');
const values = z.array(z.number().nullable()).describe('One per step; null where there is no value');

export const metricsReply = z
  .strictObject({
    at: time('The instant for which ages and windows are told'),
    metrics: z.array(
      z.strictObject({
        name: text('The name of the metric'),
        help: text('What it means'),
        type: z.enum(['counter', 'gauge', 'histogram']),
        samples: z
          .array(
            z.strictObject({
              labels,
              value: orNull(number('The value; of a histogram the sum of its observations')),
              count: z.number().optional().describe('Of a histogram: how many observations'),
              buckets: z
                .array(
                  z.strictObject({
                    le: z.number().nullable().describe('Upper bound; null is +Inf'),
                    count: z.number(),
                  }),
                )
                .optional()
                .describe('Of a histogram: observations up to each bound, cumulative'),
            }),
          )
          .describe('The values now, one per label set'),
        total: number('How many label sets there are; more than `samples` when `limit` cut them'),
        course: z
          .strictObject({
            from: time('When the first step begins'),
            step: number('The length of a step (s)'),
            series: z.array(z.strictObject({ labels, values, counts: z.array(z.number()).optional() })),
          })
          .nullable()
          .describe(
            'What was, step by step: of a counter or histogram what each step added, of a formula its window at the end ' +
              'of each step. Null unless `range` is given and the metric is kept by the minute',
          ),
      }),
    ),
  })
  .describe('Metrics of one account.');

export const accountListReply = z
  .strictObject({ accounts: z.array(z.string()).describe('Their ids, sorted') })
  .describe('The accounts of which events were seen.');

export const teamListReply = z
  .strictObject({
    teams: z.array(z.string()).describe('Their names, sorted; none where the definitions know no teams'),
  })
  .describe('The teams of the agents that were heard of.');

export const problemReply = z
  .looseObject({
    type: text('Always about:blank: the status says it all'),
    title: text('The usual words for the status'),
    status: number('The status of the reply'),
    detail: z.string().optional().describe('What is wrong, and what to do'),
    errors: z
      .array(z.strictObject({ parameter: text('The parameter'), allowed: text('What is allowed') }))
      .optional()
      .describe('Every parameter that is wrong'),
  })
  .describe('An error (RFC 9457).');

type Frozen<T> = T extends (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/** One agent as REST shows it. */
export type AgentView = Frozen<z.infer<typeof agentReply>>;
/** A page of agents. */
export type AgentList = Frozen<z.infer<typeof agentListReply>>;
/** The load of an account. */
export type AccountLoad = Frozen<z.infer<typeof accountLoadReply>>;
/** One conversation as lists show it. */
export type ConversationView = Frozen<z.infer<typeof conversationReply>>;
/** A page of conversations. */
export type ConversationList = Frozen<z.infer<typeof conversationListReply>>;
/** One conversation with all that is known of it. */
export type ConversationDetail = Frozen<z.infer<typeof conversationDetailReply>>;
/** Metrics of one account. */
export type MetricsReply = Frozen<z.infer<typeof metricsReply>>;
/** The teams of an account. */
export type TeamListReply = Frozen<z.infer<typeof teamListReply>>;
/** The accounts known. */
export type AccountListReply = Frozen<z.infer<typeof accountListReply>>;
