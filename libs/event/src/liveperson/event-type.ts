import { EVENT_TYPES, type EventType } from '../event.js';

const SUFFIX = 'event';

const BY_NAME: ReadonlyMap<string, EventType> = new Map(
  EVENT_TYPES.flatMap((type) => {
    const lower = type.toLowerCase();
    return [
      [type, type],
      [lower, type],
      [lower.slice(0, -SUFFIX.length), type],
    ];
  }),
);

/** The event type that the wire means, in any letter case and with or without `Event`; null when it is none of the ten. */
export function eventTypeOf(name: string): EventType | null {
  return BY_NAME.get(name) ?? BY_NAME.get(name.trim().toLowerCase()) ?? null;
}
