import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { createLogger, Telemetry } from '@app/telemetry';
import { Redis } from 'ioredis';
import { TIMING, until } from '../../../test/support/queue-world.js';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { ArchiveWorker, type ArchiveWorkerOptions, type Tenure } from './archive-worker.js';
import { backlogOf } from './intake.js';
import { ARCHIVE, leaseKey } from './keys.js';
import { PartitionProducer } from './producer.js';

/** No limit on time decides here: it only ends what hangs. */
jest.setTimeout(60_000);

let server: TestRedis;
let redis: Redis;
let producer: PartitionProducer<string>;
let running: ArchiveWorker<string>[];
/** The numbers of tenures, in the order in which they came. */
let numbers: number[];

/** Which tenure it was, from 1. */
function rankOf(number: number): number {
  if (!numbers.includes(number)) numbers.push(number);
  return numbers.indexOf(number) + 1;
}

/** What was stored, and by which tenure; the numbers of the jobs that came together. */
let stored: string[];
let together: number[];

beforeAll(async () => {
  server = await startTestRedis();
});

afterAll(() => server.stop());

beforeEach(async () => {
  redis = new Redis(server.url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  await redis.flushall();
  producer = new PartitionProducer<string>({ redisUrl: server.url, partitions: 0, onError: () => undefined });
  await producer.ready();
  [running, stored, together, numbers] = [[], [], [], []];
});

afterEach(async () => {
  await Promise.all(running.map((worker) => worker.close()));
  await producer.close();
  redis.disconnect();
});

function replica(replicaId: string, options: Partial<ArchiveWorkerOptions<string>> = {}): ArchiveWorker<string> {
  const worker = new ArchiveWorker<string>({
    redisUrl: server.url,
    replicaId,
    telemetry: new Telemetry(createLogger('test', 'silent')),
    process: async (tenure, batches) => {
      together.push(batches.length);
      for (const { items } of batches) stored.push(...items.map(({ data }) => `${data} by ${rankOf(tenure.number)}`));
      return 'stored';
    },
    onTrouble: () => undefined,
    maxTogether: 1_000,
    gather: { ms: 50, maxBytes: 1_000_000, items: 20 },
    timing: TIMING,
    ...options,
  });
  running.push(worker);
  worker.start();
  return worker;
}

const add = (data: string) => producer.add(ARCHIVE, [{ at: 0, data }]);

it('stores together what has gathered, in order, once enough waits', async () => {
  replica('a', { gather: { ms: 60_000, maxBytes: 1_000_000, items: 700 } });
  await Promise.all(Array.from({ length: 699 }, (_, i) => producer.add(ARCHIVE, [{ at: 0, data: `item ${i}` }])));
  expect(stored).toEqual([]);
  await add('item 699');
  await until(() => stored.length === 700);
  expect(stored).toEqual(Array.from({ length: 700 }, (_, i) => `item ${i} by 1`));
  expect(together).toHaveLength(1);
  await until(async () => (await backlogOf(redis, ARCHIVE)) === 0);
});

it('stores what has waited long enough, and at its end what has not', async () => {
  const worker = replica('a');
  await add('one');
  await until(() => stored.length === 1);
  await worker.close();
  const patient = replica('b', { gather: { ms: 60_000, maxBytes: 1_000_000, items: 20 } });
  await add('two');
  await until(async () => (await redis.llen('{lm:archive}:events:active')) === 1);
  await patient.close();
  expect(stored).toEqual(['one by 1', 'two by 2']);
  expect(await backlogOf(redis, ARCHIVE)).toBe(0);
});

it('tries again without end what could not be stored, and holds what comes behind it', async () => {
  let failures = 3;
  const told: unknown[] = [];
  replica('a', {
    onTrouble: (error) => told.push(error),
    process: async (_, batches) => {
      if (failures-- > 0) throw new Error('the store is away');
      for (const { items } of batches) stored.push(...items.map(({ data }) => data));
      return 'stored';
    },
  });
  for (const data of ['one', 'two', 'three']) await add(data);
  await until(() => stored.length === 3);
  expect(stored).toEqual(['one', 'two', 'three']);
  expect(told).toHaveLength(3);
});

it('is taken over, with a greater number, from a replica that was killed', async () => {
  await redis.set(leaseKey(ARCHIVE), 'killed', 'PX', TIMING.leaseMs);
  await redis.set('{lm:archive}:tenure', '7000000000000000');
  await add('one');
  replica('b');
  await until(() => stored.length === 1);
  expect(await redis.get('{lm:archive}:tenure')).toBe('7000000000000001');
});

it('gives no number twice, on a promoted replica that lacks the newest neither', async () => {
  const first = replica('a');
  await add('one');
  await until(() => stored.length === 1);
  await first.close();
  await redis.del('{lm:archive}:tenure');
  replica('b');
  await add('two');
  await until(() => stored.length === 2);
  expect(numbers.toSorted()).toEqual(numbers);
  expect(stored).toEqual(['one by 1', 'two by 2']);
});

it('tells a replica whose lease another has taken that its time is over', async () => {
  let tenure: Tenure | null = null;
  let finish: () => void = () => undefined;
  replica('a', {
    process: (own) => {
      tenure = own;
      return new Promise((resolve) => (finish = () => resolve('stored')));
    },
  });
  await add('one');
  await until(() => tenure !== null);
  expect(tenure).toMatchObject({ lasts: true });
  await redis.set(leaseKey(ARCHIVE), 'b', 'PX', 60_000);
  await redis.set('{lm:archive}:holder', 'b');
  await until(() => tenure?.lasts === false);
  finish();
  await until(async () => (await redis.get(leaseKey(ARCHIVE))) === 'b');
  // It was not completed: it stays for the other.
  expect(await backlogOf(redis, ARCHIVE)).toBe(1);
});

it('begins to count its jobs anew where their numbers are in use, and has them stored then', async () => {
  const tenures: Pick<Tenure, 'number' | 'before'>[] = [];
  const epochs: number[] = [];
  await redis.set('{lm:archive}:epoch', '5');
  replica('a', {
    process: async ({ number, epoch, before }) => {
      tenures.push({ number: rankOf(number), before });
      epochs.push(epoch);
      return epoch === 5 ? 'numbers in use' : 'stored';
    },
  });
  await add('one');
  await until(async () => (await backlogOf(redis, ARCHIVE)) === 0);
  expect(tenures).toEqual([
    { number: 1, before: 0 },
    { number: 2, before: 1 },
  ]);
  expect(epochs[1]).toBeGreaterThan(1_600_000_000_000);
});

it('takes jobs for those of an epoch before where its beginning is lost', async () => {
  const befores: number[] = [];
  await add('one');
  await redis.del('{lm:archive}:epoch', '{lm:archive}:before');
  replica('a', { process: async ({ before }) => (befores.push(before), 'stored') });
  await until(async () => (await backlogOf(redis, ARCHIVE)) === 0);
  expect(befores).toEqual([1]);
});

it('confirms by asking Redis that its time lasts, before it has heard that it is over', async () => {
  let tenure: Tenure | null = null;
  replica('a', {
    process: async (own) => ((tenure = own), 'stored'),
    timing: { ...TIMING, passMs: 600_000 },
  });
  await add('one');
  await until(() => tenure !== null);
  const held = tenure as unknown as Tenure;
  expect(await held.confirm()).toBe(true);
  await redis.set(leaseKey(ARCHIVE), 'b', 'PX', 60_000);
  await redis.set('{lm:archive}:holder', 'b');
  expect({ lasts: held.lasts, confirmed: await held.confirm() }).toEqual({ lasts: true, confirmed: false });
});

it('ends though what it stores never ends, and is no longer the one who writes', async () => {
  let tenure: Tenure | null = null;
  const worker = replica('a', {
    process: (own) => ((tenure = own), new Promise(() => undefined)),
    timing: { ...TIMING, closeMs: 1 },
  });
  await add('one');
  await until(() => tenure !== null);
  await worker.close();
  expect(tenure).toMatchObject({ lasts: false });
  expect(await backlogOf(redis, ARCHIVE)).toBe(1);
});

it('ends though Redis is away', async () => {
  const own = await startTestRedis();
  const worker = replica('a', { redisUrl: own.url });
  await own.stop();
  await worker.close();
});
