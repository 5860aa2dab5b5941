import type { DayRange } from './calendar.js';
import { DAY_MS } from './zone-clock.js';

/** The days of the week as they are written. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** `mon`, `mon-fri` or `sat-mon` as indexes of {@link WEEKDAYS}; null when it is none of the kind. */
export function parseDays(text: string): readonly number[] | null {
  const [first, last, ...more] = text.split('-').map((day) => WEEKDAYS.findIndex((each) => each === day.trim()));
  if (first === undefined || first < 0 || more.length > 0) return null;
  if (last === undefined) return [first];
  if (last < 0) return null;
  const count = ((last - first + WEEKDAYS.length) % WEEKDAYS.length) + 1;
  return Array.from({ length: count }, (_, index) => (first + index) % WEEKDAYS.length);
}

/** `08:00-18:30` in minutes from midnight, in whatever order; null when it is none of the kind. */
export function parseRange(text: string): DayRange | null {
  const match = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/.exec(text.trim());
  if (match === null) return null;
  const [hourFrom = 0, minuteFrom = 0, hourTo = 0, minuteTo = 0] = match.slice(1).map(Number);
  const [from, to] = [hourFrom * 60 + minuteFrom, hourTo * 60 + minuteTo];
  const isTime = minuteFrom < 60 && minuteTo < 60 && from <= MINUTES_A_DAY && to <= MINUTES_A_DAY;
  return isTime ? { from, to } : null;
}

const MINUTES_A_DAY = 1440;

/** `2026-12-25` in days from 1970-01-01; null when there is no such day. */
export function parseDate(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const ms = Date.parse(`${text}T00:00:00Z`);
  // A month's 31st that does not exist would be taken for the next month's first.
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? null : ms / DAY_MS;
}
