import type { MetricPlan } from '@app/language';
import type { LabelSet } from './label-set.js';
import type { SeriesDelta } from './store.js';

/** Numbers below this add exactly; what is beyond is carried over into a bigint. */
const CARRY = 2 ** 52;

/** The value of every label but the account, of the series that takes what exceeds a metric's limit. */
export const OVERFLOW = '__overflow__';

/** The kinds of series that a store tells apart, by how a metric is kept. */
const STORED_AS = {
  counter: 'counter',
  accruing: 'counter',
  histogram: 'histogram',
  gauge: 'gauge',
  spread: 'gauge',
  age: 'age',
} as const satisfies Record<string, SeriesDelta['kind']>;

/** What of a metric says how its series are kept. Of one of another catalog, which is only taken from, the limit is not known. */
export type Keeping = Pick<MetricPlan, 'seriesKey' | 'kept'> & { readonly limit?: number };

/** What a batch has added to one series so far. */
export interface Running {
  readonly metric: Keeping;
  /** The key of its series: the metric's own, or that of a minute. */
  readonly key: string;
  readonly labels: LabelSet;
  carried: bigint;
  sum: number;
  count: number;
  readonly buckets: number[];
  created: number;
  touched: number;
  /** The minute in which it was observed last, and its series of that minute. */
  minute: { readonly minute: number; readonly series: Running } | null;
}

/** A series to which nothing was added yet, touched at `time` (ms). */
export function startRunning(
  { metric, key, labels }: Pick<Running, 'metric' | 'key' | 'labels'>,
  time: number,
): Running {
  const { kept } = metric;
  const buckets = kept.kind === 'histogram' ? new Array<number>(kept.buckets.length + 1).fill(0) : [];
  // Field by field: it is made for every event, and a spread is several times slower.
  return { metric, key, labels, carried: 0n, sum: 0, count: 0, buckets, created: time, touched: time, minute: null };
}

/** What is added to the series; null when that is nothing. */
export function deltaOf({
  metric,
  key,
  labels,
  carried,
  sum,
  count,
  buckets,
  created,
  touched,
}: Running): SeriesDelta | null {
  if (metric.kept.kind === 'formula') return null;
  const kind = STORED_AS[metric.kept.kind];
  const total = carried + BigInt(sum);
  if (total === 0n && count === 0 && (kind === 'gauge' || kind === 'age')) return null;
  const { values, text } = labels;
  const limit = key === metric.seriesKey && values[1] !== OVERFLOW ? (metric.limit ?? Number.MAX_SAFE_INTEGER) : 0;
  return { metric: key, kind, labels: values, labelsText: text, sum: total, count, buckets, limit, created, touched };
}

/** Remembers the least and the greatest time (ms) at which something was added. */
export function touch(series: Running, time: number): Running {
  if (time < series.created) series.created = time;
  if (time > series.touched) series.touched = time;
  return series;
}

/** Counts an observation (micro-units), in its bucket if there are such. */
export function observeIn(series: Running, micro: number): void {
  const { kept } = series.metric;
  if (kept.kind === 'histogram') {
    const index = bucketOf(kept.bucketsMicro, micro);
    series.buckets[index] = (series.buckets[index] ?? 0) + 1;
  }
  series.count += 1;
  add(series, micro);
}

function bucketOf(boundsMicro: readonly number[], micro: number): number {
  let index = 0;
  while (index < boundsMicro.length && micro > (boundsMicro[index] ?? 0)) index += 1;
  return index;
}

/** Adds to the sum (micro-units), exactly whatever it comes to. */
export function add(series: Running, micro: number): void {
  if (Math.abs(micro) < CARRY) {
    series.sum += micro;
    if (Math.abs(series.sum) < CARRY) return;
    series.carried += BigInt(series.sum);
    series.sum = 0;
  } else {
    series.carried += BigInt(micro);
  }
}
