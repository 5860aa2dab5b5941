import type { RecentEvent, TracedStep } from '@app/engine';
import type { EntityRef } from '@app/event';
import type { Value, ValueType } from '@app/language';

/** What led to the numbers of a metric, at one entity. */
export interface Explanation {
  readonly entity: EntityRef;
  /** From where it is told: a file, or a running system. */
  readonly source: string;
  /** The whole story, or null where only the present is kept. */
  readonly steps: readonly TracedStep[] | null;
  /** Where only the present is kept: the last few events, in order; else empty. */
  readonly recent: readonly RecentEvent[];
  /** The state at the end; empty when nothing is known. */
  readonly state: readonly FieldValue[];
  /** Timers that are armed; null where that is not told. */
  readonly timers: readonly ArmedTimer[] | null;
  readonly parts: readonly Part[];
}

export interface FieldValue {
  readonly name: string;
  readonly type: ValueType;
  /** Times in ms. */
  readonly value: Value;
}

export interface ArmedTimer {
  readonly name: string;
  /** ms */
  readonly at: number;
}

/** What the entity has part in one series: of a counter or histogram what it added, of a gauge what it holds now. */
export interface Part {
  readonly kind: 'added' | 'holds' | 'holds-age' | 'accrues';
  readonly metric: string;
  /** Without the account. */
  readonly labels: readonly string[];
  /** How often something was added; 1 of a gauge. */
  readonly count: number;
  /** The sum of it, in units; of an age, the time since which it counts (ms); of what accrues, per second. */
  readonly sum: number;
}
