import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { createLogger, Telemetry } from '@app/telemetry';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { HeartbeatReader, lastHeartbeat } from './heartbeat.js';
import { INGESTION_KEY } from './keys.js';
import { IngestionReadiness, type Outage, type ReadinessOptions } from './readiness.js';

/** No limit on time decides here: it only ends what hangs. */
jest.setTimeout(60_000);

let server: TestRedis;
let redis: Redis;
let running: IngestionReadiness[];

/** A replica whose outages are kept in `declared`; the first `failures` declarations fail. */
function replica(
  replicaId: string,
  failures = 0,
  more: Partial<ReadinessOptions> = {},
): { readiness: IngestionReadiness; declared: Outage[] } {
  const declared: Outage[] = [];
  let left = failures;
  const readiness = new IngestionReadiness({
    redis,
    replicaId,
    onOutage: async (outage) => {
      declared.push(outage);
      if (left-- > 0) throw new Error('the queue is away');
      expect(readiness.ready).toBe(false);
    },
    telemetry: new Telemetry(createLogger('test', 'silent')),
    everyMs: 20,
    maxGapMs: 10_000,
    ...more,
  });
  running.push(readiness);
  return { readiness, declared };
}

async function redisNow(): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}

beforeAll(async () => {
  server = await startTestRedis();
});

afterAll(() => server.stop());

beforeEach(async () => {
  running = [];
  redis = new Redis(server.url);
  await redis.flushall();
});

afterEach(async () => {
  await Promise.all(running.map((each) => each.stop()));
  redis.disconnect();
});

it('finds no outage at the very first start, and keeps beating', async () => {
  const { readiness, declared } = replica('a');
  expect(readiness.ready).toBe(false);
  expect(await lastHeartbeat(redis)).toBeNull();
  await readiness.start();
  expect(readiness.ready).toBe(true);
  expect(declared).toEqual([]);
  const first = (await lastHeartbeat(redis)) ?? Number.NaN;
  expect(await new HeartbeatReader(redis).newestFor(first)).toBeGreaterThanOrEqual(first);
  while ((await lastHeartbeat(redis)) === first) await redis.ping();
});

it('declares the time between two runs, however short, before it is ready', async () => {
  const before = replica('a');
  await before.readiness.start();
  await before.readiness.stop();
  expect(before.readiness.ready).toBe(false);
  const last = Number(await lastHeartbeat(redis));
  const { readiness, declared } = replica('b');
  await readiness.start();
  expect(declared).toEqual([{ from: last, to: expect.any(Number) as unknown as number }]);
  expect(declared[0]?.to).toBeGreaterThanOrEqual(last);
  expect(Number(await lastHeartbeat(redis))).toBeGreaterThanOrEqual(declared[0]?.to ?? Number.NaN);
});

it('finds no outage while another replica is live', async () => {
  const [one, other] = [replica('a'), replica('b')];
  await one.readiness.start();
  await other.readiness.start();
  await one.readiness.stop();
  const again = replica('c');
  await again.readiness.start();
  expect([...one.declared, ...other.declared, ...again.declared]).toEqual([]);
});

it('declares a gap above the limit while running, whichever replica sees it', async () => {
  const { readiness, declared } = replica('a');
  await readiness.start();
  const from = (await redisNow()) - 60_000;
  while (declared.length === 0) await redis.hset(INGESTION_KEY, { last: from, 'r:a': from });
  expect(declared[0]).toEqual({ from, to: expect.any(Number) as unknown as number });
});

it('declares again what could not be declared, and beats only then', async () => {
  await redis.hset(INGESTION_KEY, { last: 1_000 });
  const { readiness, declared } = replica('a', 2);
  await readiness.start();
  expect(declared.map((outage) => outage.from)).toEqual([1_000, 1_000, 1_000]);
  expect(readiness.ready).toBe(true);
});

it('is not ready while Redis is away, and declares that time', async () => {
  const own = new Redis(server.url, { maxRetriesPerRequest: 0, enableOfflineQueue: false, lazyConnect: true });
  own.on('error', () => undefined);
  await own.connect();
  const declared: Outage[] = [];
  const readiness = new IngestionReadiness({
    redis: own,
    replicaId: 'a',
    onOutage: async (outage) => void declared.push(outage),
    telemetry: new Telemetry(createLogger('test', 'silent')),
    everyMs: 20,
    maxGapMs: 200,
  });
  running.push(readiness);
  await readiness.start();
  const last = Number(await lastHeartbeat(redis));
  await server.kill();
  while (readiness.ready) await new Promise((resolve) => setImmediate(resolve));
  await server.restart();
  while (!readiness.ready) await new Promise((resolve) => setImmediate(resolve));
  expect(declared).toHaveLength(1);
  expect(declared[0]?.from).toBeGreaterThanOrEqual(last);
  await readiness.stop();
  own.disconnect();
});

it('counts it as an outage when events could not be stored, though the replica ran on', async () => {
  let able = true;
  const { readiness, declared } = replica('a', 0, { able: () => able, maxGapMs: 100 });
  await readiness.start();
  able = false;
  const before = (await lastHeartbeat(redis)) ?? 0;
  while ((await redisNow()) - before < 300) await redis.ping();
  const last = (await lastHeartbeat(redis)) ?? 0;
  expect(readiness.ready).toBe(false);
  able = true;
  while (declared.length === 0) await redis.ping();
  expect(declared[0]?.from).toBe(last);
  expect((declared[0]?.to ?? 0) - last).toBeGreaterThan(100);
});
