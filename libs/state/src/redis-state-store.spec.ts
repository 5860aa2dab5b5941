import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { changeOf, describeStateStore } from '@app/engine/store-contract';
import { MARK_BUCKET_MS, type SeriesDelta, SERIES_LIFE_MS } from '@app/engine';
import { hash128 } from '@app/event';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { RedisSeriesReader } from './redis-series-reader.js';
import { RedisStateStore } from './redis-state-store.js';

let server: TestRedis;
let redis: Redis;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

describeStateStore('RedisStateStore', async () => {
  await redis.flushall();
  const store = new RedisStateStore(redis, { partition: 3 });
  return { store, reader: new RedisSeriesReader(redis, 4), close: () => Promise.resolve() };
});

describe('RedisStateStore', () => {
  const corrupt: string[] = [];
  let store: RedisStateStore;
  const ref = { kind: 'agent', accountId: 'a', id: 'x' } as const;
  const takeover = { layouts: new Map(), metrics: ['m@1', 'g@1'] };

  const series = (part: Partial<SeriesDelta>): SeriesDelta => {
    return {
      metric: 'm@1',
      kind: 'counter',
      labels: ['a'],
      labelsText: '["a"]',
      sum: 1n,
      count: 1,
      buckets: [],
      limit: 0,
      created: 0,
      touched: 0,
      ...part,
    };
  };
  const commit = async (part: Partial<Parameters<typeof changeOf>[0]>) => {
    const { head } = await store.load({ entities: [], identities: [] });
    return store.commit(changeOf({ ...head, expectedVersion: head.version, ...part }));
  };

  beforeEach(async () => {
    await redis.flushall();
    store = new RedisStateStore(redis, { partition: 3, onCorrupt: (one, text) => corrupt.push(`${one.id}: ${text}`) });
    await commit({ catalog: 'c', takeover });
  });
  afterEach(() => void corrupt.splice(0));

  const whole = {
    clock: MARK_BUCKET_MS,
    entities: [{ ref, record: null, due: null }],
    marks: [hash128('x')],
    series: [series({}), series({ metric: 'g@1', kind: 'gauge' })],
    ages: [{ metric: 'g@1', labelsText: '["a"]', member: 'x', since: 1 }],
    accounts: ['a'],
    stats: new Map([['s', 1]]),
  };

  it.each([
    ...['due', 'entity:agent:a', 'entities', 'series:m@1', 'series:g@1', 'metrics', 'age:g@1 ["a"]', 'ages'],
    ...['accounts', 'stats', 'layouts', 'seen:1.0:0'],
  ])('writes nothing when %s is of another type', async (key) => {
    await redis.xadd(`{lm:3}:${key}`, '*', 'f', 'v');
    const before = await snapshot();
    await expect(commit(whole)).rejects.toThrow('WRONGTYPE');
    expect(await snapshot()).toEqual(before);
    await redis.del(`{lm:3}:${key}`);
    expect(await commit(whole)).toMatchObject({ kind: 'committed' });
  });

  it('writes all of it when Redis is full, since a queue that drains is what frees memory', async () => {
    await redis.config('SET', 'maxmemory', '1');
    await expect(redis.set('any', 'other write')).rejects.toThrow('OOM');
    const outcome = await commit(whole);
    await redis.config('SET', 'maxmemory', '0');
    expect(outcome).toMatchObject({ kind: 'committed' });
    const full = Object.keys(await snapshot());
    await redis.flushall();
    await commit({ ...whole, expectedVersion: 0 });
    expect(full).toEqual(Object.keys(await snapshot()));
  });

  it('tells of a record that it cannot read, and counts it as none', async () => {
    await redis.hset('{lm:3}:entity:agent:a', 'x', 'nonsense');
    expect((await store.load({ entities: [ref], identities: [] })).entities).toEqual([null]);
    expect(corrupt).toEqual(['x: nonsense']);
  });

  it('reads the series of all partitions as one', async () => {
    const other = new RedisStateStore(redis, { partition: 1 });
    const parts = { kind: 'histogram', buckets: [1, 2] } as const;
    await commit({ series: [series({ ...parts, sum: -(2n ** 60n), created: 5, touched: 9 })] });
    const deltas = [
      series({ ...parts, sum: -1n, created: 3, touched: 7 }),
      series({ labels: ['b'], labelsText: '["b"]' }),
    ];
    await other.commit(changeOf({ expectedVersion: 0, catalog: 'c', takeover, series: deltas }));
    const found = [];
    for await (const slice of new RedisSeriesReader(redis, 4).series(['m@1', 'g@1'])) found.push(...slice);
    expect(found.sort((a, b) => (a.labels.join() < b.labels.join() ? -1 : 1))).toEqual([
      { metric: 'm@1', labels: ['a'], sum: -(2n ** 60n) - 1n, count: 2, buckets: [2, 4], created: 3, touched: 9 },
      { metric: 'm@1', labels: ['b'], sum: 1n, count: 1, buckets: [], created: 0, touched: 0 },
    ]);
  });

  it('sweeps series that are long dead, and no gauges', async () => {
    await commit({ series: [series({}), series({ metric: 'g@1', kind: 'gauge' })] });
    for (const hour of [0, 1, 2]) await commit({ clock: 2 * SERIES_LIFE_MS + hour * 3_600_000 });
    expect(await redis.exists('{lm:3}:series:m@1', '{lm:3}:series:g@1')).toBe(1);
    expect(await redis.exists('{lm:3}:series:g@1')).toBe(1);
  });

  it('forgets whole buckets of marks, and keeps nothing of them', async () => {
    for (let day = 0; day < 6; day += 1) {
      const marks = Array.from({ length: 400 }, (_, index) => hash128(`${day} ${index}`));
      await commit({ clock: day * 2 * MARK_BUCKET_MS, marks });
    }
    const kept = await redis.keys('{lm:3}:seen:*');
    expect(new Set(kept.map((key) => /seen:(\d+)/.exec(key)?.[1]))).toEqual(new Set(['4', '6', '8', '10']));
  });

  it('refuses who wrote what a promoted replica lacks, whatever was written there since', async () => {
    const before = await redis.dumpBuffer('{lm:3}:head');
    const lost = await commit({ clock: 1 });
    await redis.restore('{lm:3}:head', 0, before ?? '', 'REPLACE');
    await commit({ clock: 2 });
    const stale = lost.kind === 'committed' ? lost.version : 0;
    expect(await commit({ expectedVersion: stale, clock: 3 })).toEqual({ kind: 'conflict' });
  });

  it.each([1_000, 20_000, 100_000])(
    'remembers each of %s events in at most 16 bytes',
    async (count) => {
      for (let from = 0; from < count; from += 1_000) {
        await commit({ marks: Array.from({ length: 1_000 }, (_, index) => hash128(`event ${from + index}`)) });
      }
      const keys = await redis.keys('{lm:3}:seen:*');
      const sizes = await Promise.all(keys.map((key) => redis.memory('USAGE', key)));
      const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) / count;
      expect(bytes).toBeLessThanOrEqual(16);
    },
    60_000,
  );

  /** All keys with their serialised values. */
  async function snapshot(): Promise<Record<string, string>> {
    const keys = (await redis.keys('*')).sort();
    const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
    return Object.fromEntries(keys.map((key, index) => [key, dumps[index]?.toString('hex') ?? '']));
  }
});
