import { ensurePartitions, impatientConnection, PartitionsDiffer } from '@app/queue';
import { checkDurability } from '@app/state';
import { OCCURRENCES, type Settings, type Telemetry, withoutPassword } from '@app/telemetry';
import type { Redis } from 'ioredis';
import { StartError } from './start-error.js';

/** How long Redis may take to answer at start (ms): it may be starting, too, and load what it kept. */
const PATIENCE_MS = 15_000;

/** A connection that stands. Rejects with {@link StartError} when none can be had. */
export async function connect(redisUrl: string, telemetry: Telemetry): Promise<Redis> {
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

/** Makes sure that Redis keeps what it is given, unless reduced durability is accepted. */
export async function requireDurability(redis: Redis, settings: Settings): Promise<void> {
  const { ok, problems } = await checkDurability(redis);
  if (ok || settings.durability === 'reduced') return;
  throw new StartError([
    'Redis may lose what it acknowledged:',
    ...problems.map((problem) => `- ${problem}`),
    'Set it up so, or accept the loss with LIVEMETER_DURABILITY=reduced.',
  ]);
}

/** The number of partitions. Rejects with {@link StartError} when Redis is laid out in another number than is set. */
export async function settlePartitions(redis: Redis, settings: Settings): Promise<number> {
  try {
    return await ensurePartitions(redis, settings.partitions);
  } catch (error) {
    if (error instanceof PartitionsDiffer) throw new StartError([error.message]);
    throw error;
  }
}
