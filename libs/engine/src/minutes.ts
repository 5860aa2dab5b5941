/**
 * What is added to a metric that is read in windows is kept per minute of event time, too: as series of a key of their
 * own, `name@revision#minute`, for a day and a bit of the partition's clock. Both stores obey the same rules.
 */

/** A minute (ms). */
export const MINUTE_MS = 60_000;

/** A window reaches back a day and into the running minute; one more for what is read while the clock goes on. */
export const MINUTES_KEPT = 24 * 60 + 1;

/** The minute (of Unix time) in which a time (ms) lies. */
export function minuteOf(time: number): number {
  return Math.floor(time / MINUTE_MS);
}

/** The key under which a metric's series of one minute are kept. */
export function minuteKey(seriesKey: string, minute: number): string {
  return `${seriesKey}#${minute}`;
}

/** The metric's own key in the key of a series. */
export function metricKeyOf(key: string): string {
  const at = key.indexOf('#');
  return at < 0 ? key : key.slice(0, at);
}

/** The minute in the key of a series; null when it is no minute's. */
export function minuteIn(key: string): number | null {
  const [, minute] = /#(\d+)$/.exec(key) ?? [];
  return minute === undefined ? null : Number(minute);
}

/** The first minute that is still kept when the partition's clock stands at `clock` (ms). */
export function oldestMinute(clock: number): number {
  return minuteOf(clock) - MINUTES_KEPT;
}
