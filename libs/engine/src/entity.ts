import type { Event, EventType } from '@app/event';
import type { Value } from '@app/language';
import type { OrderKey } from './order.js';

/**
 * All that is kept of one entity between batches, under one catalog's layout. Plain data; times in ms.
 * The engine copies before it changes: a record that a store holds is never mutated.
 */
export interface EntityRecord {
  /** The {@link EntityPlan.layoutId} by which the positions below are to be read. */
  readonly layoutId: string;
  /** Whether an event was ever applied (and it was not forgotten since); false while it only holds events. */
  readonly known: boolean;
  /** Values by field position; empty while not known. */
  readonly values: readonly Value[];
  /** Per field, the order key of the last event whose rule set it. */
  readonly setBy: readonly (OrderKey | null)[];
  /** The key of the last event applied in order. */
  readonly lastKey: OrderKey | null;
  /** receivedAt − time of that event, never below 0 (ms). */
  readonly lagMs: number;
  readonly timers: readonly TimerRecord[];
  /** Per `over:` rule, what the entity contributes now. */
  readonly contributions: readonly (Contribution | null)[];
  /** How many of its own timers have fired since that event; 0 when left out. */
  readonly fired?: number;
  /** Events received but not yet released, in order-key order. */
  readonly held: readonly Event[];
  /** The last events applied, oldest first (see `recent.ts`); no rule reads them. */
  readonly recent: readonly RecentEvent[];
}

/** What is remembered of an event for people who look at the entity; its time in ms. */
export interface RecentEvent {
  readonly type: EventType;
  readonly time: number;
}

export interface TimerRecord {
  /** The armed time (ms), or null. */
  readonly at: number | null;
  /** The time of the event that armed it (ms). */
  readonly armedAt: number;
  /** The armed time for which it last fired, or null. */
  readonly firedFor: number | null;
}

/** `value`: micro-units, of a counter per second; or, of an `age` gauge, the time in ms. */
export interface Contribution {
  readonly labels: readonly string[];
  readonly value: number;
  /** Only of a counter that accrues: from when (ms), and what of it is in the series already (micro-units). */
  readonly accrued?: Accrued;
}

export interface Accrued {
  readonly since: number;
  readonly micro: number;
}
