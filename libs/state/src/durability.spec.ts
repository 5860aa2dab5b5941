import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { checkDurability, memoryUse } from './durability.js';

describe('what Redis promises', () => {
  let server: TestRedis;
  let redis: Redis;

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url, { maxRetriesPerRequest: 0 });
    redis.on('error', () => undefined);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('is durable only with all three settings', async () => {
    expect(await checkDurability(redis)).toEqual({ ok: true, problems: [] });
    await redis.config('SET', 'appendfsync', 'everysec');
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await checkDurability(redis)).toEqual({
      ok: false,
      problems: ['appendfsync is everysec: set it to always', 'maxmemory-policy is allkeys-lru: set it to noeviction'],
    });
  });

  it('counts what cannot be read as a problem', async () => {
    await redis.acl('SETUSER', 'limited', 'on', '>secret', '~*', '+@all', '-config');
    const limited = new Redis(server.port, '127.0.0.1', { username: 'limited', password: 'secret' });
    const { ok, problems } = await checkDurability(limited);
    limited.disconnect();
    expect(ok).toBe(false);
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatch(/^appendonly cannot be read \(NOPERM .*\): allow CONFIG GET$/);
  });

  it('tells the memory in use and the limit', async () => {
    expect((await memoryUse(redis)).max).toBeNull();
    await redis.config('SET', 'maxmemory', '100mb');
    const { used, max } = await memoryUse(redis);
    expect([used > 0, max]).toEqual([true, 100 * 1024 * 1024]);
  });
});
