import { type KeptSeries, minuteIn, minuteKey, minuteOf } from '@app/engine';
import type { MetricPlan } from '@app/language';
import type { FamilySample } from './family.js';
import type { KeptSource } from './kept-samples.js';

/** The samples of a metric by the length of the window (s) that they are of. */
export type WindowedSamples = ReadonlyMap<number, readonly FamilySample[]>;

/** What was added to one label set. */
interface Added {
  sum: bigint;
  count: number;
  readonly buckets: number[];
}

/**
 * The samples of a counter or histogram within windows of these lengths (s): the last full minutes and the running one. A
 * minute is read once for all of them. Every label set that there is since the start stands there, with 0 when nothing was
 * added.
 */
export async function windowSamples(
  source: KeptSource,
  metric: MetricPlan,
  since: readonly FamilySample[],
  lengths: Iterable<number>,
): Promise<WindowedSamples> {
  const ascending = [...new Set(lengths)].sort((a, b) => a - b);
  const rings = await readRings(source, metric, ascending);
  const keys = since.map((sample) => labelsKey(sample.labels));
  const within = new Map<string, Added>();
  const found = new Map<number, readonly FamilySample[]>();
  for (const [index, seconds] of ascending.entries()) {
    for (const [key, ring] of rings[index] ?? []) addTo(within, key, ring);
    const samples: FamilySample[] = [];
    for (const [place, sample] of since.entries()) {
      samples.push(sampleOf(sample, within.get(keys[place] ?? '')));
      if (source.pace.due()) await source.pace.rest();
    }
    found.set(seconds, samples);
  }
  return found;
}

/** Per window, what was added within it but not within the next shorter one. */
async function readRings(
  { reader, nowMs, pace }: KeptSource,
  { seriesKey }: MetricPlan,
  ascending: readonly number[],
): Promise<readonly ReadonlyMap<string, Added>[]> {
  const running = minuteOf(nowMs);
  const rings = ascending.map(() => new Map<string, Added>());
  const keys = Array.from({ length: (ascending.at(-1) ?? 0) / 60 + 1 }, (_, back) =>
    minuteKey(seriesKey, running - back),
  );
  for await (const slice of reader.series(keys)) {
    for (const one of slice) {
      const back = running - (minuteIn(one.metric) ?? running);
      const ring = rings[ascending.findIndex((seconds) => back <= seconds / 60)];
      if (ring !== undefined) addTo(ring, labelsKey(one.labels), one);
      if (pace.due()) await pace.rest();
    }
  }
  return rings;
}

function addTo(sums: Map<string, Added>, key: string, one: Pick<KeptSeries, 'sum' | 'count' | 'buckets'>): void {
  const found = sums.get(key);
  if (found === undefined) {
    sums.set(key, { sum: one.sum, count: one.count, buckets: [...one.buckets] });
    return;
  }
  found.sum += one.sum;
  found.count += one.count;
  for (const [index, count] of one.buckets.entries()) found.buckets[index] = (found.buckets[index] ?? 0) + count;
}

function sampleOf({ labels, buckets }: FamilySample, added: Added | undefined): FamilySample {
  return {
    labels,
    value: added?.sum ?? 0n,
    count: added?.count ?? 0,
    buckets: buckets.map((_, index) => added?.buckets[index] ?? 0),
    createdMs: null,
  };
}

function labelsKey(labels: readonly string[]): string {
  let key = '';
  for (const label of labels) key += `${label.length}:${label}`;
  return key;
}
