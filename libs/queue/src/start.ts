import { OCCURRENCES, StartError, type Telemetry, withoutPassword } from '@app/telemetry';
import type { Redis } from 'ioredis';
import { impatientConnection } from './connection.js';
import { ensurePartitions, PartitionsDiffer } from './partition.js';

/** How long Redis may take to answer at start (ms): it may be starting, too, and load what it kept. */
const PATIENCE_MS = 15_000;

/** A connection that stands. Rejects with {@link StartError} when none can be had. */
export async function connectAtStart(redisUrl: string, telemetry: Telemetry): Promise<Redis> {
  let last = 'no answer';
  const redis = impatientConnection(redisUrl, (error) => {
    last = error.message;
    telemetry.report(OCCURRENCES.redisTrouble, { during: 'connect' }, { err: error });
  });
  const connected = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), PATIENCE_MS);
    redis.once('ready', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
  if (connected) return redis;
  redis.disconnect();
  throw new StartError([`REDIS_URL ${withoutPassword(redisUrl)} cannot be reached: ${last}`]);
}

/** The number of partitions. Rejects with {@link StartError} when Redis is laid out in another number than is set. */
export async function settlePartitions(redis: Redis, wanted: number | null): Promise<number> {
  try {
    return await ensurePartitions(redis, wanted);
  } catch (error) {
    if (error instanceof PartitionsDiffer) throw new StartError([error.message]);
    throw new StartError([`Redis cannot be used: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
