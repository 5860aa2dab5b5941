import { masters, type RedisClient } from '@app/redis';
import type { Redis } from 'ioredis';
import { headKey, partitionPrefix } from './keys.js';

/** What of a partition's keys is its state; the rest is its queue, and who works it. */
const STATE = /^(head|layouts|accounts|stats|entities|due|sizes|metrics|ages|(entity|series|age|seen):.*)$/s;

/** Keys that are looked at, and removed, together. */
const PAGE = 500;

/** Whether anything has ever been applied in one of the partitions. */
export async function hasState(redis: RedisClient, partitions: number): Promise<boolean> {
  const heads = Array.from({ length: partitions }, (_, partition) => headKey(partition));
  const found = await Promise.all(heads.map((key) => redis.exists(key)));
  return found.includes(1);
}

/** Removes the state and all series of every partition; what waits in queues, quarantine and the catalog stay. */
export async function clearState(redis: RedisClient, partitions: number): Promise<void> {
  const prefixes = Array.from({ length: partitions }, (_, partition) => partitionPrefix(partition));
  for (const server of masters(redis)) {
    for (const prefix of prefixes) await clearOn(server, prefix);
  }
}

/** A server looks through all its keys for each prefix; those of one prefix are in one slot, so they may go together. */
async function clearOn(server: Redis, prefix: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await server.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', PAGE);
    const state = keys.filter((key) => STATE.test(key.slice(prefix.length)));
    if (state.length > 0) await server.unlink(...state);
    cursor = next;
  } while (cursor !== '0');
}
