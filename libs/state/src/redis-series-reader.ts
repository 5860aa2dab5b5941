import type { AgeRange, KeptSeries, SeriesReader } from '@app/engine';
import { SERIES_LIFE_MS } from '@app/engine';
import type { RedisClient } from '@app/redis';
import { setImmediate } from 'node:timers/promises';
import { ageSuffix } from './commit-arguments.js';
import { headKey, partitionPrefix, unescapeText } from './keys.js';
import { keptSeries, mergeSeries, type SeriesNumbers, touchedOf, unpackSeries } from './packed-series.js';

/** The most series in one slice. */
const SLICE = 1_000;

/** About the most series that one reply of Redis carries. */
const PAGE = 500;

/**
 * So many metrics are read side by side at first, and twice as many each time as long as they are small, as those of
 * minutes are: each costs a way to Redis and back.
 */
const AT_ONCE = 8;

/** Together so many series are few. */
const FEW = 2_000;

/** How far the scan of one partition's hash has come; a cursor of 0 begins or ends it. */
interface Scan {
  readonly key: string;
  cursor: string;
  readonly had: Set<string>;
}

/** What a partition says of itself before its series are read. */
interface Overview {
  readonly prefix: string;
  readonly clock: number;
  /** Of each metric asked for, in order: `gauge` or `total`, or null when the partition has none of its series. */
  readonly kinds: readonly (string | null)[];
}

/** A metric's series over all partitions, by labels. */
interface Read {
  readonly metric: string;
  readonly isGauge: boolean;
  readonly merged: ReadonlyMap<string, SeriesNumbers>;
}

/** Reads the series of all partitions as one. Rejects as the connection does. */
export class RedisSeriesReader implements SeriesReader {
  private readonly prefixes: readonly string[];

  constructor(
    private readonly redis: RedisClient,
    partitions: number,
  ) {
    this.prefixes = Array.from({ length: partitions }, (_, partition) => partitionPrefix(partition));
  }

  async *series(metrics: readonly string[]): AsyncGenerator<readonly KeptSeries[]> {
    if (metrics.length === 0) return;
    const overviews = await Promise.all(this.prefixes.map((_, partition) => this.overview(partition, metrics)));
    const clock = Math.max(0, ...overviews.map((one) => one.clock));
    let atOnce = AT_ONCE;
    for (let from = 0; from < metrics.length;) {
      const some = metrics.slice(from, from + atOnce);
      const read = await Promise.all(some.map((metric, index) => this.metric(metric, from + index, overviews)));
      for (const { metric, merged, isGauge } of read) {
        yield* slices(metric, merged, isGauge ? -Infinity : clock - SERIES_LIFE_MS);
      }
      from += some.length;
      atOnce = read.reduce((sum, { merged }) => sum + merged.size, 0) <= FEW ? atOnce * 2 : AT_ONCE;
    }
  }

  async ages(metric: string, labels: readonly string[]): Promise<AgeRange | null> {
    const suffix = `age:${ageSuffix(metric, JSON.stringify(labels))}`;
    const ends = this.prefixes.flatMap((prefix) => [
      this.redis.zrangebyscore(prefix + suffix, '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, 1),
      this.redis.zrevrangebyscore(prefix + suffix, '+inf', '-inf', 'WITHSCORES', 'LIMIT', 0, 1),
    ]);
    const times = (await Promise.all(ends)).flatMap(([, time]) => (time === undefined ? [] : [Number(time)]));
    return times.length === 0 ? null : { min: Math.min(...times), max: Math.max(...times) };
  }

  async accounts(): Promise<readonly string[]> {
    const found = await Promise.all(this.prefixes.map((prefix) => this.redis.smembers(`${prefix}accounts`)));
    return [...new Set(found.flat())].map(unescapeText);
  }

  async stats(): Promise<ReadonlyMap<string, number>> {
    const found = await Promise.all(this.prefixes.map((prefix) => this.redis.hgetall(`${prefix}stats`)));
    const sums = new Map<string, number>();
    for (const [escaped, count] of found.flatMap((stats) => Object.entries(stats))) {
      const name = unescapeText(escaped);
      sums.set(name, (sums.get(name) ?? 0) + Number(count));
    }
    return sums;
  }

  private async metric(metric: string, place: number, overviews: readonly Overview[]): Promise<Read> {
    const having = overviews.filter(({ kinds }) => (kinds[place] ?? null) !== null);
    const isGauge = having.some(({ kinds }) => kinds[place] === 'gauge');
    const prefixes = having.map(({ prefix }) => prefix);
    return { metric, isGauge, merged: await this.merged(metric, prefixes) };
  }

  private async overview(partition: number, metrics: readonly string[]): Promise<Overview> {
    const prefix = partitionPrefix(partition);
    const [clock, kinds] = await Promise.all([
      this.redis.hget(headKey(partition), 'clock'),
      this.redis.hmget(`${prefix}metrics`, ...metrics),
    ]);
    return { prefix, clock: Number(clock ?? 0), kinds };
  }

  /** A metric's series over all partitions. Between two pages other work gets its turn. */
  private async merged(metric: string, prefixes: readonly string[]): Promise<Map<string, SeriesNumbers>> {
    const merged = new Map<string, SeriesNumbers>();
    let scans: Scan[] = prefixes.map((prefix) => ({ key: `${prefix}series:${metric}`, cursor: '0', had: new Set() }));
    while (scans.length > 0) {
      const pages = await Promise.all(scans.map(({ key, cursor }) => this.redis.hscan(key, cursor, 'COUNT', PAGE)));
      for (const [index, [cursor, flat]] of pages.entries()) {
        const scan = scans[index];
        if (scan === undefined) continue;
        scan.cursor = cursor;
        addPage(merged, scan, flat);
        if (flat.length > PAGE) await setImmediate();
      }
      scans = scans.filter(({ cursor }) => cursor !== '0');
    }
    return merged;
  }
}

/** Adds a page of one partition's series. A scan may give a series twice: the first counts. */
function addPage(merged: Map<string, SeriesNumbers>, { cursor, had }: Scan, flat: readonly string[]): void {
  const isWhole = cursor === '0' && had.size === 0;
  for (let at = 0; at < flat.length; at += 2) {
    const labels = flat[at] ?? '';
    if (!isWhole) {
      if (had.has(labels)) continue;
      had.add(labels);
    }
    const numbers = unpackSeries(flat[at + 1] ?? '');
    const found = merged.get(labels);
    if (found === undefined) merged.set(labels, numbers);
    else mergeSeries(found, numbers);
  }
}

async function* slices(
  metric: string,
  merged: ReadonlyMap<string, SeriesNumbers>,
  aliveFrom: number,
): AsyncGenerator<readonly KeptSeries[]> {
  let slice: KeptSeries[] = [];
  for (const [labels, numbers] of merged) {
    if (touchedOf(numbers) < aliveFrom) continue;
    slice.push(keptSeries(metric, labels, numbers));
    if (slice.length < SLICE) continue;
    yield slice;
    slice = [];
    await setImmediate();
  }
  if (slice.length > 0) yield slice;
}
