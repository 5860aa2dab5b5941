import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MARK_BUCKET_MS } from '@app/engine';
import { changeOf } from '@app/engine/store-contract';
import { hash128 } from '@app/event';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { RedisStateStore } from './redis-state-store.js';

let server: TestRedis;
let redis: Redis;
let store: RedisStateStore;
let marked: number;

beforeAll(async () => {
  server = await startTestRedis(['--appendonly', 'no']);
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(async () => {
  await redis.flushall();
  store = new RedisStateStore(redis, { partition: 0 });
  marked = 0;
});

async function remember(count: number, bucket: number): Promise<void> {
  for (let left = count; left > 0; left -= 500) {
    const marks = Array.from({ length: Math.min(left, 500) }, () => hash128(`mark ${(marked += 1)}`));
    const { head } = await store.load({ entities: [], identities: [] });
    await store.commit(changeOf({ expectedVersion: head.version, clock: bucket * MARK_BUCKET_MS, marks }));
  }
}

/** What all that is remembered takes in Redis, its keys included (bytes). */
async function used(): Promise<number> {
  const keys = await redis.keys('*seen:*');
  const sizes = await Promise.all(keys.map((key) => redis.call('MEMORY', 'USAGE', key)));
  return sizes.reduce<number>((sum, size) => sum + Number(size), 0);
}

/** Design §4, G8: bytes of Redis per remembered event and entity. */
const MOST_BYTES = 16;

describe('what is remembered takes at most 16 bytes for each', () => {
  it.each([50, 100, 400, 1_000, 1_600, 10_000])('%d in 12 h, three times, then hardly anything', async (busy) => {
    const quiet = Math.ceil(busy / 100);
    let count = 0;
    for (const [index, more] of [busy, busy, busy, quiet, quiet, 0].entries()) {
      await remember(more, 1_000 + index);
      count += more;
      expect((await used()) / count).toBeLessThanOrEqual(MOST_BYTES);
    }
  });

  // Its place was made by what came before; when that is forgotten it stands alone, for 12 h.
  it('but for the first quiet 12 h after busy ones that are forgotten: at most a byte for each that was', async () => {
    const busy = 10_000;
    await remember(busy, 1_000);
    await remember(100, 1_001);
    await remember(1, 1_007);
    expect(await used()).toBeLessThanOrEqual(busy);
    await remember(1, 1_008);
    expect(await used()).toBeLessThanOrEqual(200);
  });
});
