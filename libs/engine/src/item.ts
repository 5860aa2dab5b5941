import type { EntityKind, Event } from '@app/event';

/** What stands in a partition's queue, in queue order. */
export type Item = EventItem | TickItem | OutageItem;

/** An event, for those of its entities that live in this partition. */
export interface EventItem {
  readonly kind: 'event';
  readonly event: Event;
  readonly entities: readonly EntityKind[];
  /**
   * The receivedAt (ms) with which the event was remembered before, where it was then set aside instead of being applied.
   * It counts as another event than that one, and as the same as any further copy that says the same here.
   */
  readonly again?: number;
}

/**
 * Time alone: what is due before `at` is done, as it would be before an event received then. Timers due after
 * `timersUntil` wait: no ingestion replica was known to be ready then, and our own outage is not the agent's.
 */
export interface TickItem {
  readonly kind: 'tick';
  readonly at: number;
  readonly timersUntil: number;
}

/** No ingestion replica was ready from `from` until `to` (ms, Redis's time). */
export interface OutageItem {
  readonly kind: 'outage';
  readonly from: number;
  readonly to: number;
}

/** An interval in which the clock fires no timer; what is due within it is due at its end. */
export interface Quiet {
  readonly from: number;
  readonly until: number;
}
