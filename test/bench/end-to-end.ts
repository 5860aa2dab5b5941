import type { ChildProcess } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';
import type { Item } from '@app/engine';
import type { Event } from '@app/event';
import { backlog, PartitionProducer } from '@app/queue';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../support/redis.js';
import { naivePrefix, QUEUE, TOY_PREFIX } from './baseline/queues.js';
import { START_MS } from './engine.js';
import { events, pieces, type Placed, placed, take } from './load.js';
import { cpuSeconds, end, redisCpuSeconds, startWorker } from './processes.js';
import { alternate, type Bench, ratios, resultOf } from './result.js';

/** A new Redis has as many. */
const PARTITIONS = 8;

/** What ingestion makes of 256 connections: some 50 events in each batch of a partition. */
const BATCH = 50;

/** The time counts from here on: the start of the programs, and what runs slowly at first, is left out on every side. */
const WARM_SHARE = 0.1;

/** How a backlog is put into the queue, watched and worked off. */
export interface Side {
  readonly worker: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly fill: (redisUrl: string, events: readonly Event[]) => Promise<void>;
  /** Items that are still to be done. */
  readonly left: (redis: Redis) => Promise<number>;
}

/** A backlog is worked off by one metrics app, the naive baseline and the toy in turn, each on a Redis of its own. */
export const endToEndBench: Bench = async function* ({ quick, say }) {
  const load = take(events({ agents: 1_000, ratePerMinute: 200, startMs: START_MS }), quick ? 20_000 : 200_000);
  const fewer = load.slice(0, quick ? 2_000 : 20_000);
  const found = await alternate(
    {
      ours: () => drained(livemeter(PARTITIONS, BATCH), load),
      naive: () => drained(naive(PARTITIONS), fewer),
      toy: () => drained(TOY, fewer),
    },
    quick ? 1 : 5,
    say,
  );
  const bench = 'end-to-end';
  const rates = { ours: found.ours.map(rateOf), naive: found.naive.map(rateOf), toy: found.toy.map(rateOf) };
  const costs = { ours: found.ours.map(costOf), naive: found.naive.map(costOf), toy: found.toy.map(costOf) };
  const sizes = `backlog of ${load.length} events, of the baselines ${fewer.length}`;
  const overNaive = { bench, what: `over the naive baseline, one job and one commit per event (${sizes})`, unit: '×' };
  yield resultOf(overNaive, ratios(rates.ours, rates.naive), { sense: 'at least', value: 8 });
  const overToy = { bench, what: 'over the toy, ART alone and one job per event', unit: '×' };
  yield resultOf(overToy, ratios(rates.ours, rates.toy), { sense: 'at least', value: 4 });
  const cpu = 'CPU time per event, worker and Redis';
  yield resultOf({ bench, what: `${cpu}: naive over ours`, unit: '×' }, ratios(costs.naive, costs.ours));
  yield resultOf({ bench, what: `${cpu}: toy over ours`, unit: '×' }, ratios(costs.toy, costs.ours));
  const what = `queue → state, everything that ships, hold 0, ${PARTITIONS} partitions, batches of ${BATCH}`;
  yield resultOf({ bench, what, unit: 'events/s' }, rates.ours);
  yield resultOf({ bench, what: 'the naive baseline', unit: 'events/s' }, rates.naive);
  yield resultOf({ bench, what: 'the toy', unit: 'events/s' }, rates.toy);
  yield resultOf({ bench, what: cpu, unit: 'µs' }, costs.ours);
};

function rateOf({ perSecond }: Drained): number {
  return perSecond;
}

function costOf({ cpuMicros }: Drained): number {
  return cpuMicros;
}

/** The metrics app with so many partitions and workers, and jobs of so many items. */
export function livemeter(partitions: number, batch: number, workers = 1): Side {
  return {
    worker: 'dist/apps/metrics/src/main.js',
    env: {
      LIVEMETER_PARTITIONS: String(partitions),
      LIVEMETER_HOLD_MS: '0',
      METRICS_PORT: '0',
      METRICS_WORKERS: String(workers),
    },
    fill: (url, load) => fillBatches(url, byPartition(load, partitions), batch),
    left: async (redis) => (await backlog(redis, partitions)).reduce((sum, one) => sum + one, 0),
  };
}

function naive(partitions: number): Side {
  return {
    worker: 'dist/test/bench/baseline/naive.js',
    env: { LIVEMETER_PARTITIONS: String(partitions) },
    fill: async (url, load) => {
      for (const [partition, items] of byPartition(load, partitions)) {
        await fillQueue(url, naivePrefix(partition), items);
      }
    },
    left: (redis) => waiting(redis, [...Array(partitions).keys()].map(naivePrefix)),
  };
}

const TOY: Side = {
  worker: 'dist/test/bench/baseline/art-toy.js',
  fill: (url, load) => fillQueue(url, TOY_PREFIX, load),
  left: (redis) => waiting(redis, [TOY_PREFIX]),
};

/** What working off a backlog came to. */
export interface Drained {
  readonly perSecond: number;
  /** CPU time of the program, its workers included, and of Redis for each event (µs): what else runs on the machine counts less here. */
  readonly cpuMicros: number;
}

/** Fills a fresh Redis, starts the worker, and measures until nothing is left. */
export async function drained(side: Side, load: readonly Event[]): Promise<Drained> {
  const server: TestRedis = await startTestRedis();
  const redis = new Redis(server.url);
  let worker: ChildProcess | null = null;
  try {
    await side.fill(server.url, load);
    const total = await side.left(redis);
    worker = startWorker(side.worker, { REDIS_URL: server.url, ...side.env });
    const { pid = 0 } = worker;
    const cpu = async (): Promise<number> => cpuSeconds(pid) + (await redisCpuSeconds(redis));
    const from = await reached(side, redis, total * (1 - WARM_SHARE));
    const before = await cpu();
    const to = await reached(side, redis, 0);
    const count = load.length * ((from.left - to.left) / total);
    return { perSecond: count / ((to.at - from.at) / 1000), cpuMicros: (((await cpu()) - before) * 1e6) / count };
  } finally {
    if (worker !== null) await end(worker);
    redis.disconnect();
    await server.stop();
  }
}

async function reached(side: Side, redis: Redis, wanted: number): Promise<{ at: number; left: number }> {
  for (;;) {
    const left = await side.left(redis);
    if (left <= wanted) return { at: performance.now(), left };
    await after(20);
  }
}

function byPartition(load: readonly Event[], partitions: number): Map<number, Item[]> {
  const found = new Map<number, Item[]>();
  const all: Placed[] = load.flatMap((event) => placed(event, partitions));
  for (const { partition, item } of all) {
    const items = found.get(partition);
    if (items === undefined) found.set(partition, [item]);
    else items.push(item);
  }
  return found;
}

async function fillBatches(redisUrl: string, items: Map<number, Item[]>, batch: number): Promise<void> {
  const onError = (error: Error): void => console.error(error);
  const timeoutMs = 60_000;
  const redis = new Redis(redisUrl);
  await redis.set('{lm}:partitions', String(Math.max(...items.keys()) + 1), 'NX');
  const producer = new PartitionProducer<Item>({
    redisUrl,
    partitions: items.size,
    maxBatch: batch,
    timeoutMs,
    onError,
  });
  await producer.ready();
  await Promise.all(
    [...items].map(async ([partition, list]) => {
      for (const some of pieces(list, batch)) {
        await producer.add(
          partition,
          some.map((data) => ({ at: data.kind === 'event' ? data.event.receivedAt : 0, data })),
        );
      }
    }),
  );
  await producer.close();
  redis.disconnect();
}

async function fillQueue(redisUrl: string, prefix: string, jobs: readonly (Item | Event)[]): Promise<void> {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const queue = new Queue(QUEUE, { connection, prefix });
  for (const some of pieces(jobs, 1_000)) {
    await queue.addBulk(some.map((data) => ({ name: 'event', data, opts: { removeOnComplete: true } })));
  }
  await queue.close();
  connection.disconnect();
}

async function waiting(redis: Redis, prefixes: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    prefixes.flatMap((prefix) => [redis.llen(`${prefix}:${QUEUE}:wait`), redis.llen(`${prefix}:${QUEUE}:active`)]),
  );
  return counts.reduce((sum, one) => sum + one, 0);
}
