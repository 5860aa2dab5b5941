import type { RedisClient } from '@app/redis';
import { StartError } from '@app/telemetry';
import { ensurePartitions, PartitionsDiffer } from './partition.js';

/** The number of partitions. Rejects with {@link StartError} when Redis is laid out in another number than is set. */
export async function settlePartitions(redis: RedisClient, wanted: number | null): Promise<number> {
  try {
    return await ensurePartitions(redis, wanted);
  } catch (error) {
    if (error instanceof PartitionsDiffer) throw new StartError([error.message]);
    throw new StartError([`Redis cannot be used: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
