import type { Random } from '../random.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How much of a day's conversations begin in each hour of it (UTC), in percent: quiet nights, and a peak hour of 10 %. */
export const WORKING_DAY = [
  1, 0.5, 0.5, 0.5, 0.5, 1, 2, 4, 7, 9, 10, 9, 8, 7.5, 7.5, 7, 6.5, 5.5, 4.5, 3.5, 2, 1.5, 1, 0.5,
] as const;

const BUSIEST = Math.max(...WORKING_DAY);

/** How the busiest hour's rate compares with the mean of the day. */
export const PEAK = (BUSIEST / 100) * 24;

/** How busy this instant is, from 0 to 1 in the busiest hour. */
export function busynessAt(ms: number): number {
  return (WORKING_DAY[Math.floor((ms % DAY_MS) / HOUR_MS)] ?? 0) / BUSIEST;
}

/** When somebody works, every day at the same time. */
export interface Shift {
  /** From midnight UTC (ms). */
  readonly fromMs: number;
  readonly lengthMs: number;
}

const SHIFT_MS = 8 * HOUR_MS;

/** A shift in the middle of which somebody is likely to be needed. */
export function drawShift(random: Random): Shift {
  let left = random.next() * 100;
  const hour = WORKING_DAY.findIndex((percent) => (left -= percent) < 0);
  const fromMs = (Math.max(0, hour) + random.next()) * HOUR_MS - SHIFT_MS / 2;
  return { fromMs: Math.round(fromMs + DAY_MS) % DAY_MS, lengthMs: SHIFT_MS };
}

/** How long the shift goes on from this instant; 0 when it is over or not begun. */
export function leftOfShift({ fromMs, lengthMs }: Shift, ms: number): number {
  return Math.max(0, lengthMs - sinceStart(fromMs, ms));
}

/** How long it is to the next beginning of the shift. */
export function untilShift({ fromMs }: Shift, ms: number): number {
  return DAY_MS - sinceStart(fromMs, ms);
}

function sinceStart(fromMs: number, ms: number): number {
  return (ms - fromMs + DAY_MS) % DAY_MS;
}
