import type { EntityRef } from '@app/event';
import type { MetricPlan, Value } from '@app/language';
import type { Draft } from './draft.js';

/** One step of the engine at one entity: an event that was applied to it, or a timer that fired. Times in ms. */
export interface TracedStep {
  readonly entity: EntityRef;
  /** The event's type, or the timer's id. */
  readonly name: string;
  readonly time: number;
  readonly outcome: 'applied' | 'late' | 'duplicate' | 'fired';
  /** The own events that it brought, in order. */
  readonly ownEvents: readonly string[];
  readonly changes: readonly { readonly field: string; readonly before: Value; readonly after: Value }[];
  readonly values: readonly TracedValue[];
  /** The rules whose `when` was false: own events, fields and metrics, each once. */
  readonly falseConditions: readonly string[];
  /** The rules of which an expression had no result, each once. */
  readonly noResults: readonly string[];
}

/**
 * What a step did to a series: `observed` adds to a counter or histogram, `zero` makes it exist; of a gauge, `put` is what
 * the entity contributes from now on, and `taken` what it no longer does.
 */
export interface TracedValue {
  readonly kind: 'observed' | 'zero' | 'put' | 'taken';
  readonly metric: string;
  /** The account first. */
  readonly labels: readonly string[];
  /** In units; of an age, the time since which it is counted (s). */
  readonly value: number;
}

/** Is told each step when it is done. Work that is done again is told again; nothing may be changed here. */
export type Trace = (step: TracedStep) => void;

interface OpenStep extends Pick<TracedStep, 'name' | 'time' | 'outcome'> {
  readonly before: readonly Value[];
  readonly ownEvents: string[];
  readonly values: TracedValue[];
  readonly falseConditions: Set<string>;
  readonly noResults: Set<string>;
}

/** Gathers what belongs to one step. What happens between two steps is not told. */
export class Tracer {
  private step: OpenStep | null = null;

  constructor(private readonly trace: Trace) {}

  begin(draft: Draft, head: Pick<TracedStep, 'name' | 'time' | 'outcome'>): void {
    const gathered = { ownEvents: [], values: [], falseConditions: new Set<string>(), noResults: new Set<string>() };
    this.step = { ...head, before: [...draft.values], ...gathered };
  }

  end({ ref, plan, values: after }: Draft): void {
    if (this.step === null) return;
    const { before, falseConditions, noResults, ...rest } = this.step;
    const changes = plan.fields.flatMap((field, index) => {
      const change = { field: field.name, before: before[index] ?? null, after: after[index] ?? null };
      return change.before === change.after ? [] : [change];
    });
    this.step = null;
    this.trace({ entity: ref, ...rest, changes, falseConditions: [...falseConditions], noResults: [...noResults] });
  }

  ownEvent(name: string): void {
    this.step?.ownEvents.push(name);
  }

  value(kind: TracedValue['kind'], metric: MetricPlan, labels: readonly string[], amount: number): void {
    const value = metric.kept.kind === 'age' ? amount / 1000 : amount / 1e6;
    this.step?.values.push({ kind, metric: metric.name, labels, value });
  }

  falseCondition(rule: string): void {
    this.step?.falseConditions.add(rule);
  }

  noResult(rule: string): void {
    this.step?.noResults.add(rule);
  }
}
