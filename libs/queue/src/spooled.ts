import { type RedisClient, redisTime } from '@app/redis';
import { ARCHIVE, ARCHIVE_TENURE_KEY, partitionPrefix } from './keys.js';

/** Hash: the name of a segment, and where it is. */
const KEY = `${partitionPrefix(ARCHIVE)}:spooled`;

/**
 * Which segments of spools wait on which disks, noted in Redis: who computes numbers anew from the archive must know that it
 * lacks them. Names of segments are distinct for ever.
 */
export class SpooledNotes {
  constructor(private readonly redis: RedisClient) {}

  /**
   * Notes the segments that are on a disk, as they are when Redis has answered, and forgets those of this place that are not
   * any more. Rejects as Redis does. `where` as people find it: host and folder.
   */
  async reconcile(where: string, segments: () => readonly string[]): Promise<void> {
    const noted = await this.redis.hgetall(KEY);
    const there = new Set(segments());
    const missing = [...there].filter((segment) => noted[segment] !== where);
    if (missing.length > 0) await this.redis.hset(KEY, Object.fromEntries(missing.map((one) => [one, where])));
    const gone = Object.keys(noted).filter((segment) => noted[segment] === where && !there.has(segment));
    await this.forget(gone);
  }

  /** How many segments wait, by place. */
  async waiting(): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for (const where of await this.redis.hvals(KEY)) found.set(where, (found.get(where) ?? 0) + 1);
    return found;
  }

  /** These are in the archive. */
  async forget(segments: readonly string[]): Promise<void> {
    if (segments.length > 0) await this.redis.hdel(KEY, ...segments);
  }
}

/**
 * An epoch for somebody who writes to the archive beside its queue, with jobs of his own: it tells his files from all others.
 * Rejects as Redis does.
 */
export async function epochBesideQueue(redis: RedisClient): Promise<number> {
  const number = await redis.incr(ARCHIVE_TENURE_KEY);
  const now = Math.floor(await redisTime(redis, ARCHIVE_TENURE_KEY));
  // Two who begin in the same millisecond have different numbers.
  return now * 1_000 + (number % 1_000);
}
