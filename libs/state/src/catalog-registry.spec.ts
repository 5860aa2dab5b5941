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
    expect(await registry.version()).toBe(0);
    const propose = (fingerprint: string, by: string, ...metrics: string[]) =>
      registry.propose({ fingerprint, by, files: `the files of ${fingerprint}`, metrics });
    expect(await propose('one', 'replica-1', 'a@1', 'b@1')).toEqual({ version: 1, changed: true });
    expect(await propose('one', 'replica-2', 'a@1', 'b@1')).toEqual({ version: 1, changed: false });
    expect(await registry.current()).toMatchObject({ fingerprint: 'one', version: 1, proposedBy: 'replica-1' });
    expect(await propose('two', 'replica-2', 'a@1', 'c@1')).toEqual({ version: 2, changed: true });
    expect(await propose('one', 'replica-1', 'a@1', 'b@1')).toEqual({ version: 3, changed: true });
    expect(await registry.version()).toBe(3);
    expect(await registry.current()).toMatchObject({
      files: 'the files of one',
      since: new Map([
        ['a@1', 1],
        ['b@1', 3],
      ]),
    });
    const [seconds = 0] = await redis.time();
    const current = await registry.current();
    expect(Math.abs((current?.at ?? 0) / 1000 - Number(seconds))).toBeLessThan(60);
  });
});
