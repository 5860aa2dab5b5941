import type { KeptSeries, SeriesDelta } from '@app/engine';

/**
 * A series in Redis is one field of its metric's hash, hence always of one instant: `high low count created touched
 * bucket…`, in decimal. Its sum is high · 10⁹ + low with 0 ≤ low < 10⁹: Lua counts in doubles, and both halves are exact
 * there where a 64-bit sum is not.
 */
export const LIMB = 1_000_000_000n;

/** The numbers of a series, in that order. */
export type SeriesNumbers = number[];

/** What is added, as the commit script reads it. */
export function packDelta({ sum, count, created, touched, buckets }: SeriesDelta): string {
  let high = sum / LIMB;
  if (sum < 0n && high * LIMB !== sum) high -= 1n;
  const head = `${high} ${sum - high * LIMB} ${count} ${created} ${touched}`;
  return buckets.length === 0 ? head : `${head} ${buckets.join(' ')}`;
}

/** The numbers that a field holds: all are integers. A scrape reads a hundred thousand fields, hence by character. */
export function unpackSeries(text: string): SeriesNumbers {
  const numbers: SeriesNumbers = [];
  let value = 0;
  let sign = 1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === SPACE) {
      numbers.push(value * sign + 0);
      value = 0;
      sign = 1;
    } else if (code === MINUS) sign = -1;
    else value = value * 10 + (code - ZERO);
  }
  numbers.push(value * sign + 0);
  return numbers;
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
const SPACE = 0x20;
const MINUS = 0x2d;
const ZERO = 0x30;
