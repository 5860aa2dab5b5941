import { seriesId } from './ledger.js';
import { labelsKey } from './running-series.js';
import { metricKeyOf, minuteIn, minuteOf, oldestMinute } from './minutes.js';
import { COUNT_LIMIT, SERIES_LIFE_MS, SUM_LIMIT } from './retention.js';
import { ChangedSizes, type Sizes } from './series-sizes.js';
import type { AgeRange, AgeWrite, KeptSeries, RefusedCommit, SeriesDelta } from './store.js';

interface Metric {
  readonly isGauge: boolean;
  readonly series: Map<string, KeptSeries>;
}

interface Undo {
  readonly series: Metric['series'];
  readonly key: string;
  readonly before: KeptSeries | undefined;
}

const NOTHING: Metric = { isGauge: false, series: new Map() };

/** The most series in one slice of a read. */
const SLICE = 1_000;

/** The series and age sets of a partition in memory. A kept series is never mutated, so that a read is of one instant. */
export class MemorySeries {
  private readonly metrics = new Map<string, Metric>();
  private readonly sizes: Sizes = new Map();
  private readonly ages = new Map<string, Map<string, Map<string, number>>>();

  /** Adds all deltas, or none: then it says why. */
  add(deltas: readonly SeriesDelta[]): RefusedCommit | null {
    const undo: Undo[] = [];
    const outOfRange: string[] = [];
    const changed = new ChangedSizes(this.sizes);
    for (const delta of deltas) {
      const { isGauge, series } = this.metric(delta);
      const key = labelsKey(delta.labels);
      const before = series.get(key);
      const after = sumOf(before, delta, isGauge);
      if (!inRange(after)) outOfRange.push(seriesId(delta.metric, delta.labels));
      undo.push({ series, key, before });
      const isGone = isGauge && after.count === 0;
      if (isGone) series.delete(key);
      else series.set(key, after);
      if (delta.limit > 0 && isGone !== (before === undefined)) changed.note(delta, isGone ? -1 : 1);
    }
    const overLimit = changed.overLimit();
    if (outOfRange.length + overLimit.length > 0) {
      restore(undo);
      return { kind: 'refused', outOfRange, overLimit };
    }
    changed.keep();
    return null;
  }

  setAge({ metric, labels, member, since }: AgeWrite): void {
    const sets = entry(this.ages, metric);
    const key = labelsKey(labels);
    const members = entry(sets, key);
    if (since === null) members.delete(member);
    else members.set(member, since);
    if (members.size === 0) sets.delete(key);
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
        slice.push(series);
        if (slice.length < SLICE) continue;
        yield slice;
        slice = [];
      }
    }
    if (slice.length > 0) yield slice;
  }

  /** Walks the members: cheap enough in memory, where only tests and the end of a replay read. */
  range(metric: string, labels: readonly string[]): AgeRange | null {
    const members = this.ages.get(metric)?.get(labelsKey(labels));
    if (members === undefined) return null;
    let min = Infinity;
    let max = -Infinity;
    for (const since of members.values()) {
      if (since < min) min = since;
      if (since > max) max = since;
    }
    return { min, max };
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

function sumOf(found: KeptSeries | undefined, delta: SeriesDelta, isGauge: boolean): KeptSeries {
  const { metric, labels, sum, count, buckets, created, touched } = delta;
  // Judged by event times alone, so that batching does not matter: what was not touched for its life starts anew.
  if (found === undefined || (!isGauge && found.touched < created - SERIES_LIFE_MS)) {
    return { metric, labels, sum, count, buckets, created, touched };
  }
  return {
    metric,
    labels: found.labels,
    sum: found.sum + sum,
    count: found.count + count,
    buckets: found.buckets.map((before, index) => before + (buckets[index] ?? 0)),
    created: Math.min(found.created, created),
    touched: Math.max(found.touched, touched),
  };
}

function inRange({ sum, count }: KeptSeries): boolean {
  return sum <= SUM_LIMIT && sum >= -SUM_LIMIT && Math.abs(count) <= COUNT_LIMIT;
}

function restore(undo: readonly Undo[]): void {
  for (let index = undo.length - 1; index >= 0; index -= 1) {
    const step = undo[index];
    if (step === undefined) continue;
    if (step.before === undefined) step.series.delete(step.key);
    else step.series.set(step.key, step.before);
  }
}

function entry<Value>(map: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  let found = map.get(key);
  if (found === undefined) {
    found = new Map();
    map.set(key, found);
  }
  return found;
}
