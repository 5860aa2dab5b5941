import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { Worker } from 'bullmq';
import { names, NOTHING_LEFT, PARTITIONS, QueueWorld, TIMING, until } from '../../../test/support/queue-world.js';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { backlog } from './intake.js';
import { INGESTION_KEY, leaseKey } from './keys.js';

/** No limit on time decides here: it only ends what hangs. */
jest.setTimeout(60_000);

let server: TestRedis;
let world: QueueWorld;

beforeAll(async () => {
  server = await startTestRedis();
});

afterAll(() => server.stop());

beforeEach(async () => {
  world = await QueueWorld.begin(server);
});

afterEach(() => world.end());

it('works the items of a partition in order, with the instants that the producer was told', async () => {
  const told = await Promise.all(names(1_500).map((data, i) => world.producer.add(0, [{ at: (i * 7) % 1_000, data }])));
  world.replica('a');
  await until(() => world.items.length === 1_500);
  expect(world.items).toEqual(names(1_500));
  expect(world.instants).toEqual(told.flatMap((added) => added.effective));
  expect(await world.left()).toEqual(NOTHING_LEFT);
  expect(await backlog(world.redis, PARTITIONS)).toEqual([0, 0, 0]);
});

it('tries a batch again under the same lock until it succeeds, and holds back what comes after it', async () => {
  const stalls: (string | null)[] = [];
  let failures = 3;
  world.replica('a', {
    process: async (_, batches) => {
      if (failures-- > 0) throw new Error('the store is away');
      stalls.push(await world.redis.hget(`{lm:0}:events:${batches[0]?.id}`, 'stc'));
      return world.take(batches);
    },
    // No lock lapses by itself here, however busy the machine is.
    timing: { ...TIMING, leaseMs: 60_000, lockMs: 60_000 },
  });
  for (const data of names(5)) await world.producer.add(0, [{ at: 1, data }]);
  await until(() => world.items.length === 5);
  expect(world.items).toEqual(names(5));
  expect(stalls[0]).toBeNull();
  expect(await world.left()).toEqual(NOTHING_LEFT);
});

it('takes over from a killed replica: the job that it held comes first, and nothing fails', async () => {
  for (const data of names(4)) await world.producer.add(0, [{ at: 1, data }]);
  // A replica that took the lease and a job, and was never heard of again.
  await world.redis.set(leaseKey(0), 'killed', 'PX', TIMING.leaseMs);
  const killed = new Worker('events', null, { connection: world.redis, prefix: '{lm:0}', lockDuration: TIMING.lockMs });
  const job = (await killed.getNextJob('killed')) as { data: unknown } | undefined;
  expect(job?.data).toEqual([[1, 'item 0']]);
  await killed.close(true);
  world.replica('a');
  await until(() => world.items.length === 4);
  expect(world.items).toEqual(names(4));
  expect(await world.left()).toEqual(NOTHING_LEFT);
});

it('takes over again and again: a job whose workers were killed one after the other never counts as failed', async () => {
  await world.producer.add(0, [{ at: 1, data: 'item 0' }]);
  const options = { connection: world.redis, prefix: '{lm:0}', lockDuration: TIMING.lockMs, stalledInterval: 50 };
  for (const token of ['first', 'second', 'third']) {
    const killed = new Worker('events', null, { ...options, maxStalledCount: Number.MAX_SAFE_INTEGER });
    await killed.startStalledCheckTimer();
    await until(async () => (await killed.getNextJob(token, { block: false })) !== undefined);
    await killed.close(true);
    // Its lock lapses at once.
    await world.redis.del('{lm:0}:events:1:lock');
  }
  const marks: (string | null)[] = [];
  world.replica('a', {
    process: async (_, batches) => {
      // With this mark BullMQ's own workers would put it among the failed.
      marks.push(await world.redis.hget('{lm:0}:events:1', 'defa'));
      return world.take(batches);
    },
  });
  await until(() => world.items.length === 1);
  expect(marks).toEqual([null]);
  expect(await world.left()).toEqual(NOTHING_LEFT);
});

it('delivers a job again, in place, when its lease is lost half-way', async () => {
  let lost = false;
  const workers = world.replica('a', {
    process: async (_, batches) => {
      if (lost) return world.take(batches);
      lost = true;
      await world.redis.set(leaseKey(0), 'another', 'PX', TIMING.leaseMs);
      await until(() => !workers.owned.includes(0));
      throw new Error('fenced');
    },
  });
  for (const data of names(3)) await world.producer.add(0, [{ at: 1, data }]);
  await until(() => world.items.length === 3);
  expect(world.items).toEqual(names(3));
  expect(world.calls.filter((call) => call.endsWith(' 0'))).toEqual(['a owns 0', 'a lost 0', 'a owns 0']);
  expect(await world.left()).toEqual(NOTHING_LEFT);
});

it('keeps a lease that lapsed while nobody else took it', async () => {
  const a = world.replica('a');
  await until(() => a.owned.length === 3);
  await world.redis.del(leaseKey(0), leaseKey(1), leaseKey(2));
  await until(async () => (await world.redis.exists(leaseKey(0), leaseKey(1), leaseKey(2))) === 3);
  expect(world.calls.filter((call) => call.includes('lost'))).toEqual([]);
});

it('spreads partitions over replicas as they come and go', async () => {
  // No lease lapses by itself here, however busy the machine is.
  const timing = { ...TIMING, leaseMs: 60_000, lockMs: 60_000 };
  const a = world.replica('a', { timing });
  await until(() => a.owned.length === 3);
  const b = world.replica('b', { timing });
  await until(() => a.owned.length === 2 && b.owned.length === 1);
  const c = world.replica('c', { timing });
  await until(() => [a, b, c].every((each) => each.owned.length === 1));
  expect([...a.owned, ...b.owned, ...c.owned].sort()).toEqual([0, 1, 2]);
  await a.close();
  await until(() => b.owned.length + c.owned.length === 3);
  await c.close();
  await until(() => b.owned.length === 3);
  for (const partition of [0, 1, 2]) {
    // At no time do two replicas work the same partition.
    const turns = world.calls.filter((call) => call.endsWith(` ${partition}`)).map((call) => call.split(' ')[1]);
    expect(turns).toEqual(turns.map((_, index) => (index % 2 === 0 ? 'owns' : 'lost')));
  }
});

it('finishes the job under way when it closes, and leaves the rest to others', async () => {
  let begin = (): void => undefined;
  let release = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const a = world.replica('a', {
    process: async (_, batches) => {
      begin();
      await new Promise<void>((go) => (release = go));
      return world.take(batches);
    },
  });
  for (const data of names(3)) await world.producer.add(0, [{ at: 1, data }]);
  await begun;
  const closing = a.close();
  release();
  await closing;
  expect(world.items).toEqual(['item 0']);
  expect(await world.redis.keys('{lm:*}:lease')).toEqual([]);
  world.replica('b');
  await until(() => world.items.length === 3);
  expect(world.items).toEqual(names(3));
  expect(await world.left()).toEqual(NOTHING_LEFT);
});

it('goes on after Redis was killed and came back, with every item that was acknowledged, in order', async () => {
  world.replica('a', { maxTogether: 10 });
  const acknowledged: string[] = [];
  let stop = false;
  const feeding = (async () => {
    for (let i = 0; !stop; i += 1) {
      const added = await world.producer.add(0, [{ at: i, data: `item ${i}` }]).catch(() => null);
      if (added !== null) acknowledged.push(`item ${i}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  await until(() => world.items.length > 20);
  await world.server.kill();
  await world.server.restart();
  const before = acknowledged.length;
  await until(() => acknowledged.length > before + 20);
  stop = true;
  await feeding;
  await until(() => world.items.includes(acknowledged.at(-1) ?? ''));
  // What was not acknowledged may be there, and a job may have come twice; first appearances are in order.
  const firsts = [...new Set(world.items)];
  expect(firsts.filter((name) => acknowledged.includes(name))).toEqual(acknowledged);
  expect(await world.left()).toEqual(NOTHING_LEFT);
});

it('ticks for what is due, through the queue', async () => {
  const due = world.clock.now() + 20;
  await world.redis.hset(INGESTION_KEY, { last: due + 60_000 });
  world.replica('a', { initial: async (partition) => ({ nextDue: partition === 1 ? due : null }) });
  await until(() => world.items.length === 1);
  expect(world.items).toEqual([`tick ${due} ${due}`]);
  // An event that was stamped at that instant but comes behind the tick counts as later.
  expect((await world.producer.add(1, [{ at: due, data: 'late' }])).effective).toEqual([due + 1]);
  await until(() => world.items.length === 2);
  expect(world.instants).toEqual([due + 1, due + 1]);
});

it('works off what waits in a Redis that has reached its maxmemory, and whose worker has just changed', async () => {
  const first = world.replica('first');
  await until(() => first.owned.length === PARTITIONS);
  await first.close();
  for (let i = 0; i < 30; i += 1) await world.producer.add(i % PARTITIONS, [{ at: i, data: `item ${i}` }]);
  await world.redis.config('SET', 'maxmemory', 1);
  try {
    await expect(world.producer.add(0, [{ at: 99, data: 'refused' }])).rejects.toMatchObject({ outcome: 'refused' });
    const second = world.replica('second');
    await until(async () => (await backlog(world.redis, PARTITIONS)).every((items) => items === 0));
    await second.close();
  } finally {
    await world.redis.config('SET', 'maxmemory', 0);
  }
  expect(world.items.sort()).toEqual(Array.from({ length: 30 }, (_, i) => `item ${i}`).sort());
  await world.producer.add(0, [{ at: 100, data: 'taken again' }]);
});
