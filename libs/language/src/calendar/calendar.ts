import { createZoneClock, DAY_MS, type ZoneClock } from './zone-clock.js';

/** A stretch of a day, in minutes from midnight as clocks show it; the end is not part of it. */
export interface DayRange {
  readonly from: number;
  readonly to: number;
}

/** When something is open, as a calendar defines it. */
export interface OpeningHours {
  readonly zone: string;
  /** Monday to Sunday; the ranges of a day in order, none overlapping another. */
  readonly week: readonly (readonly DayRange[])[];
  /** Days that are closed whatever their weekday, counted from 1970-01-01. */
  readonly closed: ReadonlySet<number>;
}

/** Reckons in open time. Instants and lengths are milliseconds; null is no result. Total and pure. */
export interface Calendar {
  /** The open time from a to b, negative when b comes first; null when they are more than ten years apart. */
  elapsed(a: number, b: number): number | null;
  /**
   * The first instant by which that much open time has passed since t; for a negative length the last one from which it
   * passes until t. Null when ten years do not hold that much.
   */
  after(t: number, length: number): number | null;
}

/** How far from an instant open time is counted: ten years and a few days. */
const MOST_DAYS = 3_660;

/** Days whose hours are kept. */
const MOST_KEPT = 10_000;

/** What time zones are known for: 1900 to 9999 (ms). */
const FIRST_MS = -2_208_900_000_000;
const LAST_MS = 253_400_000_000_000;

/** The first and last instant of a stretch of open time. */
type Stretch = readonly [start: number, end: number];

/** A calendar of those hours; its zone exists. */
export function createCalendar(hours: OpeningHours): Calendar {
  const clock = createZoneClock(hours.zone);
  const isNeverOpen = hours.week.every((ranges) => ranges.length === 0);
  const kept = new Map<number, readonly Stretch[]>();
  const stretchesOf = (day: number): readonly Stretch[] => {
    const found = kept.get(day);
    if (found !== undefined) return found;
    if (kept.size >= MOST_KEPT) kept.clear();
    const made = stretchesOn(day, hours, clock);
    kept.set(day, made);
    return made;
  };
  const between = (a: number, b: number): number | null => openBetween(a, b, clock, stretchesOf);
  return {
    elapsed: (a, b) => {
      if (!isKnown(a) || !isKnown(b)) return null;
      if (a <= b) return between(a, b);
      const open = between(b, a);
      return open === null ? null : 0 - open;
    },
    after: (t, length) => {
      if (length === 0) return t;
      if (isNeverOpen || !isKnown(t)) return null;
      const day = dayOf(t, clock);
      return length > 0 ? forward(t, length, day, stretchesOf) : backward(t, -length, day, stretchesOf);
    },
  };
}

function isKnown(ms: number): boolean {
  return ms >= FIRST_MS && ms <= LAST_MS;
}

/** The day that clocks show, or one beside it: changes of the clocks can make a difference at midnight. */
function dayOf(ms: number, { offsetOfDay }: ZoneClock): number {
  return Math.floor((ms + offsetOfDay(Math.floor(ms / DAY_MS))) / DAY_MS);
}

function stretchesOn(day: number, { week, closed }: OpeningHours, { instantOf }: ZoneClock): readonly Stretch[] {
  if (closed.has(day)) return [];
  // 1970-01-01 was a Thursday.
  const weekday = (((day + 3) % 7) + 7) % 7;
  const instant = (minute: number): number => instantOf(day * DAY_MS + minute * 60_000);
  return (week[weekday] ?? [])
    .map(({ from, to }): Stretch => [instant(from), instant(to)])
    .filter(([start, end]) => start < end);
}

type StretchesOf = (day: number) => readonly Stretch[];

function openBetween(a: number, b: number, clock: ZoneClock, stretchesOf: StretchesOf): number | null {
  const first = dayOf(a, clock);
  const last = dayOf(b, clock);
  // One more, so that what is found by `after` can be measured.
  if (last - first > MOST_DAYS + 1) return null;
  let open = 0;
  for (let day = first - 1; day <= last + 1; day += 1) {
    for (const [start, end] of stretchesOf(day)) open += Math.max(0, Math.min(end, b) - Math.max(start, a));
  }
  return open;
}

function forward(t: number, length: number, today: number, stretchesOf: StretchesOf): number | null {
  let left = length;
  for (let day = today - 1; day <= today + MOST_DAYS; day += 1) {
    for (const [start, end] of stretchesOf(day)) {
      const from = Math.max(start, t);
      if (from >= end) continue;
      if (left <= end - from) return from + left;
      left -= end - from;
    }
  }
  return null;
}

function backward(t: number, length: number, today: number, stretchesOf: StretchesOf): number | null {
  let left = length;
  for (let day = today + 1; day >= today - MOST_DAYS; day -= 1) {
    for (const [start, end] of [...stretchesOf(day)].reverse()) {
      const to = Math.min(end, t);
      if (to <= start) continue;
      if (left <= to - start) return to - left;
      left -= to - start;
    }
  }
  return null;
}
