import type { Redis } from 'ioredis';
import { headKey, partitionPrefix } from './keys.js';

/** What of a partition's keys is its state; the rest is its queue, and who works it. */
const STATE = /^(head|layouts|accounts|stats|entities|due|sizes|metrics|ages|(entity|series|age|seen):.*)$/s;

/** Keys that are looked at, and removed, together. */
const PAGE = 500;

/** Whether anything has ever been applied in one of the partitions. */
export async function hasState(redis: Redis, partitions: number): Promise<boolean> {
  const heads = Array.from({ length: partitions }, (_, partition) => headKey(partition));
  const found = await Promise.all(heads.map((key) => redis.exists(key)));
  return found.includes(1);
}

/** Removes the state and all series of every partition; what waits in queues, quarantine and the catalog stay. */
export async function clearState(redis: Redis, partitions: number): Promise<void> {
  for (let partition = 0; partition < partitions; partition += 1) {
    const prefix = partitionPrefix(partition);
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', PAGE);
      const state = keys.filter((key) => STATE.test(key.slice(prefix.length)));
      if (state.length > 0) await redis.unlink(...state);
      cursor = next;
    } while (cursor !== '0');
  }
}
