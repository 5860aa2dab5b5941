import { seriesId } from './label-set.js';
import { metricKeyOf, minuteIn, minuteOf, oldestMinute } from './minutes.js';
import { COUNT_LIMIT, SERIES_LIFE_MS, SUM_LIMIT } from './retention.js';
import { ChangedSizes, type Sizes } from './series-sizes.js';
import type { AgeRange, AgeWrite, KeptSeries, RefusedCommit, SeriesDelta } from './store.js';

/** A series, changed in place: whoever reads gets a copy. */
interface Kept {
  readonly labels: readonly string[];
  sum: bigint;
  count: number;
  readonly buckets: number[];
  created: number;
  touched: number;
}

interface Metric {
  readonly isGauge: boolean;
  /** By their labels as JSON. */
  readonly series: Map<string, Kept>;
}

const NOTHING: Metric = { isGauge: false, series: new Map() };

/** The most series in one slice of a read. */
const SLICE = 1_000;

/** The series and age sets of a partition in memory. */
export class MemorySeries {
  private readonly metrics = new Map<string, Metric>();
  private readonly sizes: Sizes = new Map();
  private readonly ages = new Map<string, Map<string, Map<string, number>>>();

  /** Adds all deltas, or none: then it says why. */
  add(deltas: readonly SeriesDelta[]): RefusedCommit | null {
    const outOfRange: string[] = [];
    const changed = new ChangedSizes(this.sizes);
    const found: (Kept | undefined)[] = [];
    for (const delta of deltas) {
      const { isGauge, series } = this.metric(delta);
      const kept = series.get(delta.labelsText);
      const before = isGauge ? kept : living(kept, delta);
      found.push(before);
      if (!isInRange(before, delta)) outOfRange.push(seriesId(delta.metric, delta.labelsText));
      const isGone = isGauge && countOf(before, delta) === 0;
      if (delta.limit > 0 && isGone !== (kept === undefined)) changed.note(delta, isGone ? -1 : 1);
    }
    const overLimit = changed.overLimit();
    if (outOfRange.length + overLimit.length > 0) return { kind: 'refused', outOfRange, overLimit };
    deltas.forEach((delta, index) => {
      this.put(delta, found[index]);
    });
    changed.keep();
    return null;
  }

  setAge({ metric, labelsText, member, since }: AgeWrite): void {
    const sets = entry(this.ages, metric);
    const members = entry(sets, labelsText);
    if (since === null) members.delete(member);
    else members.set(member, since);
    if (members.size === 0) sets.delete(labelsText);
  }

  /** Drops all series and age sets of metrics that are not named. */
  retain(metrics: readonly string[]): void {
    const kept = new Set(metrics);
    for (const metric of this.metrics.keys()) if (!kept.has(metricKeyOf(metric))) this.metrics.delete(metric);
    for (const metric of this.ages.keys()) if (!kept.has(metric)) this.ages.delete(metric);
    for (const metric of this.sizes.keys()) if (!kept.has(metric)) this.sizes.delete(metric);
  }

  /** Drops the series of minutes that are too old when the clock has come from `before` to `clock` (ms). */
  forgetMinutes(before: number, clock: number): void {
    if (minuteOf(before) === minuteOf(clock)) return;
    const oldest = oldestMinute(clock);
    for (const metric of this.metrics.keys()) {
      const minute = minuteIn(metric);
      if (minute !== null && minute < oldest) this.metrics.delete(metric);
    }
  }

  /** The living series of the metrics at `clock` (ms), in slices. */
  *read(metrics: readonly string[], clock: number): Generator<readonly KeptSeries[]> {
    let slice: KeptSeries[] = [];
    for (const metric of metrics) {
      const { isGauge, series: all } = this.metrics.get(metric) ?? NOTHING;
      for (const series of all.values()) {
        if (!isGauge && series.touched < clock - SERIES_LIFE_MS) continue;
        slice.push({ metric, ...series, buckets: series.buckets.slice() });
        if (slice.length < SLICE) continue;
        yield slice;
        slice = [];
      }
    }
    if (slice.length > 0) yield slice;
  }

  /** Walks the members: cheap enough in memory, where only tests and the end of a replay read. */
  range(metric: string, labels: readonly string[]): AgeRange | null {
    const members = this.ages.get(metric)?.get(JSON.stringify(labels));
    if (members === undefined) return null;
    let min = Infinity;
    let max = -Infinity;
    for (const since of members.values()) {
      if (since < min) min = since;
      if (since > max) max = since;
    }
    return { min, max };
  }

  private put(delta: SeriesDelta, before: Kept | undefined): void {
    const { isGauge, series } = this.metric(delta);
    if (isGauge && countOf(before, delta) === 0) {
      series.delete(delta.labelsText);
    } else if (before === undefined) {
      const { labels, labelsText, sum, count, buckets, created, touched } = delta;
      series.set(labelsText, { labels, sum, count, buckets: buckets.slice(), created, touched });
    } else {
      addTo(before, delta);
    }
  }

  private metric({ metric, kind }: SeriesDelta): Metric {
    let found = this.metrics.get(metric);
    if (found === undefined) {
      found = { isGauge: kind === 'gauge' || kind === 'age', series: new Map() };
      this.metrics.set(metric, found);
    }
    return found;
  }
}

/** Judged by event times alone, so that batching does not matter: what was not touched for its life starts anew. */
function living(kept: Kept | undefined, { created }: SeriesDelta): Kept | undefined {
  return kept !== undefined && kept.touched >= created - SERIES_LIFE_MS ? kept : undefined;
}

function countOf(before: Kept | undefined, { count }: SeriesDelta): number {
  return before === undefined ? count : before.count + count;
}

function isInRange(before: Kept | undefined, delta: SeriesDelta): boolean {
  const sum = before === undefined ? delta.sum : before.sum + delta.sum;
  return sum <= SUM_LIMIT && sum >= -SUM_LIMIT && Math.abs(countOf(before, delta)) <= COUNT_LIMIT;
}

function addTo(kept: Kept, { sum, count, buckets, created, touched }: SeriesDelta): void {
  kept.sum += sum;
  kept.count += count;
  for (let index = 0; index < kept.buckets.length; index += 1) {
    kept.buckets[index] = (kept.buckets[index] ?? 0) + (buckets[index] ?? 0);
  }
  if (created < kept.created) kept.created = created;
  if (touched > kept.touched) kept.touched = touched;
}

function entry<Value>(map: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  let found = map.get(key);
  if (found === undefined) {
    found = new Map();
    map.set(key, found);
  }
  return found;
}
