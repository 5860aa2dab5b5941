import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { arbitraryCourse, compared } from '../../../test/support/crash-course.js';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { RedisSeriesReader } from './redis-series-reader.js';
import { RedisStateStore } from './redis-state-store.js';

describe('a partition on Redis', () => {
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

  it('comes to the same numbers however its queue is cut, ticked and redelivered, and its workers crash and stall', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCourse, async (course) => {
        await redis.flushall();
        const store = new RedisStateStore(redis, { partition: 0 });
        const { want, got } = await compared(course, { store, reader: new RedisSeriesReader(redis, 1) });
        expect(got).toBe(want);
      }),
      { numRuns: 20 },
    );
  }, 240_000);
});
