/** One metric with all its samples, ready to be rendered in any format. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** In the order of each sample's `labels`; of a catalog metric the first is `account_id`. */
  readonly labelNames: readonly string[];
  /** Upper bounds without +Inf, ascending; empty unless a histogram. */
  readonly bounds: readonly number[];
  /** Sorted by label values. */
  readonly samples: readonly FamilySample[];
}

/** The numbers of one label set. */
export interface FamilySample {
  readonly labels: readonly string[];
  /** A bigint is exact and in micro-units, a number is a double in plain units. Of a histogram: the sum. */
  readonly value: bigint | number;
  /** Observations, increments or contributions behind the value. */
  readonly count: number;
  /** Per bucket, not cumulative, the last being +Inf; empty unless a histogram. */
  readonly buckets: readonly number[];
  /** Since when the series counts (ms), or null when that is not known or means nothing. */
  readonly createdMs: number | null;
}

/** The content of the value as a double in plain units. */
export function valueAsDouble(value: bigint | number): number {
  return typeof value === 'bigint' ? Number(value) / 1e6 : value;
}

/** Buckets as Prometheus shows them: each holds what the lesser ones hold too. */
export function cumulative(buckets: readonly number[]): number[] {
  let total = 0;
  return buckets.map((count) => (total += count));
}

/** Orders label sets value by value, by code units, so that every machine agrees. */
export function compareLabels(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) {
    const left = a[i] ?? '';
    const right = b[i] ?? '';
    if (left !== right) return left < right ? -1 : 1;
  }
  return a.length - b.length;
}
