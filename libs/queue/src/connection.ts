import { Redis, type RedisOptions } from 'ioredis';

/** Reconnects soon and never gives up. */
const RECONNECT_MAX_MS = 500;

/** A connection on which nothing came back for this long, though something was asked, is dropped and made anew (ms). */
const SILENCE_MAX_MS = 3_000;

const common = {
  retryStrategy: (attempt: number) => Math.min(50 * attempt, RECONNECT_MAX_MS),
  connectTimeout: 2_000,
} satisfies RedisOptions;

/**
 * A connection that waits: while Redis is away its commands are kept, and sent again when it is back. For workers.
 * Errors of the connection go to `onError`; it reconnects by itself.
 */
export function patientConnection(redisUrl: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(redisUrl, { ...common, maxRetriesPerRequest: null });
  redis.on('error', onError);
  return redis;
}

/**
 * A connection that fails at once: while Redis is away every command is rejected, and none is ever sent twice. For
 * those who owe somebody an answer. Errors of the connection go to `onError`; it reconnects by itself.
 */
export function impatientConnection(redisUrl: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(redisUrl, {
    ...common,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    socketTimeout: SILENCE_MAX_MS,
  });
  redis.on('error', onError);
  return redis;
}

/** A write that a Redis at its `maxmemory` allows, after which it lets the same script go on (see {@link evenWhenFull}). */
export const OPENING_WHEN_FULL = `redis.call('UNLINK', KEYS[1] .. ':never')\n`;

/**
 * Makes every script that is defined on the connection from now on work on a full Redis, too: BullMQ's for workers, since
 * it is by working jobs off that memory becomes free. Redis refuses a command that may need memory only as long as the
 * script has written nothing; removing what is not there is a write, and needs none.
 */
export function evenWhenFull(redis: Redis): Redis {
  const define = redis.defineCommand.bind(redis);
  redis.defineCommand = (name, definition) => define(name, { ...definition, lua: OPENING_WHEN_FULL + definition.lua });
  return redis;
}
