import { type RedisClient, redisTime } from '@app/redis';
import { INGESTION_KEY, REPLICAS_KEY } from './keys.js';

/** Somebody without a heartbeat for this long is gone (ms). */
const GONE_MS = 5_000;

/** Which apps are at work on this Redis now, by their heartbeats. */
export async function appsAtWork(redis: RedisClient): Promise<readonly ('ingestion' | 'metrics')[]> {
  const since = (await redisTime(redis, INGESTION_KEY)) - GONE_MS;
  const metrics = await redis.zcount(REPLICAS_KEY, since, '+inf');
  const last = Number((await redis.hget(INGESTION_KEY, 'last')) ?? 0);
  return [...(last > since ? (['ingestion'] as const) : []), ...(metrics > 0 ? (['metrics'] as const) : [])];
}

/** Notes that ingestion was last ready then (ms): the next replica that starts declares the time since then as an outage. */
export async function lastReadyAt(redis: RedisClient, instant: number): Promise<void> {
  await redis.hset(INGESTION_KEY, 'last', String(instant));
}
