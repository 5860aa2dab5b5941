import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { OTHER_TYPES, UnknownTypesStore } from './unknown-types-store.js';

describe('UnknownTypesStore', () => {
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
  beforeEach(() => redis.flushall());

  const event = (type: string, text = '{}') => ({ type, source: 'live\nperson', raw: Buffer.from(text) });

  it('keeps the newest of each type and counts all', async () => {
    const store = new UnknownTypesStore(redis, { maxTypes: 5, maxPerType: 2 });
    await store.put([event('A', '1'), event('A', '2'), event('A', '3\n\n'), event('__proto__')]);
    expect(await store.counts()).toEqual(
      new Map([
        ['A', 3],
        ['__proto__', 1],
      ]),
    );
    const kept = await store.list('A', 10);
    expect(kept.map(({ source, raw }) => [source, Buffer.from(raw).toString()])).toEqual([
      ['live\nperson', '3\n\n'],
      ['live\nperson', '2'],
    ]);
  });

  it('keeps what is of too many types under one name', async () => {
    const store = new UnknownTypesStore(redis, { maxTypes: 2, maxPerType: 2 });
    await store.put(['A', 'B', 'C', 'D', 'A'].map((type) => event(type)));
    expect(await store.counts()).toEqual(
      new Map([
        ['A', 2],
        ['B', 1],
        [OTHER_TYPES, 2],
      ]),
    );
  });

  it('cuts long names and large events', async () => {
    const store = new UnknownTypesStore(redis);
    await store.put([event('x'.repeat(500), 'y'.repeat(100_000))]);
    const [[type = ''] = []] = [...(await store.counts())];
    expect([type.length, (await store.list(type, 1))[0]?.raw.length]).toEqual([128, 16 * 1024]);
  });
});
