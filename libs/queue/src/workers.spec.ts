import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { createLogger, Telemetry } from '@app/telemetry';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { RedisClock } from './clock.js';
import type { Batch } from './consumer.js';
import { backlog } from './intake.js';
import { INGESTION_KEY, leaseKey } from './keys.js';
import { PartitionProducer } from './producer.js';
import { PartitionWorkers, type WorkersOptions } from './workers.js';

/** No limit on time decides here: it only ends what hangs. */
jest.setTimeout(60_000);

const PARTITIONS = 3;

/** Short, so that the tests are; nothing below depends on how short. */
const TIMING = { leaseMs: 800, passMs: 100, lockMs: 800, stalledMs: 200 };

let server: TestRedis;
let redis: Redis;
let clock: RedisClock;
let producer: PartitionProducer<string>;
let running: PartitionWorkers<string>[];

beforeAll(async () => {
  server = await startTestRedis();
});

afterAll(() => server.stop());

beforeEach(async () => {
  running = [];
  redis = new Redis(server.url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  await redis.flushall();
  clock = new RedisClock(redis);
  await clock.start();
  const patient = { timeoutMs: 30_000, onError: () => undefined };
  producer = new PartitionProducer({ redisUrl: server.url, partitions: PARTITIONS, ...patient });
  await producer.ready();
});

afterEach(async () => {
  await Promise.all(running.map((each) => each.close()));
  await producer.close();
  clock.stop();
  redis.disconnect();
});

/** Resolves when it holds; Redis is asked in between, so that time passes. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** What replicas did, in order, over all of them. */
class Journal {
  readonly items: string[] = [];
  /** The ids of jobs that were processed together. */
  readonly jobs: string[] = [];
  readonly instants: number[] = [];
  readonly calls: string[] = [];

  replica(replicaId: string, more: Partial<WorkersOptions<string>> = {}): PartitionWorkers<string> {
    const workers = new PartitionWorkers<string>({
      redisUrl: server.url,
      partitions: PARTITIONS,
      replicaId,
      clock,
      telemetry: new Telemetry(createLogger('test', 'silent')),
      process: async (_, batches) => this.take(batches),
      initial: async () => ({ nextDue: null }),
      tick: (at, timersUntil) => `tick ${at} ${timersUntil}`,
      onOwned: (partition) => this.calls.push(`${replicaId} owns ${partition}`),
      onLost: (partition) => this.calls.push(`${replicaId} lost ${partition}`),
      timing: TIMING,
      ...more,
    });
    running.push(workers);
    workers.start();
    return workers;
  }

  take(batches: readonly Batch<string>[]): { nextDue: null } {
    this.jobs.push(batches.map(({ id }) => id).join(' '));
    for (const { at, data } of batches.flatMap(({ items }) => items)) {
      this.items.push(data);
      this.instants.push(at);
    }
    return { nextDue: null };
  }
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `item ${i}`);

/** No job is left anywhere, and none has failed. */
async function nothingLeft(partition = 0): Promise<void> {
  const queue = new Queue('events', { connection: redis, prefix: `{lm:${partition}}`, skipMetasUpdate: true });
  await until(async () => (await queue.getActiveCount()) + (await queue.getWaitingCount()) === 0);
  expect(await queue.getJobCounts('failed', 'completed', 'delayed')).toEqual({ failed: 0, completed: 0, delayed: 0 });
  expect(await redis.keys(`{lm:${partition}}:events:[0-9]*`)).toEqual([]);
  await queue.close();
}

it('works the items of a partition in order, with the instants that the producer was told', async () => {
  const journal = new Journal();
  const told = await Promise.all(names(1_500).map((data, i) => producer.add(0, [{ at: (i * 7) % 1_000, data }])));
  journal.replica('a');
  await until(() => journal.items.length === 1_500);
  expect(journal.items).toEqual(names(1_500));
  expect(journal.instants).toEqual(told.flatMap((added) => added.effective));
  await nothingLeft();
  expect(await backlog(redis, PARTITIONS)).toEqual([0, 0, 0]);
});

it('works off jobs that wait together, with the instants that the producer was told, and completes each', async () => {
  const journal = new Journal();
  const told = [];
  for (const [i, data] of names(8).entries()) told.push(await producer.add(0, [{ at: 9 - i, data }]));
  journal.replica('a', { maxTogether: 3 });
  await until(() => journal.items.length === 8);
  // The first came after a wait for any; it is not known to have others behind it.
  expect(journal.jobs).toEqual(['1', '2 3 4', '5 6 7', '8']);
  expect(journal.items).toEqual(names(8));
  expect(journal.instants).toEqual(told.flatMap((added) => added.effective));
  await nothingLeft();
  expect(await backlog(redis, PARTITIONS)).toEqual([0, 0, 0]);
});

it('tries all jobs that are worked off together again when one attempt fails', async () => {
  const journal = new Journal();
  let failures = 2;
  for (const data of names(4)) await producer.add(0, [{ at: 1, data }]);
  journal.replica('a', {
    maxTogether: 10,
    process: async (_, batches) => {
      if (batches.length > 1 && failures-- > 0) throw new Error('the store is away');
      return journal.take(batches);
    },
  });
  await until(() => journal.items.length === 4);
  expect(journal.jobs).toEqual(['1', '2 3 4']);
  await nothingLeft();
});

it('reads no more of what waits than it may keep in memory', async () => {
  const journal = new Journal();
  for (let i = 0; i < 4; i += 1) await producer.add(0, [{ at: 1, data: 'x'.repeat(300_000) }]);
  journal.replica('a', { maxTogether: 10 });
  await until(() => journal.items.length === 4);
  expect(journal.jobs).toEqual(['1', '2 3', '4']);
  await nothingLeft();
});

it('tries a batch again under the same lock until it succeeds, and holds back what comes after it', async () => {
  const journal = new Journal();
  const stalls: (string | null)[] = [];
  let failures = 3;
  journal.replica('a', {
    process: async (_, batches) => {
      if (failures-- > 0) throw new Error('the store is away');
      stalls.push(await redis.hget(`{lm:0}:events:${batches[0]?.id}`, 'stc'));
      return journal.take(batches);
    },
    // No lock lapses by itself here, however busy the machine is.
    timing: { ...TIMING, leaseMs: 60_000, lockMs: 60_000 },
  });
  for (const data of names(5)) await producer.add(0, [{ at: 1, data }]);
  await until(() => journal.items.length === 5);
  expect(journal.items).toEqual(names(5));
  expect(stalls[0]).toBeNull();
  await nothingLeft();
});

it('takes over from a killed replica: the job that it held comes first, and nothing fails', async () => {
  for (const data of names(4)) await producer.add(0, [{ at: 1, data }]);
  // A replica that took the lease and a job, and was never heard of again.
  await redis.set(leaseKey(0), 'killed', 'PX', TIMING.leaseMs);
  const killed = new Worker('events', null, { connection: redis, prefix: '{lm:0}', lockDuration: TIMING.lockMs });
  const job = (await killed.getNextJob('killed')) as { data: unknown } | undefined;
  expect(job?.data).toEqual([[1, 'item 0']]);
  await killed.close(true);
  const journal = new Journal();
  journal.replica('a');
  await until(() => journal.items.length === 4);
  expect(journal.items).toEqual(names(4));
  await nothingLeft();
});

it('takes over again and again: a job whose workers were killed one after the other never counts as failed', async () => {
  await producer.add(0, [{ at: 1, data: 'item 0' }]);
  const options = { connection: redis, prefix: '{lm:0}', lockDuration: TIMING.lockMs, stalledInterval: 50 };
  for (const token of ['first', 'second', 'third']) {
    const killed = new Worker('events', null, { ...options, maxStalledCount: Number.MAX_SAFE_INTEGER });
    await killed.startStalledCheckTimer();
    await until(async () => (await killed.getNextJob(token, { block: false })) !== undefined);
    await killed.close(true);
    // Its lock lapses at once.
    await redis.del('{lm:0}:events:1:lock');
  }
  const journal = new Journal();
  journal.replica('a');
  await until(() => journal.items.length === 1);
  await nothingLeft();
});

it('delivers a job again, in place, when its lease is lost half-way', async () => {
  const journal = new Journal();
  let lost = false;
  journal.replica('a', {
    process: async (_, batches) => {
      if (lost) return journal.take(batches);
      lost = true;
      await redis.set(leaseKey(0), 'another', 'PX', TIMING.leaseMs);
      await until(() => !workers.owned.includes(0));
      throw new Error('fenced');
    },
  });
  const [workers] = running as [PartitionWorkers<string>];
  for (const data of names(3)) await producer.add(0, [{ at: 1, data }]);
  await until(() => journal.items.length === 3);
  expect(journal.items).toEqual(names(3));
  expect(journal.calls.filter((call) => call.endsWith(' 0'))).toEqual(['a owns 0', 'a lost 0', 'a owns 0']);
  await nothingLeft();
});

it('keeps a lease that lapsed while nobody else took it', async () => {
  const journal = new Journal();
  const a = journal.replica('a');
  await until(() => a.owned.length === 3);
  await redis.del(leaseKey(0), leaseKey(1), leaseKey(2));
  await until(async () => (await redis.exists(leaseKey(0), leaseKey(1), leaseKey(2))) === 3);
  expect(journal.calls.filter((call) => call.includes('lost'))).toEqual([]);
});

it('spreads partitions over replicas as they come and go', async () => {
  const journal = new Journal();
  // No lease lapses by itself here, however busy the machine is.
  const timing = { ...TIMING, leaseMs: 60_000, lockMs: 60_000 };
  const a = journal.replica('a', { timing });
  await until(() => a.owned.length === 3);
  const b = journal.replica('b', { timing });
  await until(() => a.owned.length === 2 && b.owned.length === 1);
  const c = journal.replica('c', { timing });
  await until(() => [a, b, c].every((each) => each.owned.length === 1));
  expect([...a.owned, ...b.owned, ...c.owned].sort()).toEqual([0, 1, 2]);
  await a.close();
  await until(() => b.owned.length + c.owned.length === 3);
  await c.close();
  await until(() => b.owned.length === 3);
  for (const partition of [0, 1, 2]) {
    // At no time do two replicas work the same partition.
    const turns = journal.calls.filter((call) => call.endsWith(` ${partition}`)).map((call) => call.split(' ')[1]);
    expect(turns).toEqual(turns.map((_, index) => (index % 2 === 0 ? 'owns' : 'lost')));
  }
});

it('finishes the job under way when it closes, and leaves the rest to others', async () => {
  const journal = new Journal();
  let release = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    journal.replica('a', {
      process: async (_, batches) => {
        resolve();
        await new Promise<void>((go) => (release = go));
        return journal.take(batches);
      },
    });
  });
  const [a] = running as [PartitionWorkers<string>];
  for (const data of names(3)) await producer.add(0, [{ at: 1, data }]);
  await begun;
  const closing = a.close();
  release();
  await closing;
  expect(journal.items).toEqual(['item 0']);
  expect(await redis.keys('{lm:*}:lease')).toEqual([]);
  journal.replica('b');
  await until(() => journal.items.length === 3);
  expect(journal.items).toEqual(names(3));
  await nothingLeft();
});

it('goes on after Redis was killed and came back, with every item that was acknowledged, in order', async () => {
  const journal = new Journal();
  journal.replica('a', { maxTogether: 10 });
  const acknowledged: string[] = [];
  let stop = false;
  const feeding = (async () => {
    for (let i = 0; !stop; i += 1) {
      const added = await producer.add(0, [{ at: i, data: `item ${i}` }]).catch(() => null);
      if (added !== null) acknowledged.push(`item ${i}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  await until(() => journal.items.length > 20);
  await server.kill();
  await server.restart();
  const before = acknowledged.length;
  await until(() => acknowledged.length > before + 20);
  stop = true;
  await feeding;
  await until(() => journal.items.includes(acknowledged.at(-1) ?? ''));
  // What was not acknowledged may be there, and a job may have come twice; first appearances are in order.
  const firsts = [...new Set(journal.items)];
  expect(firsts.filter((name) => acknowledged.includes(name))).toEqual(acknowledged);
  await nothingLeft();
});

it('ticks for what is due, through the queue', async () => {
  const journal = new Journal();
  const due = clock.now() + 20;
  await redis.hset(INGESTION_KEY, { last: due + 60_000 });
  journal.replica('a', { initial: async (partition) => ({ nextDue: partition === 1 ? due : null }) });
  await until(() => journal.items.length === 1);
  expect(journal.items).toEqual([`tick ${due} ${due}`]);
  // An event that was stamped at that instant but comes behind the tick counts as later.
  expect((await producer.add(1, [{ at: due, data: 'late' }])).effective).toEqual([due + 1]);
  await until(() => journal.items.length === 2);
  expect(journal.instants).toEqual([due + 1, due + 1]);
});

it('works off what waits in a Redis that has reached its maxmemory, and whose worker has just changed', async () => {
  const journal = new Journal();
  const first = journal.replica('first');
  await until(() => first.owned.length === PARTITIONS);
  await first.close();
  for (let i = 0; i < 30; i += 1) await producer.add(i % PARTITIONS, [{ at: i, data: `item ${i}` }]);
  await redis.config('SET', 'maxmemory', 1);
  try {
    await expect(producer.add(0, [{ at: 99, data: 'refused' }])).rejects.toMatchObject({ outcome: 'refused' });
    const second = journal.replica('second');
    await until(async () => (await backlog(redis, PARTITIONS)).every((items) => items === 0));
    await second.close();
  } finally {
    await redis.config('SET', 'maxmemory', 0);
  }
  expect(journal.items.sort()).toEqual(Array.from({ length: 30 }, (_, i) => `item ${i}`).sort());
  await producer.add(0, [{ at: 100, data: 'taken again' }]);
});
