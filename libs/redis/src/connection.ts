import { Cluster, Redis } from 'ioredis';
import type { RedisClient } from './client.js';
import { addressOf, type ClusterOptions, clusterOptions, type ServerOptions, serverOptions } from './options.js';

/** Reconnects soon and never gives up. */
const RECONNECT_MAX_MS = 500;

/** A connection on which nothing came back for this long, though something was asked, is dropped and made anew (ms). */
const SILENCE_MAX_MS = 3_000;

const again = (attempt: number): number => Math.min(50 * attempt, RECONNECT_MAX_MS);

/** How one behaves towards a single server, and beside that towards a cluster. */
interface Temper {
  readonly server: ServerOptions;
  readonly cluster: ClusterOptions;
}

/** Waits for a master to be replaced, about five seconds for each command; who wants it done begins anew after that. */
const PATIENT: Temper = {
  server: { retryStrategy: again, connectTimeout: 2_000, maxRetriesPerRequest: null },
  cluster: { clusterRetryStrategy: again, retryDelayOnMoved: 20, maxRedirections: 50 },
};

/** What says that nothing was done (another node has the slot) is followed up; all else is an answer. */
const IMPATIENT: Temper = {
  server: {
    retryStrategy: again,
    connectTimeout: 2_000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    socketTimeout: SILENCE_MAX_MS,
  },
  cluster: {
    clusterRetryStrategy: again,
    enableOfflineQueue: false,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    maxRedirections: 5,
  },
};

const ONCE: Temper = {
  server: { lazyConnect: true, connectTimeout: 5_000, retryStrategy: () => null, sentinelRetryStrategy: () => null },
  cluster: { lazyConnect: true, clusterRetryStrategy: () => null },
};

/** How long {@link connectOnce} waits for an answer (ms). */
const ONCE_MS = 15_000;

/**
 * A connection that waits: while Redis is away its commands are kept, and sent again when it is back. For workers.
 * Errors of the connection go to `onError`; it reconnects by itself.
 */
export function patientConnection(redisUrl: string, onError: (error: Error) => void): RedisClient {
  return connection(redisUrl, PATIENT, onError);
}

/**
 * A connection that fails at once: while Redis is away every command is rejected, and none is ever sent twice, unless
 * Redis said that it did nothing. For those who owe somebody an answer. Errors of the connection go to `onError`; it
 * reconnects by itself.
 */
export function impatientConnection(redisUrl: string, onError: (error: Error) => void): RedisClient {
  const redis = connection(redisUrl, IMPATIENT, onError);
  // A cluster connects to a node with the first command for it, and refuses those that come meanwhile: half a MULTI.
  redis.on('+node', (node: Redis) => void node.connect().catch(() => undefined));
  return redis;
}

/** A connection that stands, and is not made anew when it breaks. Rejects with what is in the way. */
export async function connectOnce(redisUrl: string): Promise<RedisClient> {
  let last = new Error('no answer');
  const redis = connection(redisUrl, ONCE, (error) => (last = error));
  redis.connect().catch((error: Error) => {
    if (last.message === 'no answer') last = error;
  });
  const stands = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), ONCE_MS);
    const settle = (found: boolean): void => {
      clearTimeout(timer);
      resolve(found);
    };
    redis.once('ready', () => settle(true));
    redis.once('end', () => settle(false));
  });
  if (stands) return redis;
  redis.disconnect();
  throw last;
}

function connection(redisUrl: string, { server, cluster }: Temper, onError: (error: Error) => void): RedisClient {
  const address = addressOf(redisUrl);
  const redis =
    address.kind === 'cluster'
      ? new Cluster(...clusterOptions(address, server, cluster))
      : new Redis(serverOptions(address, server));
  redis.on('error', onError);
  redis.on('node error', onError);
  return redis;
}
