import type { EntityKind, Event } from '@app/event';
import type { Value } from '../catalog.js';
import type { Position } from '../diagnostic.js';

/** One test, checked against a catalog: events, and what metrics and states are to be then. */
export interface TestCase {
  readonly name: string;
  /** Where its name stands. */
  readonly position: Position;
  /** In the order in which they were written. */
  readonly events: readonly Event[];
  readonly expectations: readonly Expectation[];
}

/** What is wanted at an instant (ms). */
export type Expectation = {
  readonly position: Position;
  readonly at: number;
} & (
  | { readonly kind: 'samples'; readonly metric: string; readonly samples: readonly WantedSample[] }
  | {
      readonly kind: 'state';
      readonly entity: EntityKind;
      readonly id: string;
      /** Some fields; times in ms. */
      readonly fields: ReadonlyMap<string, Value>;
    }
);

/** A wanted sample of a metric; what is null is not told. */
export interface WantedSample {
  /** In the order of the metric's label names, without the account. */
  readonly labels: readonly string[];
  readonly value: number | null;
  readonly count: number | null;
  readonly sum: number | null;
  /** By position of the bound: how many observations are at or below it. The last is +Inf. */
  readonly buckets: ReadonlyMap<number, number>;
}

/** The account of all events of a test. */
export const TEST_ACCOUNT = 'test';
