import type { CenterSettings } from './center/world.js';
import type { Disorder } from './delivery.js';

/** The options of `livemeter simulate`, as the command line gives them; durations in ms, instants in Unix ms. */
export interface SimulateOptions {
  readonly url: URL;
  readonly account: string;
  readonly key?: string;
  /** True when the option stands without a value. */
  readonly subscriptions?: string | true;
  readonly size?: keyof typeof SIZES;
  readonly scale: number;
  readonly agents: number;
  readonly rate?: number;
  readonly tempo: number;
  readonly sla: number;
  readonly seed: number;
  readonly duration?: number;
  readonly start?: number;
  readonly speed: number;
  readonly concurrency: number;
  /** True when the option stands without a value. */
  readonly shuffle?: number | true;
  readonly duplicates?: number;
  readonly retention: number;
  readonly overtakeAfter: number;
  readonly lateAnswers: number;
  readonly report?: boolean;
  readonly out?: string;
  readonly close?: boolean;
  readonly truth?: string;
}

/** Brands by the number of their agents and of their conversations in a month. */
export const SIZES = {
  medium: { agents: 200, monthly: 100_000 },
  large: { agents: 2_000, monthly: 1_000_000 },
  largest: { agents: 10_000, monthly: 10_000_000 },
} as const;

const MINUTES_OF_MONTH = 30 * 24 * 60;

const SKILLS_OF_BRAND = 4;

/** What `--shuffle` means without a value (ms): within the engine's default hold of 250. */
const SHUFFLE_MS = 200;

/** How long a file covers when nothing is said (ms). */
export const FILE_DURATION_MS = 600_000;

const HOUR_MS = 3_600_000;

/** The center that the options describe. */
export function centerOf(options: SimulateOptions, startMs: number): CenterSettings {
  const { seed, agents, tempo, sla, size, scale } = options;
  if (size !== undefined) {
    const brand = SIZES[size];
    const staff = Math.max(1, Math.round(brand.agents * scale));
    const ratePerMinute = (brand.monthly * scale) / MINUTES_OF_MONTH;
    return { seed, startMs, agents: staff, tempo, ratePerMinute, slaMs: sla, hasHours: true, skills: SKILLS_OF_BRAND };
  }
  // About four in five slots are taken then: a conversation takes a slot for some twelve minutes.
  const ratePerMinute = options.rate ?? (agents * tempo) / 5;
  return { seed, startMs, agents, tempo, ratePerMinute, slaMs: sla };
}

/** The disorder that the options describe. */
export function disorderOf({ seed, shuffle, duplicates }: SimulateOptions): Disorder {
  return { seed, shuffleMs: shuffle === true ? SHUFFLE_MS : (shuffle ?? 0), duplicates: duplicates ?? 0 };
}

/** When a file begins unless it is said: a full hour (UTC), so long ago that the run ends before the present hour, and the same all through it. */
export function fileStart(nowMs: number, durationMs: number): number {
  const presentHour = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  return Math.floor((presentHour - durationMs) / HOUR_MS) * HOUR_MS;
}

/** When a live run begins unless it is said: now; faster than time so long ago that it ends now. Null when that cannot be told. */
export function liveStart(nowMs: number, durationMs: number, speed: number): number | null {
  if (speed <= 1) return nowMs;
  return durationMs === Infinity ? null : Math.round(nowMs + durationMs / speed - durationMs);
}
