import { AGENT_STATES, EVENT_FIELD_MEANINGS as MEANS, EVENT_TYPES } from '@app/event';
import { z } from 'zod';
import { GREATEST_TIME, TIME_TEXT } from './test-time.js';

/**
 * The shape of a test file, declared once: its validation, its types and its reference. The title of a schema completes
 * the sentence "it must be …".
 */
const Text = z.string().min(1).meta({ title: 'a text' });

const Id = z.string().min(1).meta({ title: 'a text; put a number in quotes' });

const NullableText = z.string().nullable().meta({ title: 'a text or null' });

const NullableNumber = z.number().nullable().meta({ title: 'a number or null' });

const Numeric = z.number().meta({ title: 'a number' });

const TimeText = z.string().regex(TIME_TEXT);

const Seconds = z.number().min(0).max(GREATEST_TIME);

const TIME = 'a time: seconds, or a text such as 90s, 1m30s or 1h';

const Time = z.union([TimeText, Seconds]).meta({ title: TIME });

const NullableTime = z.union([TimeText, Seconds, z.null()]).meta({ title: `${TIME}; null when it is cleared` });

const Scalar = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .meta({ title: 'a text, a number, true, false or null' });

/** The names of a choice, in words. */
function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}

const TestEventSchema = z
  .strictObject({
    at: Time.describe('When it happened; the clock of a test begins at 0.'),
    type: z
      .enum(EVENT_TYPES)
      .meta({ title: listed(EVENT_TYPES) })
      .describe(MEANS.type),
    conversation: Id.describe('The conversation that it belongs to; short for conversationId.').optional(),
    agent: Id.describe('The agent that it belongs to; short for agentId.').optional(),
    conversationId: Id.describe(MEANS.conversationId).optional(),
    agentId: Id.describe(MEANS.agentId).optional(),
    receivedAt: Time.describe('When it was received, for a late one; when it happened if left out.').optional(),
    uid: Id.describe('Its identity, to write duplicates; one of its own when left out.').optional(),
    agentName: NullableText.describe(MEANS.agentName).optional(),
    isAssigned: z.boolean().nullable().meta({ title: 'true, false or null' }).describe(MEANS.isAssigned).optional(),
    effectiveTtr: NullableTime.describe(MEANS.effectiveTtr).optional(),
    stateCode: NullableText.describe(MEANS.stateCode).optional(),
    state: z
      .enum(AGENT_STATES)
      .nullable()
      .meta({ title: listed(AGENT_STATES) })
      .describe(MEANS.state)
      .optional(),
    reasonCode: NullableText.describe(MEANS.reasonCode).optional(),
    reason: NullableText.describe(MEANS.reason).optional(),
    viewName: NullableText.describe(MEANS.viewName).optional(),
    actionName: NullableText.describe(MEANS.actionName).optional(),
    assignedWeight: NullableNumber.describe(MEANS.assignedWeight).optional(),
    maxSlots: NullableNumber.describe(MEANS.maxSlots).optional(),
    assignedConversations: NullableNumber.describe(MEANS.assignedConversations).optional(),
  })
  .meta({ title: 'a map with at, type, conversation or agent, and fields of the event' });

const SampleSchema = z
  .strictObject({
    labels: z
      .record(z.string(), z.string().meta({ title: 'a text; put a number in quotes' }))
      .meta({ title: 'a map of label names to texts' })
      .describe('The labels but account_id; one that is left out is empty.')
      .optional(),
    value: Numeric.describe('The value of a counter or gauge.').optional(),
    count: Numeric.describe('How many observations a histogram has.').optional(),
    sum: Numeric.describe('The sum of the observations of a histogram.').optional(),
    buckets: z
      .record(z.string(), Numeric)
      .meta({ title: 'a map of bucket bounds to numbers' })
      .describe('How many observations are at or below some of the bounds of a histogram.')
      .optional(),
  })
  .meta({ title: 'a map with labels, and value or count and sum' });

const ExpectationSchema = z
  .strictObject({
    at: Time.describe('When it is looked at: events received and timers armed up to then count.'),
    metric: Text.describe('The metric whose samples are told.').optional(),
    samples: z
      .array(SampleSchema)
      .meta({ title: 'a list of samples, or [] for none' })
      .describe('All samples of the metric; [] when it is absent.')
      .optional(),
    conversation: Id.describe('The conversation whose state is told.').optional(),
    agent: Id.describe('The agent whose state is told.').optional(),
    state: z
      .record(z.string(), Scalar)
      .meta({ title: 'a map of field names to values' })
      .describe('Some fields of the state.')
      .optional(),
  })
  .meta({ title: 'a map with at, metric and samples; or with at, conversation or agent, and state' });

const TestSchema = z
  .strictObject({
    name: Text.describe('What the story shows, in one sentence.'),
    events: z
      .array(TestEventSchema)
      .meta({ title: 'a list of events' })
      .describe('What happens, in the order of receipt.'),
    expect: z
      .array(ExpectationSchema)
      .min(1)
      .meta({ title: 'a list of expectations' })
      .describe('What metrics and states are then.'),
  })
  .meta({ title: 'a map with name, events and expect' });

/** One file of tests. */
export const TestFileSchema = z
  .strictObject({
    tests: z.array(TestSchema).meta({ title: 'a list of tests' }).describe('Stories, and what metrics make of them.'),
  })
  .meta({ title: 'a map with tests' });

export type TestEventBody = z.infer<typeof TestEventSchema>;
export type SampleBody = z.infer<typeof SampleSchema>;
export type ExpectationBody = z.infer<typeof ExpectationSchema>;
export type TestBody = z.infer<typeof TestSchema>;
