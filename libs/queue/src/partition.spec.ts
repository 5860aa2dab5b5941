import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { ensurePartitions, partitionOf } from './partition.js';

/** No limit on time decides here: it only ends what hangs. */
jest.setTimeout(60_000);

describe('the partition of an entity', () => {
  it.each([
    { account: '84731', entity: 'c1', partitions: 1, want: 0 },
    { account: '84731', entity: 'c1', partitions: 8, want: partitionOf('84731', 'c1', 8) },
  ])('$account/$entity of $partitions is always the same', ({ account, entity, partitions, want }) => {
    expect(partitionOf(account, entity, partitions)).toBe(want);
  });

  it('does not confuse account and id', () => {
    const pairs = Array.from({ length: 64 }, (_, i) => [
      partitionOf(`${i}1`, '2', 1024),
      partitionOf(String(i), '12', 1024),
    ]);
    expect(pairs.some(([a, b]) => a !== b)).toBe(true);
  });

  it('spreads entities evenly', () => {
    const counts = new Array<number>(8).fill(0);
    for (let i = 0; i < 8_000; i += 1) {
      const partition = partitionOf('84731', `conversation-${i}`, 8);
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(200);
  });
});

describe('the number of partitions', () => {
  let server: TestRedis;
  let redis: Redis;

  beforeEach(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
  });

  afterEach(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('is 8 unless told otherwise, and whoever does not mind takes what is there', async () => {
    expect(await ensurePartitions(redis, null)).toBe(8);
    expect(await ensurePartitions(redis, 8)).toBe(8);
    expect(await ensurePartitions(redis, null)).toBe(8);
  });

  it('stays what the first start made it, and says how to migrate', async () => {
    expect(await ensurePartitions(redis, 3)).toBe(3);
    expect(await ensurePartitions(redis, null)).toBe(3);
    await expect(ensurePartitions(redis, 16)).rejects.toThrow(
      /laid out in 3 partitions, but 16 are asked for .*LIVEMETER_PARTITIONS=3 .*empty Redis/,
    );
  });

  it.each([0, -1, 1.5, 1_025])('cannot be %p', async (wanted) => {
    await expect(ensurePartitions(redis, wanted)).rejects.toThrow(RangeError);
  });
});
