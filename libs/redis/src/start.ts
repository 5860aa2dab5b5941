import { OCCURRENCES, StartError, type Telemetry, withoutPassword } from '@app/telemetry';
import { type RedisClient, whenReady } from './client.js';
import { connectOnce, impatientConnection } from './connection.js';
import { addressOf } from './options.js';
import { certificateFault } from './tls.js';

/** How long Redis may take to answer at start (ms): it may be starting, too, and load what it kept. */
const PATIENCE_MS = 15_000;

/** A connection that stands. Rejects with {@link StartError} when none can be had. */
export async function connectAtStart(redisUrl: string, telemetry: Telemetry): Promise<RedisClient> {
  const fault = await certificateFault(addressOf(redisUrl));
  if (fault !== null) throw new StartError([untrusted(redisUrl, fault)]);
  let last = 'no answer';
  const redis = impatientConnection(redisUrl, (error) => {
    last = error.message;
    telemetry.report(OCCURRENCES.redisTrouble, { during: 'connect' }, { err: error });
  });
  if (await whenReady(redis, PATIENCE_MS)) return redis;
  redis.disconnect();
  throw new StartError([`REDIS_URL ${withoutPassword(redisUrl)} cannot be reached: ${last}`]);
}

/** Calls `use` with a connection that stands, and ends that. Rejects with {@link StartError} when none can be had. */
export async function withConnection<T>(redisUrl: string, use: (redis: RedisClient) => Promise<T>): Promise<T> {
  const redis = await connectOnce(redisUrl).catch(async (error: Error) => {
    const fault = await certificateFault(addressOf(redisUrl));
    const reached = `the Redis at ${withoutPassword(redisUrl)} cannot be reached: ${error.message} — is it running?`;
    throw new StartError([fault === null ? reached : untrusted(redisUrl, fault)]);
  });
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

function untrusted(redisUrl: string, fault: string): string {
  const remedy = 'name the PEM file of its authority with ?ca=, and the server as its certificate does';
  return `REDIS_URL ${withoutPassword(redisUrl)} shows a certificate that is not trusted (${fault}): ${remedy}`;
}
