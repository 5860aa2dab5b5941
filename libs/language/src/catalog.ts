import type { EntityKind, Event } from '@app/event';
import type { Table } from './table/table.js';

/** What a field or an expression holds. A time is Unix milliseconds inside the engine, seconds to the user. */
export type ValueType = 'time' | 'number' | 'string' | 'bool';

/** A value of the language; null is "no value" and ordinary. */
export type Value = number | string | boolean | null;

/**
 * What an expression may read. `state` is positional (see {@link EntityPlan.fields}); `event` is the incoming event, or,
 * for a timer, an event of which only `type`, `time`, `accountId` and the entity's own id are set.
 */
export interface Scope {
  readonly state: readonly Value[];
  readonly event: ScopeEvent;
  /** The instant for which the expression is evaluated (ms); only `age()` reads it. */
  readonly now: number;
}

/** An {@link Event} or a timer's stand-in, whose `type` is the timer's name and most fields are null. */
export type ScopeEvent = { readonly [K in keyof Omit<Event, 'type'>]: Event[K] | null } & { readonly type: string };

/**
 * A compiled expression: total, pure, never throws. `undefined` means "no result" (division by zero, a non-finite number,
 * a wrong type at run time): the rule does nothing and is counted. Times are milliseconds, durations seconds.
 */
export type Evaluate = (scope: Scope) => Value | undefined;

/**
 * On which fields the result of a rule depends, so that it is asked again only when one of them has changed: a bit for each
 * field, see {@link fieldBit}. All bits: it depends on the instant, too.
 */
export type Reads = number;

/** A field's bit. Fields that share one are taken for each other, which costs an evaluation and changes nothing. */
export function fieldBit(position: number): number {
  return 1 << (position & 31);
}

/** Depends on the instant: asked each time. */
export const READS_ALWAYS: Reads = -1;

/** One state field. The first three of every entity are built in: `id`, `accountId`, `lastEventAt`. */
export interface FieldPlan {
  readonly name: string;
  readonly type: ValueType;
  /** The value before any rule set it. */
  readonly initial: Value;
}

/** Positions of the built-in fields in `Scope.state`; user fields follow. */
export const BUILT_IN_FIELDS = { id: 0, accountId: 1, lastEventAt: 2 } as const;

/** A name that stands in `on:`: an incoming event type, an own event or a timer of this entity; index into {@link EntityPlan.names}. */
export type NameIndex = number;

/** An own event that happens with another event: matched in written order, may build on earlier ones. */
export interface OwnEventPlan {
  readonly name: NameIndex;
  readonly on: readonly NameIndex[];
  readonly when: Evaluate | null;
  /** For counting "no result": `conversation.Answered`. */
  readonly rule: string;
}

/** One `set:` entry of a field. Per field, the first rule whose `on` and `when` match takes effect. */
export interface SetRule {
  readonly on: readonly NameIndex[];
  readonly when: Evaluate | null;
  readonly action:
    { readonly kind: 'to'; readonly value: Evaluate } | { readonly kind: 'add'; readonly value: Evaluate };
  readonly rule: string;
}

/** All `set:` rules of one field that an incoming name can reach. */
export interface FieldRules {
  readonly field: number;
  readonly rules: readonly SetRule[];
}

/** An `on:` metric's rule. */
export interface ObservePlan {
  readonly metric: MetricPlan;
  readonly on: readonly NameIndex[];
  readonly when: Evaluate | null;
  readonly value: Evaluate | null;
  readonly labels: readonly Evaluate[];
  readonly rule: string;
}

/** A `zero_on:` rule: makes the series exist at 0. */
export interface ZeroPlan {
  readonly metric: MetricPlan;
  readonly on: readonly NameIndex[];
  readonly labels: readonly Evaluate[];
  readonly rule: string;
}

/** What one incoming name (an event type or a timer) can cause; precomputed so that an event touches only its own rules. */
export interface Reaction {
  readonly ownEvents: readonly OwnEventPlan[];
  readonly observes: readonly ObservePlan[];
  readonly zeros: readonly ZeroPlan[];
  readonly sets: readonly FieldRules[];
}

/** A `since:` field, in dependency order. */
export interface SincePlan {
  readonly field: number;
  readonly condition: Evaluate;
  readonly rule: string;
}

/**
 * A timer. `own`: an own event `at` a time. `flip`: the next instant at which an `age()` comparison in an `over:` rule changes.
 * `accrue`: moves accruing counters on after a minute without event or timer; armed by the engine. `forget`: drops the
 * entity. They stand in the order in which they fire within a tie: own by name, flips, accrue, forget.
 */
export interface TimerPlan {
  readonly kind: 'own' | 'flip' | 'accrue' | 'forget';
  /** Unique within the entity and stable across catalogs: the own event's name, `~flip:<metric>`, `~accrue`, `~forget`. */
  readonly id: string;
  /** The name in `on:`; only of `own`. */
  readonly name: NameIndex | null;
  /** The armed time (ms) or null. Of a flip: the earliest flip strictly after `scope.now`. */
  readonly at: Evaluate;
  readonly reads: Reads;
  readonly rule: string;
}

/** The rule of a metric over state: a gauge, or a counter that accrues. */
export interface OverPlan {
  readonly metric: MetricPlan;
  readonly when: Evaluate | null;
  /**
   * `number`: the contribution. `age`: the time (ms) whose age is aggregated at read. `rate`: what a counter accrues per
   * second while `when` holds.
   */
  readonly value:
    | { readonly kind: 'number'; readonly evaluate: Evaluate }
    | { readonly kind: 'age'; readonly since: Evaluate }
    | { readonly kind: 'rate'; readonly evaluate: Evaluate };
  readonly labels: readonly Evaluate[];
  readonly reads: Reads;
  readonly rule: string;
}

/** Everything the engine does for one kind of entity. */
export interface EntityPlan {
  readonly kind: EntityKind;
  readonly fields: readonly FieldPlan[];
  readonly names: readonly string[];
  /** By event type or timer id; a type that nothing reacts to is absent. */
  readonly reactions: ReadonlyMap<string, Reaction>;
  readonly sinces: readonly SincePlan[];
  readonly timers: readonly TimerPlan[];
  readonly overs: readonly OverPlan[];
  /** Identifies the positional layout of state, timers and overs: entities are stored under it. */
  readonly layoutId: string;
}

/** How the contributions of the entities that share labels become one number, from kept sums alone. */
export type SumAggregate = 'sum' | 'count' | 'avg';

/** Those that need every value; `quantile` as in PromQL: between two values it goes evenly. */
export type SpreadAggregate = 'min' | 'max' | 'stddev' | 'quantile';

/** How ages become one number. */
export type AgeAggregate = SumAggregate | 'min' | 'max';

/** One metric as it is kept and exported. */
export interface MetricPlan {
  readonly name: string;
  readonly help: string;
  /** The vendor definition it follows, or null. */
  readonly source: string | null;
  readonly type: 'counter' | 'histogram' | 'gauge';
  /** Label names after `account_id`, in written order. */
  readonly labelNames: readonly string[];
  /** `name@revision`: the revision is a hash of the metric's rules and of all state and own events they read. */
  readonly seriesKey: string;
  readonly kept:
    | { readonly kind: 'counter' }
    | { readonly kind: 'accruing' }
    | { readonly kind: 'histogram'; readonly bucketsMicro: readonly number[]; readonly buckets: readonly number[] }
    | { readonly kind: 'gauge'; readonly aggregate: SumAggregate }
    /** `quantile`: from 0 to 1; of the other aggregates 0. How many entities contribute each value is kept beside the sum. */
    | { readonly kind: 'spread'; readonly aggregate: SpreadAggregate; readonly quantile: number }
    | { readonly kind: 'age'; readonly aggregate: AgeAggregate }
    | { readonly kind: 'formula'; readonly formula: FormulaPlan };
  /** How many label sets it may have per account and partition; what exceeds them is added up in one overflow series. */
  readonly limit: number;
  /** Whether what is added to it is kept per minute, too, for a day: a formula with windows reads it. */
  readonly minutes: boolean;
  /** False for names that begin with `_`. */
  readonly exported: boolean;
}

/** The kept numbers of one metric for one label set, as a formula sees them. Gauges: `sum` is the value. */
export interface Sample {
  /** Label values in the order of `labelNames`, after the account. */
  readonly labels: readonly string[];
  readonly sum: number;
  readonly count: number;
  /** Cumulative counts per bucket bound, without +Inf; empty unless a histogram. */
  readonly buckets: readonly number[];
}

/** A sliding window: its label as written, and its length. */
export interface WindowPlan {
  readonly label: string;
  readonly seconds: number;
}

/** Evaluated when it is read, for one account: one result per label set. */
export interface FormulaPlan {
  /** The kept metrics that it reads, through other formulas too. */
  readonly reads: readonly string[];
  /** The formulas that it reads, directly or not: they are evaluated along. */
  readonly readsFormulas: readonly string[];
  /** Sliding windows in written order; none: since the start. With windows, the last label is `window`. */
  readonly windows: readonly WindowPlan[];
  /**
   * `seconds`: the length of the window that the samples are of; null since the start. `evaluated`: formulas that were
   * evaluated along for the same samples and window.
   */
  readonly evaluate: (
    samplesOf: (metric: string) => readonly Sample[],
    seconds: number | null,
    evaluated?: Map<string, readonly Sample[]>,
  ) => readonly { labels: readonly string[]; value: number }[];
}

/** A whole, checked set of definitions. Immutable. */
export interface Catalog {
  /** Hash of all definitions: two replicas with the same files have the same fingerprint. */
  readonly fingerprint: string;
  readonly entities: Readonly<Record<EntityKind, EntityPlan>>;
  /** Sorted by name. */
  readonly metrics: readonly MetricPlan[];
  /** What no event carries, by name: what `lookup()` finds. */
  readonly tables: ReadonlyMap<string, Table>;
}
