import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type KeptSeries,
  type Loaded,
  MARK_BUCKET_MS,
  MemoryStore,
  SERIES_LIFE_MS,
  type SeriesReader,
} from '@app/engine';
import { changeOf } from '@app/engine/store-contract';
import { hash128 } from '@app/event';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { RedisSeriesReader } from './redis-series-reader.js';
import { RedisStateStore } from './redis-state-store.js';

const METRICS = { 'c@1': 'counter', 'h@1': 'histogram', 'g@1': 'gauge', 'a@1': 'age' } as const;

/** Small ones, so that they are often reached; 0 is none. */
const LIMITS = { counter: 1, histogram: 2, gauge: 1, age: 0 } as const;

const ref = fc.constantFrom('x', 'y', 'z').map((id) => ({ kind: 'agent', accountId: 'a', id }) as const);
const blank = {
  layoutId: 'l',
  known: true,
  setBy: [],
  lastKey: null,
  lagMs: 0,
  timers: [],
  contributions: [],
  held: [],
  recent: [],
};
const labels = fc.constantFrom(['a'], ['b', ''], ['\ud800'], ['a', 'x'], ['a"\\', 'y'], ['a"\\', 'z']);
const when = fc.nat({ max: 40 }).map((step) => step * (SERIES_LIFE_MS / 10));
const series = fc
  .record({
    metric: fc.constantFrom(...(Object.keys(METRICS) as (keyof typeof METRICS)[])),
    labels,
    sum: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
    count: fc.integer({ min: -2, max: 3 }),
    buckets: fc.tuple(fc.nat(3), fc.nat(3)),
    created: when,
    lasted: when,
  })
  .map(({ metric, buckets, created, lasted, ...rest }) => {
    const kind = METRICS[metric];
    const limit = LIMITS[kind];
    const shape = { buckets: kind === 'histogram' ? buckets : [], limit };
    const labelsText = JSON.stringify(rest.labels);
    return { metric, kind, ...rest, labelsText, ...shape, created, touched: created + lasted };
  });
const identity = fc.nat({ max: 30 }).map((seed) => hash128(String(seed)));
const change = fc.record({
  clock: fc.nat({ max: 12 }).map((bucket) => bucket * MARK_BUCKET_MS),
  entities: fc.uniqueArray(
    fc.record({ ref, record: fc.option(fc.nat().map((n) => ({ ...blank, values: [n] }))), due: fc.option(fc.nat(9)) }),
    { selector: (write) => write.ref.id },
  ),
  marks: fc.array(identity, { maxLength: 5 }),
  series: fc.uniqueArray(series, { selector: (one) => JSON.stringify([one.metric, one.labels]) }),
  ages: fc.uniqueArray(
    fc.record({
      metric: fc.constant('a@1'),
      labelsText: labels.map((values) => JSON.stringify(values)),
      member: fc.constantFrom('x', 'y'),
      since: fc.option(fc.nat()),
    }),
    {
      selector: (one) => JSON.stringify([one.labelsText, one.member]),
    },
  ),
  accounts: fc.array(fc.string(), { maxLength: 2 }),
  stats: fc.array(fc.tuple(fc.constantFrom('s', 't'), fc.nat(9))).map((entries) => new Map(entries)),
  drop: fc.option(fc.constantFrom('a@1', 'h@1'), { freq: 8 }),
});

describe('both stores', () => {
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

  it('answer alike after the same changes', async () => {
    const run = async (changes: readonly (typeof change extends fc.Arbitrary<infer One> ? One : never)[]) => {
      await redis.flushall();
      const memory = new MemoryStore();
      const stored = new RedisStateStore(redis, { partition: 0 });
      let clock = 0;
      for (const [index, { drop, ...part }] of changes.entries()) {
        clock = Math.max(clock, part.clock);
        const metrics = Object.keys(METRICS).filter((metric) => metric !== drop);
        const takeover = index > 0 && drop === null ? null : { layouts: new Map([[`l${index}`, 'text']]), metrics };
        const commit = async (store: MemoryStore | RedisStateStore) => {
          const { version: expectedVersion } = (await store.load({ entities: [], identities: [] })).head;
          const outcome = await store.commit(changeOf({ ...part, clock, expectedVersion, catalog: 'c', takeover }));
          return sorted(outcome);
        };
        expect(await commit(stored)).toEqual(await commit(memory));
        expect(await view(stored, new RedisSeriesReader(redis, 1))).toEqual(await view(memory, memory));
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(change, { maxLength: 8 }), run), { numRuns: 60 });
  });
});

/** All that a store shows, in one order. */
async function view(store: MemoryStore | RedisStateStore, reader: SeriesReader): Promise<unknown> {
  const refs = ['x', 'y', 'z'].map((id) => ({ kind: 'agent', accountId: 'a', id }) as const);
  const identities = Array.from({ length: 31 }, (_, seed) => hash128(String(seed)));
  const kept: KeptSeries[] = [];
  for await (const slice of reader.series(Object.keys(METRICS))) kept.push(...slice);
  const ages = [['a'], ['b', ''], ['\ud800']].map((one) => reader.ages('a@1', one));
  return {
    loaded: withoutVersion(await store.load({ entities: refs, identities })),
    due: await store.due(5, 2),
    series: kept.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    ages: await Promise.all(ages),
    accounts: [...(await reader.accounts())].sort(),
    stats: new Map([...(await reader.stats())].sort()),
  };
}

function withoutVersion({ head, ...rest }: Loaded): unknown {
  return { ...rest, head: { ...head, version: 0 } };
}

function nameOf({ metric, labels: values }: KeptSeries): string {
  return JSON.stringify([metric, values]);
}

function sorted(outcome: Awaited<ReturnType<RedisStateStore['commit']>>): unknown {
  // Each store has versions of its own.
  if (outcome.kind !== 'refused') return outcome.kind === 'committed' ? { ...outcome, version: 0 } : outcome;
  return { outOfRange: [...outcome.outOfRange].sort(), overLimit: [...outcome.overLimit].sort() };
}
