/**
 * How long things are kept, in the partition's clock, and how large a sum may grow. Both stores obey the same rules:
 * they decide numbers, so they belong to the engine.
 */

const HOUR_MS = 3_600_000;

/** Identities are remembered in buckets of this length of the partition's clock (ms), and forgotten by the bucket. */
export const MARK_BUCKET_MS = 12 * HOUR_MS;

/** A bucket is kept until the clock is this many buckets further: every identity lives 72 h, none 84 h. */
const BUCKETS_KEPT = 6;

/** The bucket of an identity that was received at `clock` (ms). */
export function markBucketOf(clock: number): number {
  return Math.floor(clock / MARK_BUCKET_MS);
}

/** The first bucket that is still remembered when the clock stands at `clock` (ms). */
export function oldestMarkBucket(clock: number): number {
  return markBucketOf(clock) - BUCKETS_KEPT;
}

/** The instant (ms, exclusive) until which the identities of a bucket are remembered. */
export function markBucketEnd(bucket: number): number {
  return (bucket + BUCKETS_KEPT + 1) * MARK_BUCKET_MS;
}

/** A counter or histogram series lives this long after the event that last touched it (ms): a sparse counter must not vanish. */
export const SERIES_LIFE_MS = 400 * 24 * HOUR_MS;

/** No sum leaves ± this many micro-units: 64 bits, with a margin for one more. */
export const SUM_LIMIT = 9_000_000_000_000_000_000n;

/** No count leaves ± this: whole numbers are exact in a double up to there. */
export const COUNT_LIMIT = 9_000_000_000_000_000;
