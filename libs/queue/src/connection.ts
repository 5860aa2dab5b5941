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
