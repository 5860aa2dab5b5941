import type { Fault } from './fault.js';

/** The first instant of 2015 (ms): before LivePerson's messaging existed. */
export const EARLIEST_MS = 1_420_070_400_000;

/** How far a sender's clock may run ahead of ours (ms). */
export const MAX_AHEAD_MS = 300_000;

/** Judges when an event says it happened (ms) against when it was received (ms); null when it may be. */
export function eventTimeFault(time: number, receivedAt: number): Fault | null {
  if (time < EARLIEST_MS) return { reason: 'time-too-old', detail: `eventTimestamp is before 2015${unitHint(time)}` };
  const ahead = time - receivedAt;
  if (ahead <= MAX_AHEAD_MS) return null;
  const hint = isPlausible(time / 1000, receivedAt) ? '; it looks like microseconds, milliseconds are wanted' : '';
  return { reason: 'time-ahead', detail: `eventTimestamp is ${Math.ceil(ahead / 1000)} s after the receipt${hint}` };
}

/** Judges a deadline (ms). It may lie far ahead, since a closed contact centre moves it, but not before 2015. */
export function deadlineFault(deadline: number): Fault | null {
  if (deadline >= EARLIEST_MS) return null;
  return { reason: 'bad-field', detail: `data.effectiveTtr is before 2015${unitHint(deadline)}` };
}

function unitHint(instant: number): string {
  return instant >= EARLIEST_MS / 1000 ? '; it looks like seconds, milliseconds are wanted' : '';
}

function isPlausible(time: number, receivedAt: number): boolean {
  return time >= EARLIEST_MS && time <= receivedAt + MAX_AHEAD_MS;
}
