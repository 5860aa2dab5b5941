import { z } from 'zod';

/**
 * The shape of a catalog file, declared once: its validation, its types and its reference. The title of a schema
 * completes the sentence "it must be …".
 */
const Expression = z.union([z.string(), z.number(), z.boolean(), z.null()]).meta({ title: 'an expression' });

const Text = z.string().min(1).meta({ title: 'a text' });

const Numeric = z.number().meta({ title: 'a number' });

const EventNames = z.union([Text, z.array(Text).min(1)]).meta({ title: 'the name of an event or a list of names' });

const Entity = z.enum(['conversation', 'agent']).meta({ title: 'conversation or agent' });

const Labels = z.record(z.string(), Expression).meta({ title: 'a map of label names to expressions' });

const SetEntry = z
  .strictObject({
    on: EventNames.describe('The events with which the field is set: incoming, own or timers.'),
    when: Expression.describe('Whether this rule applies; true when left out.').optional(),
    to: Expression.describe('The new value of the field.').optional(),
    add: Expression.describe('What is added to a number field; null in the field counts as 0.').optional(),
  })
  .meta({ title: 'a map with on and to or add' });

export const FieldSchema = z
  .strictObject({
    type: z
      .enum(['time', 'number', 'string', 'bool'])
      .meta({ title: 'time, number, string or bool' })
      .describe('What the field holds.')
      .optional(),
    default: z
      .union([z.string(), z.number(), z.boolean(), z.null()])
      .meta({ title: 'a text, a number, true or false' })
      .describe('The value before any rule set it; null when left out.')
      .optional(),
    set: z
      .array(SetEntry)
      .meta({ title: 'a list of rules' })
      .describe('The rules that set the field; the first one that matches takes effect.')
      .optional(),
    since: Expression.describe('A condition on the state; the field is the time at which it became true.').optional(),
  })
  .meta({ title: 'a map that defines a field' });

export const OwnEventSchema = z
  .strictObject({
    on: EventNames.describe('The events with which it may happen.').optional(),
    when: Expression.describe('Whether it happens, judged on the state before.').optional(),
    at: Expression.describe('The time at which it happens (a timer); null is not armed.').optional(),
  })
  .meta({ title: 'a map with on and when, or with at' });

export const MetricSchema = z
  .strictObject({
    name: Text.describe('The name under which it is exported; one that begins with _ is for formulas only.'),
    help: Text.describe('What it means, in one sentence.'),
    source: Text.describe('The vendor definition that it follows.').optional(),
    type: z
      .enum(['counter', 'histogram', 'gauge'])
      .meta({ title: 'counter, histogram or gauge' })
      .describe('The type as Prometheus knows it.'),
    for: Entity.describe('The entity that the expressions of an on: metric read.').optional(),
    on: EventNames.describe('The events that it counts or observes.').optional(),
    zero_on: EventNames.describe('Events that make the series exist at 0 beforehand.').optional(),
    over: Entity.describe('The entities over which a gauge is aggregated.').optional(),
    when: Expression.describe('Which events, or which entities, count.').optional(),
    value: Expression.describe('What is observed, added or aggregated; 1 when left out.').optional(),
    aggregate: Text.describe(
      'How the values of the entities become one: sum (default), count, avg, min, max, stddev or quantile(q).',
    ).optional(),
    labels: Labels.describe('The labels beside account_id.').optional(),
    buckets: z
      .array(Numeric)
      .min(1)
      .meta({ title: 'a list of numbers' })
      .describe('The upper bounds of the buckets of a histogram, ascending.')
      .optional(),
    formula: Expression.describe('Computed from other metrics when it is read.').optional(),
    by: z
      .union([z.array(Text), Labels])
      .meta({ title: 'a list of labels, or a map of labels to expressions' })
      .describe('The labels by which a formula groups what it reads.')
      .optional(),
    windows: z.array(Text).meta({ title: 'a list of durations' }).describe('Sliding windows.').optional(),
    limit: z
      .int()
      .min(1)
      .max(1_000_000)
      .meta({ title: 'a whole number from 1 to 1000000' })
      .describe(
        'The most label sets per account and partition, 50000 when left out; the rest is one series __overflow__.',
      )
      .optional(),
  })
  .meta({ title: 'a map that defines a metric' });

const Fields = z.record(z.string(), FieldSchema).meta({ title: 'a map of field names to fields' });

const OwnEvents = z.record(z.string(), OwnEventSchema).meta({ title: 'a map of event names to rules' });

export const TableSchema = z
  .strictObject({
    file: Text.describe('A CSV or YAML file beside this one; rows are found by the cell of their first column.'),
  })
  .meta({ title: 'a map with file' });

const Texts = z.union([Text, z.array(Text)]);

export const CalendarSchema = z
  .strictObject({
    zone: Text.describe('The time zone whose clocks count, as in Europe/Berlin.'),
    open: z
      .record(z.string(), Texts.meta({ title: 'a range of hours, or a list of them' }))
      .meta({ title: 'a map of days to hours' })
      .describe('The open hours by days of the week: mon-fri: "08:00-18:00".'),
    closed: z
      .array(Text)
      .meta({ title: 'a list of dates' })
      .describe('Days that are closed, whatever their weekday, as in "2026-12-25".')
      .optional(),
  })
  .meta({ title: 'a map with zone, open and closed' });

/** One file of a catalog. */
export const FileSchema = z
  .strictObject({
    state: z
      .strictObject({ conversation: Fields.optional(), agent: Fields.optional() })
      .meta({ title: 'a map with conversation and agent' })
      .describe('What is remembered of each entity.')
      .optional(),
    events: z
      .strictObject({ conversation: OwnEvents.optional(), agent: OwnEvents.optional() })
      .meta({ title: 'a map with conversation and agent' })
      .describe('What happened with an event, or by a time.')
      .optional(),
    forget: z
      .strictObject({ conversation: Expression.optional(), agent: Expression.optional() })
      .meta({ title: 'a map with conversation and agent' })
      .describe('When the engine drops an entity: a time; 100 days after its last event when left out.')
      .optional(),
    metrics: z.array(MetricSchema).meta({ title: 'a list of metrics' }).describe('What is measured.').optional(),
    tables: z
      .record(z.string(), TableSchema)
      .meta({ title: 'a map of names to tables' })
      .describe('What no event carries, by a key: read with lookup().')
      .optional(),
    calendars: z
      .record(z.string(), CalendarSchema)
      .meta({ title: 'a map of names to calendars' })
      .describe('Opening hours: read with elapsed() and after().')
      .optional(),
  })
  .meta({ title: 'a map with state, events, forget, metrics, tables and calendars' });

export type FieldBody = z.infer<typeof FieldSchema>;
export type OwnEventBody = z.infer<typeof OwnEventSchema>;
export type MetricBody = z.infer<typeof MetricSchema>;
export type TableBody = z.infer<typeof TableSchema>;
export type CalendarBody = z.infer<typeof CalendarSchema>;
export type FileBody = z.infer<typeof FileSchema>;
