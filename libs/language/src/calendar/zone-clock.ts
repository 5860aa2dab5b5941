/** The clocks of one time zone. Wall times are milliseconds as if the zone were UTC. */
export interface ZoneClock {
  /** How far clocks are ahead of UTC about that day of UTC, counted from 1970 (ms): at its first instant. */
  readonly offsetOfDay: (day: number) => number;
  /**
   * The first instant (ms) at which clocks show the wall time or a later one. A time that is skipped in spring begins when
   * it is skipped, one that comes twice in autumn when it first comes.
   */
  readonly instantOf: (wallMs: number) => number;
}

export const DAY_MS = 86_400_000;

/** Offsets that are kept. Beyond about fifty years of them, times are so far apart that keeping helps little. */
const MOST_OFFSETS = 20_000;

/** The clocks of a zone that exists. */
export function createZoneClock(timeZone: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const offsetAt = (ms: number): number => wallSeconds(format.format(ms)) * 1000 - Math.floor(ms / 1000) * 1000;
  const known = new Map<number, number>();
  const offsetOfDay = (day: number): number => {
    const found = known.get(day);
    if (found !== undefined) return found;
    if (known.size >= MOST_OFFSETS) known.clear();
    const offset = offsetAt(day * DAY_MS);
    known.set(day, offset);
    return offset;
  };
  return { offsetOfDay, instantOf: (wallMs) => instantOf(wallMs, offsetOfDay, offsetAt) };
}

/** `03/29/2026, 02:30:00` in seconds as if it were UTC. */
function wallSeconds(text: string): number {
  const [month = 1, day = 1, year = 1970, hour = 0, minute = 0, second = 0] = (text.match(/\d+/g) ?? []).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

type OffsetOf = (at: number) => number;

/**
 * No zone is more than a day from UTC, so the instant lies between the days around the wall time; between those, each
 * change of the offset is looked for.
 */
function instantOf(wallMs: number, offsetOfDay: OffsetOf, offsetAt: OffsetOf): number {
  const middle = Math.floor(wallMs / DAY_MS);
  let offset = offsetOfDay(middle - 1);
  for (let day = middle - 1; day <= middle + 1; day += 1) {
    const next = offsetOfDay(day + 1);
    if (next === offset) continue;
    const change = changeBetween(day * DAY_MS, (day + 1) * DAY_MS, offsetAt);
    if (wallMs - offset < change) break;
    if (change + next >= wallMs) return change;
    offset = next;
  }
  return wallMs - offset;
}

/** The first instant with another offset than at the first. */
function changeBetween(first: number, last: number, offsetAt: OffsetOf): number {
  const offset = offsetAt(first);
  let [before, after] = [first, last];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}
