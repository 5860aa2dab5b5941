import { ENTITY_KINDS, type Event } from '@app/event';
import { decodeEvent, encodeEvent } from './codec-event.js';
import { ShapeReader } from './codec-reader.js';
import type { EventItem } from './item.js';

/** An item as it is kept where people may read it. */
export function formatEventItem(item: EventItem): string {
  return JSON.stringify(item);
}

/** The inverse of {@link formatEventItem}; null when the text is none of its. */
export function parseEventItem(text: string): EventItem | null {
  const value = parseObject(text);
  const fields = value?.['event'];
  if (value === null || value['kind'] !== 'event' || typeof fields !== 'object' || fields === null) return null;
  const read = new ShapeReader();
  const event = decodeEvent(encodeEvent(fields as Event), read);
  const entities = read
    .list(value['entities'])
    .map((kind) => ENTITY_KINDS.find((known) => known === kind) ?? read.fail(null))
    .filter((kind) => kind !== null);
  const again = value['again'] === undefined ? {} : { again: read.number(value['again']) };
  return read.broken || entities.length === 0 ? null : { kind: 'event', event, entities, ...again };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
