import { type EntityKind, entityKey, type EntityRef } from '@app/event';
import { type Evaluate, labelText, type MetricPlan, type Scope } from '@app/language';
import type { Barred } from './barred.js';
import type { Draft } from './draft.js';
import { minuteKey, minuteOf } from './minutes.js';
import { LabelBook, type LabelSet, seriesId } from './label-set.js';
import {
  add,
  deltaOf,
  type Keeping,
  observeIn,
  OVERFLOW,
  type Running,
  startRunning,
  touch,
} from './running-series.js';
import { valueLabels, valuesKey } from './spread.js';
import type { Contribution } from './entity.js';
import type { AgeWrite, SeriesDelta } from './store.js';
import type { TracedStep, Tracer } from './trace.js';

/** Micro-units beyond ±9·10¹² units have no result: a sum must stay within 64 bits. */
const LIMIT_MICRO = 9e18;

/** What happened to an event at one of its entities; a label of `livemeter_events_total`. */
export type Outcome = 'applied' | 'late' | 'duplicate';

/** Their names among the partition's counters. */
const OUTCOMES = {
  conversation: outcomesOf('conversation'),
  agent: outcomesOf('agent'),
} as const satisfies Record<EntityKind, Readonly<Record<Outcome, string>>>;

function outcomesOf(kind: EntityKind): Readonly<Record<Outcome, string>> {
  const name = (outcome: Outcome): string => `events_total|${kind}|${outcome}`;
  return { applied: name('applied'), late: name('late'), duplicate: name('duplicate') };
}

/**
 * Collects what a batch adds to series and to the partition's own counters. Adding is commutative, so that the order in
 * which entities are worked through does not matter.
 */
export class Ledger {
  readonly stats = new Map<string, number>();
  readonly accounts = new Set<string>();
  /** By key, then by labels. */
  private readonly running = new Map<string, Map<LabelSet, Running>>();
  /** Of each metric the key of the minute that was asked for last. */
  private readonly minuteKeys = new Map<string, { readonly minute: number; readonly key: string }>();
  private readonly ageWrites = new Map<string, AgeWrite>();

  /**
   * @param barred Series that take nothing, or nothing more.
   * @param tracer Is told what happens, step by step.
   * @param labels Where label sets come from: those of one ledger are all from one book.
   */
  constructor(
    private readonly barred: Barred | null = null,
    private readonly tracer: Tracer | null = null,
    private readonly labels = new LabelBook(),
  ) {}

  /** Whether somebody is told how numbers come about. */
  get isTraced(): boolean {
    return this.tracer !== null;
  }

  /** A step at an entity begins. */
  begin(draft: Draft, name: string, time: number, outcome: TracedStep['outcome']): void {
    this.tracer?.begin(draft, { name, time, outcome });
  }

  /** The step is done. */
  end(draft: Draft): void {
    this.tracer?.end(draft);
  }

  /** The step brings an own event. */
  ownEvent(name: string): void {
    this.tracer?.ownEvent(name);
  }

  /** The condition of a rule was looked at, and is false. */
  falseCondition(rule: string): void {
    this.tracer?.falseCondition(rule);
  }

  /**
   * The labels of the series that takes what is meant for these: themselves, or those of the overflow when they are beyond
   * the metric's limit. Undefined when it takes no more values.
   */
  admit(metric: MetricPlan, labels: LabelSet): LabelSet | undefined {
    if (this.barred === null || this.barred.isEmpty) return labels;
    const id = seriesId(metric.seriesKey, labels.text);
    if (this.barred.isOutOfRange(id)) return undefined;
    if (!this.barred.isOverLimit(id)) return labels;
    const overflow = this.labels.of(labels.values.map((label, index) => (index === 0 ? label : OVERFLOW)));
    return this.barred.isOutOfRange(seriesId(metric.seriesKey, overflow.text)) ? undefined : overflow;
  }

  /** All label values, the account first; undefined when one of them has no result. */
  labelsOf(accountId: string, labels: readonly Evaluate[], scope: Scope): LabelSet | undefined {
    let set = this.labels.account(labelText(accountId));
    for (const label of labels) {
      const value = label(scope);
      if (value === undefined) return undefined;
      set = set.with(value === null ? '' : labelText(String(value)));
    }
    return set;
  }

  /** The label set of what an entity contributes. */
  setOf({ labels }: Contribution): LabelSet {
    return this.labels.of(labels);
  }

  /** Adds an observation (micro-units) at an event's time (ms). The labels of all that is added are {@link admit}ted. */
  observe(metric: MetricPlan, labels: LabelSet, micro: number, time: number): void {
    this.countOverflow(metric, labels);
    const series = this.at(metric, labels, time);
    observeIn(series, micro);
    if (metric.minutes) observeIn(this.minuteOf(series, time), micro);
    this.tracer?.value('observed', metric, labels.values, micro);
  }

  /**
   * Adds what has accrued (micro-units) up to an instant (ms), to the series or to that of a minute. It counts nothing: how
   * often a counter is moved on says nothing.
   */
  accrue(metric: MetricPlan, labels: LabelSet, micro: number, at: { time: number; minute?: number }): void {
    const key = at.minute === undefined ? metric.seriesKey : this.minuteKey(metric.seriesKey, at.minute);
    add(this.at(metric, labels, at.time, key), micro);
    if (at.minute === undefined) this.tracer?.value('observed', metric, labels.values, micro);
  }

  /** Makes the series exist at 0. */
  zero(metric: MetricPlan, labels: LabelSet, time: number): void {
    this.countOverflow(metric, labels);
    this.at(metric, labels, time);
    this.tracer?.value('zero', metric, labels.values, 0);
  }

  /** Adds a contribution to a gauge, or takes it back: `sign` is 1 or -1. */
  contribute(metric: MetricPlan, contribution: Contribution, sign: 1 | -1, time: number): void {
    const labels = this.setOf(contribution);
    const { value } = contribution;
    if (sign === 1) this.countOverflow(metric, labels);
    this.move(metric, { labels, value }, sign, time);
    this.tracer?.value(sign === 1 ? 'put' : 'taken', metric, labels.values, value);
  }

  /** Takes back what an entity has put into a gauge of a catalog that is no longer in force. */
  takeBack(metric: Keeping, contribution: Contribution, ref: EntityRef): void {
    const labels = this.setOf(contribution);
    this.move(metric, { labels, value: contribution.value }, -1, 0);
    if (metric.kept.kind === 'age') this.age(metric, labels, ref, null);
  }

  /** Places an entity in an `age` gauge's ordered set, or takes it out (`since` null). */
  age({ seriesKey: metric }: Keeping, { text: labelsText }: LabelSet, ref: EntityRef, since: number | null): void {
    const member = entityKey(ref);
    this.ageWrites.set(`${seriesId(metric, labelsText)}${member}`, { metric, labelsText, member, since });
  }

  /** Remembers that the account exists: gauges without labels are 0 for it. */
  know(accountId: string): void {
    this.accounts.add(labelText(accountId));
  }

  /** Counts one event at one entity. */
  outcome(kind: EntityKind, outcome: Outcome): void {
    this.count(OUTCOMES[kind][outcome]);
  }

  noResult(rule: string): void {
    this.count(`expression_no_result_total|${rule}`);
    this.tracer?.noResult(rule);
  }

  count(stat: string): void {
    this.stats.set(stat, (this.stats.get(stat) ?? 0) + 1);
  }

  series(): SeriesDelta[] {
    const deltas: SeriesDelta[] = [];
    for (const ofMetric of this.running.values()) {
      for (const series of ofMetric.values()) {
        const delta = deltaOf(series);
        if (delta !== null) deltas.push(delta);
      }
    }
    return deltas;
  }

  ages(): AgeWrite[] {
    return [...this.ageWrites.values()];
  }

  private move(metric: Keeping, { labels, value }: Amount, sign: 1 | -1, time: number): void {
    const series = this.at(metric, labels, time);
    series.count += sign;
    add(series, sign * value);
    if (metric.kept.kind !== 'spread') return;
    this.at(metric, valueLabels(labels, value), time, valuesKey(metric.seriesKey)).count += sign;
  }

  /** Counts what the overflow takes instead of a label set beyond the limit. */
  private countOverflow(metric: MetricPlan, labels: LabelSet): void {
    if (labels.values[1] === OVERFLOW) this.count(`series_overflow_total|${metric.name}`);
  }

  private at(metric: Keeping, labels: LabelSet, time: number, key = metric.seriesKey): Running {
    let ofMetric = this.running.get(key);
    if (ofMetric === undefined) this.running.set(key, (ofMetric = new Map<LabelSet, Running>()));
    const found = ofMetric.get(labels);
    if (found !== undefined) return touch(found, time);
    const made = startRunning({ metric, key, labels }, time);
    ofMetric.set(labels, made);
    return made;
  }

  private minuteKey(seriesKey: string, minute: number): string {
    const last = this.minuteKeys.get(seriesKey);
    if (last?.minute === minute) return last.key;
    const key = minuteKey(seriesKey, minute);
    this.minuteKeys.set(seriesKey, { minute, key });
    return key;
  }

  /** The series of the same labels in the minute of `time` (ms); the one asked for last is at hand. */
  private minuteOf(series: Running, time: number): Running {
    const minute = minuteOf(time);
    if (series.minute?.minute === minute) return touch(series.minute.series, time);
    const { metric, labels } = series;
    const found = this.at(metric, labels, time, this.minuteKey(metric.seriesKey, minute));
    series.minute = { minute, series: found };
    return found;
  }
}

/** What is put into a gauge: micro-units, or of an age the time (ms). */
interface Amount {
  readonly labels: LabelSet;
  readonly value: number;
}

/** A value in units as integer micro-units; undefined when it is not a number or beyond 9·10¹². */
export function toMicro(value: unknown): number | undefined {
  if (typeof value !== 'number') return undefined;
  const micro = Math.round(value * 1e6);
  return Math.abs(micro) <= LIMIT_MICRO ? micro + 0 : undefined;
}
