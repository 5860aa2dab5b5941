import { type KeptSeries, type SeriesReader, valuesKey } from '@app/engine';
import type { AgeAggregate, MetricPlan, SumAggregate } from '@app/language';
import { compareLabels, type FamilySample } from './family.js';
import type { Pace } from './pace.js';
import { sortInSlices } from './slice-sort.js';
import { spreadSamples } from './spread-samples.js';

/** How many reads of age ranges are under way at once. */
const AGE_READS = 256;

/** What a metric's samples are made from. */
export interface KeptSource {
  readonly reader: SeriesReader;
  /** Every account known, sorted. */
  readonly accounts: readonly string[];
  /** The instant for which ages are told (ms). */
  readonly nowMs: number;
  readonly pace: Pace;
}

/** The samples of a metric that is kept (any but a formula), sorted by labels. */
export async function keptSamples(source: KeptSource, metric: MetricPlan): Promise<readonly FamilySample[]> {
  const series = await mergedSeries(source, [metric.seriesKey]);
  const { kept } = metric;
  switch (kept.kind) {
    case 'counter':
    case 'accruing':
      return series.map((one) => monotonic(one, []));
    case 'histogram':
      return series.map((one) =>
        monotonic(
          one,
          [...kept.buckets, Infinity].map((_, index) => one.buckets[index] ?? 0),
        ),
      );
    case 'gauge': {
      const present = series.filter((one) => one.count > 0);
      return zeroFilled(
        source,
        metric,
        kept.aggregate,
        present.flatMap((one) => gaugeSample(one, kept.aggregate)),
      );
    }
    case 'spread':
      return spreadSamples(await mergedSeries(source, [valuesKey(metric.seriesKey)]), kept, source.pace);
    case 'age':
      return zeroFilled(source, metric, kept.aggregate, await ageSamples(source, series, kept.aggregate));
    case 'formula':
      return [];
  }
}

/** One series per label set, whether the reader has merged the partitions or not. */
async function mergedSeries(source: KeptSource, seriesKeys: readonly string[]): Promise<KeptSeries[]> {
  const all: KeptSeries[] = [];
  for await (const slice of source.reader.series(seriesKeys)) {
    for (const one of slice) all.push(one);
    if (source.pace.due()) await source.pace.rest();
  }
  const merged: KeptSeries[] = [];
  for (const one of await sortInSlices(all, (a, b) => compareLabels(a.labels, b.labels), source.pace)) {
    const last = merged.at(-1);
    if (last !== undefined && compareLabels(last.labels, one.labels) === 0) merged[merged.length - 1] = add(last, one);
    else merged.push(one);
    if (source.pace.due()) await source.pace.rest();
  }
  return merged;
}

function add(a: KeptSeries, b: KeptSeries): KeptSeries {
  return {
    metric: a.metric,
    labels: a.labels,
    sum: a.sum + b.sum,
    count: a.count + b.count,
    buckets: a.buckets.map((count, index) => count + (b.buckets[index] ?? 0)),
    created: Math.min(a.created, b.created),
    touched: Math.max(a.touched, b.touched),
  };
}

function monotonic(one: KeptSeries, buckets: readonly number[]): FamilySample {
  return { labels: one.labels, value: one.sum, count: one.count, buckets, createdMs: one.created };
}

function gaugeSample(one: KeptSeries, aggregate: SumAggregate): FamilySample[] {
  switch (aggregate) {
    case 'sum':
      return [gauge(one.labels, one.sum, one.count)];
    case 'count':
      return [gauge(one.labels, one.count, one.count)];
    case 'avg':
      return [gauge(one.labels, Number(one.sum) / (1e6 * one.count), one.count)];
  }
}

async function ageSamples(
  source: KeptSource,
  series: readonly KeptSeries[],
  aggregate: AgeAggregate,
): Promise<FamilySample[]> {
  const present = series.filter((one) => one.count > 0);
  const out: FamilySample[] = [];
  for (let start = 0; start < present.length; start += AGE_READS) {
    const some = present.slice(start, start + AGE_READS);
    const values = await Promise.all(some.map((one) => ageValue(source, one, aggregate)));
    values.forEach((value, index) => {
      const one = some[index];
      if (value !== null && one !== undefined) out.push(gauge(one.labels, value, one.count));
    });
    if (source.pace.due()) await source.pace.rest();
  }
  return out;
}

/** Of an age gauge, `sum` is the sum of the times themselves (ms), so Σ(now − t) is n·now − Σt. */
async function ageValue(source: KeptSource, one: KeptSeries, aggregate: AgeAggregate): Promise<bigint | number | null> {
  const now = BigInt(source.nowMs);
  const total = (BigInt(one.count) * now - one.sum) * 1000n;
  switch (aggregate) {
    case 'sum':
      return total;
    case 'count':
      return one.count;
    case 'avg':
      return Number(total) / (1e6 * one.count);
    case 'min':
    case 'max': {
      // Of a single entity the sum is its time: a state by agent has as many series as there are agents.
      if (one.count === 1) return total;
      const range = await source.reader.ages(one.metric, one.labels);
      if (range === null) return null;
      return (now - BigInt(aggregate === 'max' ? range.min : range.max)) * 1000n;
    }
  }
}

/** A `count` or `sum` with no further label is 0 for every account known. */
function zeroFilled(
  source: KeptSource,
  metric: MetricPlan,
  aggregate: AgeAggregate,
  samples: readonly FamilySample[],
): readonly FamilySample[] {
  if (metric.labelNames.length > 0 || (aggregate !== 'count' && aggregate !== 'sum')) return samples;
  const present = new Set(samples.map((sample) => sample.labels[0]));
  const missing = source.accounts.filter((account) => !present.has(account)).map((account) => gauge([account], 0, 0));
  return [...samples, ...missing].sort((a, b) => compareLabels(a.labels, b.labels));
}

function gauge(labels: readonly string[], value: bigint | number, count: number): FamilySample {
  return { labels, value, count, buckets: [], createdMs: null };
}
