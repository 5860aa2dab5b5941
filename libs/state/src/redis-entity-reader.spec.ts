import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntityRecord } from '@app/engine';
import { changeOf, HOSTILE_TEXTS } from '@app/engine/store-contract';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { type KeptEntity, RedisEntityReader } from './redis-entity-reader.js';
import { RedisStateStore } from './redis-state-store.js';

describe('RedisEntityReader', () => {
  let server: TestRedis;
  let redis: Redis;
  let reader: RedisEntityReader;

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await redis.flushall();
    reader = new RedisEntityReader(redis, 2);
  });

  const record = (name: string): EntityRecord => {
    const nothing = { setBy: [], lastKey: null, lagMs: 0, timers: [], contributions: [], held: [], recent: [] };
    return { layoutId: 'l1', known: true, values: [name], ...nothing };
  };
  const put = (partition: number, accountId: string, ids: readonly string[]) =>
    new RedisStateStore(redis, { partition }).commit(
      changeOf({
        expectedVersion: 0,
        takeover: { layouts: new Map([['l1', 'the layout']]), metrics: [] },
        entities: ids.map((id) => ({ ref: { kind: 'agent', accountId, id }, record: record(id), due: null })),
      }),
    );
  const all = async (accountId: string): Promise<KeptEntity[]> => {
    const found: KeptEntity[] = [];
    for await (const slice of reader.entities('agent', accountId)) found.push(...slice);
    return found;
  };

  it("reads one account's entities of all partitions, each once, with their layout", async () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `agent-${index}`);
    await put(0, 'a', ids);
    await put(1, 'a', HOSTILE_TEXTS);
    const found = await all('a');
    expect(found.map(({ id }) => id).sort()).toEqual([...ids, ...HOSTILE_TEXTS].sort());
    expect(found.every(({ id, layout, record: { values } }) => layout === 'the layout' && values[0] === id)).toBe(true);
    expect(await all('b')).toEqual([]);
  });

  it('reads one entity', async () => {
    await put(1, '\ud800', ['x']);
    const ref = { kind: 'agent', accountId: '\ud800', id: 'x' } as const;
    expect(await reader.entity(ref)).toEqual({ id: 'x', record: record('x'), layout: 'the layout' });
    expect(await reader.entity({ ...ref, id: 'y' })).toBeNull();
    expect(await reader.entity({ ...ref, accountId: '\udc00' })).toBeNull();
  });

  it('leaves out what cannot be read', async () => {
    await put(0, 'a', ['x']);
    await redis.hset('{lm:0}:entity:agent:a', { y: 'nonsense' });
    expect((await all('a')).map(({ id }) => id)).toEqual(['x']);
    expect(await reader.entity({ kind: 'agent', accountId: 'a', id: 'y' })).toBeNull();
  });
});
