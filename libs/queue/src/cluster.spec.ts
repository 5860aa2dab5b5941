import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { patientConnection, type RedisClient } from '@app/redis';
import { createLogger, Telemetry } from '@app/telemetry';
import { until } from '../../../test/support/queue-world.js';
import { startTestCluster, type TestCluster } from '../../../test/support/redis-cluster.js';
import { appsAtWork } from './at-rest.js';
import { RedisClock } from './clock.js';
import { backlog } from './intake.js';
import { PartitionProducer } from './producer.js';
import { IngestionReadiness } from './readiness.js';
import { settlePartitions } from './start.js';
import { PartitionWorkers } from './workers.js';

const PARTITIONS = 8;
const telemetry = new Telemetry(createLogger('test', 'silent'));
const onError = (): undefined => undefined;

let cluster: TestCluster;
let redis: RedisClient;
let clock: RedisClock;
let producer: PartitionProducer<string>;
let workers: PartitionWorkers<string>;
const processed: string[] = [];

beforeAll(async () => {
  cluster = await startTestCluster();
  redis = patientConnection(cluster.url, onError);
  clock = new RedisClock(redis);
  await clock.start();
  producer = new PartitionProducer<string>({ redisUrl: cluster.url, partitions: PARTITIONS, onError });
  await producer.ready();
  workers = new PartitionWorkers<string>({
    redisUrl: cluster.url,
    partitions: PARTITIONS,
    replicaId: 'one',
    clock,
    telemetry,
    process: (_, batches) => {
      processed.push(...batches.flatMap(({ items }) => items.map(({ data }) => data)));
      return Promise.resolve({ nextDue: null });
    },
    initial: () => Promise.resolve({ nextDue: null }),
    tick: () => 'tick',
  });
  workers.start();
});
afterAll(async () => {
  await workers.close();
  await producer.close();
  clock.stop();
  redis.disconnect();
  await cluster.stop();
});

/** Adds to each partition until it is taken. Tells what refusals there were. */
async function addToAll(word: string): Promise<Set<unknown>> {
  const refusals = new Set<unknown>();
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const item = { at: clock.now(), data: `${word} ${partition}` };
    for (;;) {
      const refusal: unknown = await producer.add(partition, [item]).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.name : error),
      );
      if (refusal === null) break;
      refusals.add(refusal);
      await setImmediate();
    }
  }
  return refusals;
}

const allOf = (word: string): string[] => Array.from({ length: PARTITIONS }, (_, partition) => `${word} ${partition}`);

it('partitions are queued and worked off wherever they are', async () => {
  expect(await settlePartitions(redis, PARTITIONS)).toBe(PARTITIONS);
  expect(await addToAll('first')).toEqual(new Set());
  await until(async () => (await backlog(redis, PARTITIONS)).every((waiting) => waiting === 0));
  expect(processed.toSorted()).toEqual(allOf('first'));
  const onOutage = (): Promise<void> => Promise.resolve();
  const readiness = new IngestionReadiness({ redis, replicaId: 'r', onOutage, telemetry });
  await readiness.start();
  expect(await appsAtWork(redis)).toEqual(['ingestion', 'metrics']);
  await readiness.stop();
});

it('goes on by itself when a master is killed and its replica takes over', async () => {
  processed.splice(0);
  const [, refusals] = await Promise.all([cluster.killMasterOf('{lm:0}'), addToAll('second')]);
  expect([...refusals].filter((name) => name !== 'QueueUnavailable')).toEqual([]);
  await addToAll('third');
  await until(async () => (await backlog(redis, PARTITIONS)).every((waiting) => waiting === 0));
  // What was not acknowledged may be there twice.
  expect([...new Set(processed)].toSorted()).toEqual([...allOf('second'), ...allOf('third')]);
});
