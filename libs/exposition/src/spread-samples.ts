import { type KeptSeries, splitValue } from '@app/engine';
import type { SpreadAggregate } from '@app/language';
import type { FamilySample } from './family.js';
import type { Pace } from './pace.js';
import { sortInSlices } from './slice-sort.js';

/** How the values of one label set become one number; see the catalog. */
interface Spread {
  readonly aggregate: SpreadAggregate;
  readonly quantile: number;
}

/** A value (micro-units), and how many entities contribute it. */
interface Valued {
  readonly micro: number;
  readonly count: number;
}

/** The samples of a gauge whose values are kept one by one, from the series of its values, sorted by labels. */
export async function spreadSamples(
  kept: readonly KeptSeries[],
  spread: Spread,
  pace: Pace,
): Promise<readonly FamilySample[]> {
  const groups = new Map<string, { labels: readonly string[]; values: Valued[] }>();
  for (const series of kept) {
    const { labels, micro } = splitValue(series.labels);
    const key = JSON.stringify(labels);
    const group = groups.get(key) ?? { labels, values: [] };
    if (series.count > 0) group.values.push({ micro, count: series.count });
    groups.set(key, group);
    if (pace.due()) await pace.rest();
  }
  const samples: FamilySample[] = [];
  for (const { labels, values } of groups.values()) {
    if (values.length === 0) continue;
    const sorted = await sortInSlices(values, (a, b) => a.micro - b.micro, pace);
    const count = sorted.reduce((total, one) => total + one.count, 0);
    samples.push({ labels, value: valueOf(sorted, count, spread), count, buckets: [], createdMs: null });
  }
  return samples;
}

function valueOf(sorted: readonly Valued[], count: number, { aggregate, quantile }: Spread): bigint | number {
  switch (aggregate) {
    case 'min':
      return quantileOf(sorted, count, 0);
    case 'max':
      return quantileOf(sorted, count, 1);
    case 'quantile':
      return quantileOf(sorted, count, quantile);
    case 'stddev':
      return deviationOf(sorted, count);
  }
}

/** As in PromQL: q of the way from the first to the last value, evenly between two of them. */
function quantileOf(sorted: readonly Valued[], count: number, quantile: number): bigint | number {
  const rank = quantile * (count - 1);
  const below = Math.floor(rank);
  const weight = rank - below;
  const lower = atRank(sorted, below);
  const upper = atRank(sorted, Math.min(below + 1, count - 1));
  // What needs no arithmetic stays exact.
  if (weight === 0 || lower === upper) return BigInt(lower);
  return (lower * (1 - weight) + upper * weight) / 1e6;
}

function atRank(sorted: readonly Valued[], rank: number): number {
  let passed = 0;
  for (const { micro, count } of sorted) {
    passed += count;
    if (rank < passed) return micro;
  }
  return sorted.at(-1)?.micro ?? 0;
}

/** The standard deviation of all values (not of a sample of them), from whole numbers: nothing cancels out. */
function deviationOf(sorted: readonly Valued[], count: number): number {
  let sum = 0n;
  let squares = 0n;
  for (const { micro, count: times } of sorted) {
    const value = BigInt(micro);
    sum += value * BigInt(times);
    squares += value * value * BigInt(times);
  }
  const spread = BigInt(count) * squares - sum * sum;
  return Math.sqrt(Number(spread)) / count / 1e6;
}
