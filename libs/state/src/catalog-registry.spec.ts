import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { CatalogRegistry } from './catalog-registry.js';

describe('CatalogRegistry', () => {
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

  it('lets the last proposal win, and changes nothing for the catalog in force', async () => {
    const registry = new CatalogRegistry(redis);
    expect(await registry.current()).toBeNull();
    expect(await registry.propose('one', 'replica-1')).toEqual({ version: 1, changed: true });
    expect(await registry.propose('one', 'replica-2')).toEqual({ version: 1, changed: false });
    expect(await registry.current()).toMatchObject({ fingerprint: 'one', version: 1, proposedBy: 'replica-1' });
    expect(await registry.propose('two', 'replica-2')).toEqual({ version: 2, changed: true });
    expect(await registry.propose('one', 'replica-1')).toEqual({ version: 3, changed: true });
    const [seconds = 0] = await redis.time();
    const current = await registry.current();
    expect(Math.abs((current?.at ?? 0) / 1000 - Number(seconds))).toBeLessThan(60);
  });
});
