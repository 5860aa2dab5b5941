import type { RedisClient } from '@app/redis';

/** A write that a Redis at its `maxmemory` allows, after which it lets the same script go on (see {@link evenWhenFull}). */
export const OPENING_WHEN_FULL = `redis.call('UNLINK', KEYS[1] .. ':never')\n`;

/**
 * Makes every script that is defined on the connection from now on work on a full Redis, too: BullMQ's for workers, since
 * it is by working jobs off that memory becomes free. Redis refuses a command that may need memory only as long as the
 * script has written nothing; removing what is not there is a write, and needs none.
 */
export function evenWhenFull(redis: RedisClient): RedisClient {
  const define = redis.defineCommand.bind(redis);
  redis.defineCommand = (name, definition) => define(name, { ...definition, lua: OPENING_WHEN_FULL + definition.lua });
  return redis;
}
