import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { Queue } from 'bullmq';
import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { backlog, countDone, type JobData } from './intake.js';
import type { Added } from './lane.js';
import { PartitionProducer } from './producer.js';

/** No limit on time decides here: it only ends what hangs. */
jest.setTimeout(60_000);

let server: TestRedis;
let redis: Redis;
let producers: PartitionProducer<number>[];

function producer(): PartitionProducer<number> {
  const made = new PartitionProducer<number>({ redisUrl: server.url, partitions: 4, onError: () => undefined });
  producers.push(made);
  return made;
}

/** What stands in a partition's queue, first job first. */
async function jobsOf(partition: number): Promise<{ id: string; floor: number; items: JobData<number> }[]> {
  const queue = new Queue<JobData<number>>('events', {
    connection: redis,
    prefix: `{lm:${partition}}`,
    skipMetasUpdate: true,
  });
  const jobs = await queue.getWaiting();
  await queue.close();
  const byAge = jobs.sort((a, b) => Number(a.id) - Number(b.id));
  return byAge.map((job) => ({ id: job.id ?? '', floor: Number(job.name), items: job.data }));
}

beforeAll(async () => {
  server = await startTestRedis();
});

afterAll(() => server.stop());

beforeEach(async () => {
  producers = [];
  redis = new Redis(server.url, { maxRetriesPerRequest: null });
  await redis.flushall();
});

afterEach(async () => {
  await Promise.all(producers.map((each) => each.close()));
  redis.disconnect();
});

it('keeps the order of calls, in few jobs', async () => {
  const one = producer();
  await one.ready();
  await Promise.all(Array.from({ length: 1_200 }, (_, i) => one.add(0, [{ at: i, data: i }])));
  const jobs = await jobsOf(0);
  expect(jobs.flatMap((job) => job.items.map(([, data]) => data))).toEqual(Array.from({ length: 1_200 }, (_, i) => i));
  expect(jobs.map((job) => job.items.length)).toEqual([1, 500, 500, 199]);
});

it('tells every producer the instants that a worker computes from the queue', async () => {
  const [one, other] = [producer(), producer()];
  await Promise.all([one.ready(), other.ready()]);
  const call = fc.record({ first: fc.boolean(), ats: fc.array(fc.nat(40), { minLength: 1, maxLength: 5 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 25 }), async (calls) => {
      await redis.flushall();
      let next = 0;
      const told = new Map<number, number>();
      const adds = calls.map(async ({ first, ats }) => {
        const items = ats.map((at) => ({ at, data: next++ }));
        const { effective } = await (first ? one : other).add(1, items);
        items.forEach(({ data }, index) => told.set(data, effective[index] ?? Number.NaN));
      });
      await Promise.all(adds);
      let clock = 0;
      const computed = new Map<number, number>();
      for (const job of await jobsOf(1)) {
        expect(job.floor).toBe(clock);
        for (const [at, data] of job.items) {
          clock = Math.max(clock, at);
          computed.set(data, clock);
        }
      }
      expect([...told].sort()).toEqual([...computed].sort());
    }),
    { numRuns: 40 },
  );
});

it('counts what is queued and not yet done, and counts a job once', async () => {
  const one = producer();
  await one.ready();
  const added = await one.add(
    2,
    [1, 2, 3].map((data) => ({ at: 1, data })),
  );
  await one.add(2, [{ at: 1, data: 4 }]);
  expect(await backlog(redis, 4)).toEqual([0, 0, 4, 0]);
  const job = { id: String(added.job), items: 3 };
  await countDone(redis, 2, job);
  await countDone(redis, 2, job);
  expect(await backlog(redis, 4)).toEqual([0, 0, 1, 0]);
  await countDone(redis, 2, { id: String(added.job + 1), items: 1 });
  expect(await backlog(redis, 4)).toEqual([0, 0, 0, 0]);
});

it('refuses a partition that does not exist, and takes no items without a word', async () => {
  const one = producer();
  await one.ready();
  await expect(one.add(4, [{ at: 1, data: 1 }])).rejects.toThrow(RangeError);
  expect((await one.add(3, [])).effective).toEqual([]);
  expect(await redis.keys('{lm:3}*')).toEqual([]);
});

it('goes on after Redis forgot its scripts, and raises no floor for what it did not store', async () => {
  const one = producer();
  await one.ready();
  await one.add(0, [{ at: 5, data: 1 }]);
  await redis.script('FLUSH');
  await expect(one.add(0, [{ at: 9, data: 2 }])).rejects.toMatchObject({ outcome: 'refused' });
  let added: Added | null = null;
  while (added === null) {
    await new Promise((resolve) => setImmediate(resolve));
    added = await one.add(0, [{ at: 1, data: 3 }]).catch(() => null);
  }
  expect(added.effective).toEqual([5]);
});

it('refuses while Redis is full, and goes on when there is room', async () => {
  const one = producer();
  await one.ready();
  await one.add(0, [{ at: 5, data: 1 }]);
  await redis.config('SET', 'maxmemory', '1');
  await expect(one.add(0, [{ at: 9, data: 2 }])).rejects.toMatchObject({ name: 'QueueUnavailable' });
  await redis.config('SET', 'maxmemory', '0');
  expect((await one.add(0, [{ at: 1, data: 3 }])).effective).toEqual([5]);
  expect((await jobsOf(0)).flatMap((job) => job.items)).toEqual([
    [5, 1],
    [1, 3],
  ]);
});

it('refuses while its server is only a replica', async () => {
  const one = producer();
  await one.ready();
  await one.add(0, [{ at: 5, data: 1 }]);
  await redis.call('REPLICAOF', ['127.0.0.1', '1']);
  await expect(one.add(0, [{ at: 6, data: 2 }])).rejects.toMatchObject({ outcome: 'refused' });
  await redis.call('REPLICAOF', ['NO', 'ONE']);
  expect((await one.add(0, [{ at: 1, data: 3 }])).effective).toEqual([5]);
});

it('rejects while Redis is away, and loses nothing that it acknowledged when Redis is killed', async () => {
  const one = producer();
  await one.ready();
  await one.add(0, [{ at: 5, data: 1 }]);
  await server.kill();
  await expect(one.add(0, [{ at: 6, data: 2 }])).rejects.toMatchObject({ name: 'QueueUnavailable' });
  await expect(one.add(0, [{ at: 7, data: 3 }])).rejects.toMatchObject({ name: 'QueueUnavailable' });
  await server.restart();
  await one.ready();
  expect((await one.add(0, [{ at: 1, data: 4 }])).effective).toEqual([5]);
  expect((await jobsOf(0)).flatMap((job) => job.items.map(([, data]) => data))).toEqual([1, 4]);
});

it('rejects when Redis hangs, and goes on when it wakes up', async () => {
  const one = producer();
  await one.ready();
  await one.add(0, [{ at: 5, data: 1 }]);
  const pid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
  process.kill(pid, 'SIGSTOP');
  const outcomes = await Promise.allSettled([one.add(0, [{ at: 6, data: 2 }]), one.add(0, [{ at: 9, data: 3 }])]);
  process.kill(pid, 'SIGCONT');
  expect(outcomes).toMatchObject([
    { status: 'rejected', reason: { outcome: 'unknown' } },
    { status: 'rejected', reason: { outcome: 'refused' } },
  ]);
  // The add under way was done after all; what waited for it never was.
  expect((await one.add(0, [{ at: 1, data: 4 }])).effective).toEqual([6]);
  expect((await jobsOf(0)).flatMap((job) => job.items.map(([, data]) => data))).toEqual([1, 2, 4]);
});
