import type { KeptSeries, SeriesDelta } from '@app/engine';

/**
 * A series in Redis is one field of its metric's hash, hence always of one instant: `high low count created touched
 * bucket…`, in decimal. Its sum is high · 10⁹ + low with 0 ≤ low < 10⁹: Lua counts in doubles, and both halves are exact
 * there where a 64-bit sum is not.
 */
const LIMB = 1_000_000_000n;

/** The numbers of a series, in that order. */
export type SeriesNumbers = number[];

/** What is added, as the commit script reads it. */
export function packDelta({ sum, count, created, touched, buckets }: SeriesDelta): string {
  let high = sum / LIMB;
  if (sum < 0n && high * LIMB !== sum) high -= 1n;
  const head = `${high} ${sum - high * LIMB} ${count} ${created} ${touched}`;
  return buckets.length === 0 ? head : `${head} ${buckets.join(' ')}`;
}

/** The numbers that a field holds. */
export function unpackSeries(text: string): SeriesNumbers {
  return text.split(' ').map(Number);
}

/** Adds the numbers of another partition's series of the same labels; the halves of the sum may then overlap. */
export function mergeSeries(into: SeriesNumbers, other: SeriesNumbers): void {
  for (let index = 0; index < other.length; index += 1) {
    const [a, b] = [into[index] ?? 0, other[index] ?? 0];
    into[index] = index === CREATED ? Math.min(a, b) : index === TOUCHED ? Math.max(a, b) : a + b;
  }
}

/** When the numbers' series was touched last (ms). */
export function touchedOf(numbers: SeriesNumbers): number {
  return numbers[TOUCHED] ?? 0;
}

/** The series that numbers under a labels text stand for. */
export function keptSeries(metric: string, labels: string, numbers: SeriesNumbers): KeptSeries {
  const [high = 0, low = 0, count = 0, created = 0, touched = 0] = numbers;
  const approximate = high * 1e9 + low;
  return {
    metric,
    labels: JSON.parse(labels) as string[],
    sum: Number.isSafeInteger(approximate) ? BigInt(approximate) : BigInt(high) * LIMB + BigInt(low),
    count,
    buckets: numbers.slice(TOUCHED + 1),
    created,
    touched,
  };
}

const CREATED = 3;
const TOUCHED = 4;
