import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changeOf, describeStateStore } from '@app/engine/store-contract';
import { masters, patientConnection, type RedisClient, redisTime } from '@app/redis';
import { Redis } from 'ioredis';
import { startTestCluster, type TestCluster } from '../../../test/support/redis-cluster.js';
import { CatalogRegistry } from './catalog-registry.js';
import { clearState, hasState } from './clear-state.js';
import { checkDurability, memoryUse } from './durability.js';
import { QuarantineStore } from './quarantine-store.js';
import { RedisSeriesReader } from './redis-series-reader.js';
import { RedisStateStore } from './redis-state-store.js';
import { ReplayRequests } from './replay-requests.js';
import { UnknownTypesStore } from './unknown-types-store.js';

const PARTITIONS = 8;

let cluster: TestCluster;
let redis: RedisClient;

beforeAll(async () => {
  cluster = await startTestCluster();
  redis = patientConnection(cluster.url, () => undefined);
  await redisTime(redis, '{lm}');
});
afterAll(async () => {
  redis.disconnect();
  await cluster.stop();
});

/** Calls it with a connection of each master. */
async function onMasters(each: (server: Redis, index: number) => Promise<unknown>): Promise<void> {
  await Promise.all(masters(redis).map(each));
}

describeStateStore('RedisStateStore on a cluster', async () => {
  await onMasters((server) => server.flushall());
  const store = new RedisStateStore(redis, { partition: 3 });
  return { store, reader: new RedisSeriesReader(redis, PARTITIONS), close: () => Promise.resolve() };
});

describe('on a cluster', () => {
  it('durability is that of every master, and memory that of the fullest', async () => {
    expect(await checkDurability(redis)).toEqual({ ok: true, problems: [] });
    await onMasters((server, index) => server.config('SET', 'maxmemory', String(100 + 100 * index) + 'mb'));
    await onMasters((server, index) => server.config('SET', 'appendfsync', index === 1 ? 'no' : 'always'));
    const { ok, problems } = await checkDurability(redis);
    expect([ok, problems]).toEqual([false, [expect.stringMatching(/^127\.0\.0\.1:\d+: appendfsync is no: set it to/)]]);
    expect((await memoryUse(redis)).max).toBe(100 * 1024 * 1024);
  });

  it('the state of all partitions, wherever they are, is seen and removed; the rest stays', async () => {
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      const store = new RedisStateStore(redis, { partition });
      await store.commit(changeOf({ expectedVersion: 0, catalog: 'c', takeover: { layouts: new Map(), metrics: [] } }));
      await redis.set(`{lm:${partition}}:lease`, 'x');
    }
    expect(await hasState(redis, PARTITIONS)).toBe(true);
    await clearState(redis, PARTITIONS);
    expect(await hasState(redis, PARTITIONS)).toBe(false);
    const leases = Array.from({ length: PARTITIONS }, (_, partition) => redis.get(`{lm:${partition}}:lease`));
    expect(await Promise.all(leases)).toEqual(Array(PARTITIONS).fill('x'));
  });

  it('quarantine, unknown types, requests and the catalog work as on one server', async () => {
    const quarantine = new QuarantineStore(redis);
    const entry = { source: 's', accountId: 'a', reason: 'r', detail: 'd', raw: Buffer.from('{}') };
    expect(await quarantine.put([entry])).toBe(0);
    const [kept] = await quarantine.list(null, 10);
    expect(await quarantine.drop([kept?.id ?? ''])).toBe(1);
    const unknown = new UnknownTypesStore(redis);
    await unknown.put([{ type: 't', source: 's', raw: Buffer.from('{}') }]);
    expect([...(await unknown.counts())]).toEqual([['t', 1]]);
    const requests = new ReplayRequests(redis);
    const asked = requests.ask(['1-1']);
    let taken = await requests.take();
    while (taken === null) taken = await requests.take();
    await requests.answer(taken, []);
    expect(await asked).toEqual([]);
    const registry = new CatalogRegistry(redis);
    expect(await registry.propose({ fingerprint: 'f', by: 'me', files: '', metrics: ['m'] })).toEqual({
      version: 1,
      changed: true,
    });
  });

  it('no command went to a server that does not have its slot', async () => {
    await onMasters(async (server) => expect(await server.info('errorstats')).not.toMatch(/MOVED/));
  });
});
