import { hash128 } from '@app/event';
import type { RedisClient } from '@app/redis';
import { PARTITIONS_KEY } from './keys.js';

/** How many partitions a new Redis gets unless told otherwise. */
export const DEFAULT_PARTITIONS = 8;

const MAX_PARTITIONS = 1024;

/** The partition (from 0) of an entity; the same on every machine. */
export function partitionOf(accountId: string, entityId: string, partitions: number): number {
  const hash = hash128(`${accountId.length}:${accountId}${entityId}`);
  return Number.parseInt(hash.slice(0, 8), 16) % partitions;
}

/** Another number of partitions is asked for than the Redis is laid out in. The message says what to do. */
export class PartitionsDiffer extends Error {
  override readonly name = 'PartitionsDiffer';

  constructor(
    readonly kept: number,
    readonly wanted: number,
  ) {
    super(
      `This Redis is laid out in ${kept} partitions, but ${wanted} are asked for (LIVEMETER_PARTITIONS). The number is ` +
        `fixed at the first start, because it decides where the state of each entity lives, and state is not moved in ` +
        `place. Either set LIVEMETER_PARTITIONS=${kept} (or leave it unset), or migrate: hold the senders back until the ` +
        `backlog is 0, stop the apps, point REDIS_URL at an empty Redis, and set LIVEMETER_PARTITIONS=${wanted}. There ` +
        `"livemeter rebuild" brings the same state and numbers back from the archive (docs/archive.md); without an ` +
        `archive counters start again at 0, as after any reset.`,
    );
  }
}

/**
 * The number of partitions of this Redis. The first caller fixes it: at `wanted`, or 8 when that is null.
 * Throws {@link PartitionsDiffer} when another one is fixed already, RangeError when it is not between 1 and 1024.
 */
export async function ensurePartitions(redis: RedisClient, wanted: number | null): Promise<number> {
  if (wanted !== null && !(Number.isInteger(wanted) && wanted >= 1 && wanted <= MAX_PARTITIONS)) {
    throw new RangeError(`The number of partitions is a whole number from 1 to ${MAX_PARTITIONS}, not ${wanted}.`);
  }
  const fixed = await redis.get(PARTITIONS_KEY);
  // Written only where nothing is: a Redis that is full refuses writes, and must not keep its apps from starting.
  if (fixed === null) await redis.set(PARTITIONS_KEY, String(wanted ?? DEFAULT_PARTITIONS), 'NX');
  const kept = Number(fixed ?? (await redis.get(PARTITIONS_KEY)));
  if (wanted !== null && wanted !== kept) throw new PartitionsDiffer(kept, wanted);
  return kept;
}
