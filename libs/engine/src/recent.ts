import { EVENT_TYPES, type EventType } from '@app/event';
import type { RecentEvent } from './entity.js';

/** How many of an entity's last events are remembered. */
export const RECENT_EVENTS = 5;

/**
 * The last events when one more was applied: those with the greatest times, by the order of types within a tie. Which
 * they are does not depend on the order of arrival.
 */
export function withRecent(recent: readonly RecentEvent[], type: EventType, time: number): readonly RecentEvent[] {
  const before = recent.findLastIndex((one) => one.time < time || (one.time === time && rank(one.type) <= rank(type)));
  if (before < 0 && recent.length >= RECENT_EVENTS) return recent;
  const next = [...recent.slice(0, before + 1), { type, time }, ...recent.slice(before + 1)];
  return next.length > RECENT_EVENTS ? next.slice(1) : next;
}

function rank(type: EventType): number {
  return EVENT_TYPES.indexOf(type);
}
