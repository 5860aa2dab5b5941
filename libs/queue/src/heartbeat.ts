import type { RedisClient } from '@app/redis';
import { INGESTION_KEY } from './keys.js';

/** Readers share an answer that is younger than this (ms). */
const SHARED_FOR_MS = 15;

/** The newest heartbeat of any ingestion replica (ms, Redis's time); null before the first ever. */
export async function lastHeartbeat(redis: RedisClient): Promise<number | null> {
  const last = await redis.hget(INGESTION_KEY, 'last');
  return last === null ? null : Number(last);
}

/** The newest heartbeat for all partitions of a replica: it is asked for only while somebody waits for one. */
export class HeartbeatReader {
  private newest = 0;
  private readAt = -Infinity;
  private reading: Promise<void> | null = null;

  constructor(private readonly redis: RedisClient) {}

  /** The newest heartbeat that is known (ms; 0 = none ever); Redis is asked only when what is known is before `wanted`. */
  async newestFor(wanted: number): Promise<number> {
    if (this.newest < wanted && performance.now() - this.readAt >= SHARED_FOR_MS) {
      this.reading ??= this.read().finally(() => (this.reading = null));
      await this.reading;
    }
    return this.newest;
  }

  private async read(): Promise<void> {
    this.newest = Math.max(this.newest, (await lastHeartbeat(this.redis)) ?? 0);
    this.readAt = performance.now();
  }
}
