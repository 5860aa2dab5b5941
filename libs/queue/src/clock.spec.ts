import { expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { startTestRedis } from '../../../test/support/redis.js';
import { RedisClock } from './clock.js';

/** No limit on time decides here: it only ends what hangs. */
jest.setTimeout(60_000);

it("tells Redis's time in whole milliseconds, never backwards", async () => {
  const server = await startTestRedis();
  const redis = new Redis(server.url);
  const clock = new RedisClock(redis);
  expect(() => clock.now()).toThrow('not been started');
  await clock.start();
  let last = 0;
  for (let i = 0; i < 1_000; i += 1) {
    const now = clock.now();
    expect(Number.isInteger(now) && now >= last).toBe(true);
    last = now;
  }
  const [seconds] = await redis.time();
  // Wide enough for any machine: what must not happen is another unit or another clock's origin.
  expect(Math.abs(clock.now() - Number(seconds) * 1_000)).toBeLessThan(60_000);
  clock.stop();
  redis.disconnect();
  await server.stop();
});
