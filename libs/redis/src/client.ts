import { setTimeout as pause } from 'node:timers/promises';
import { Cluster, type Redis } from 'ioredis';

/** A connection to one server, be it the master that Sentinels name, or to a Redis Cluster. */
export type RedisClient = Redis | Cluster;

/**
 * Connections to all servers that take writes: what is true of Redis must be true of each. Throws while the master of
 * some slot of a cluster is not known, since nothing is true of that.
 */
export function masters(redis: RedisClient): readonly Redis[] {
  if (!(redis instanceof Cluster)) return [redis];
  const known = new Map(redis.nodes('all').map((node) => [placeOf(node), node]));
  const keys = new Set(redis.slots.map(([key = '']) => key));
  if (keys.size === 0) throw new Error('the cluster has not been reached');
  return [...keys].map((key) => {
    const node = known.get(key);
    if (node === undefined) throw new Error('a master of the cluster cannot be reached');
    return node;
  });
}

/** Where a server of a cluster is, as the cluster calls it. */
export function placeOf({ options: { host, port } }: Redis): string {
  return `${host}:${port}`;
}

/** Whether commands can be sent now: to a cluster, whichever of its masters they are for. */
export function isReady(redis: RedisClient): boolean {
  if (redis.status !== 'ready') return false;
  return !(redis instanceof Cluster) || redis.nodes('master').every(({ status }) => status === 'ready');
}

/** Resolves with whether commands could be sent within that time (ms); at once when the connection is closed for good. */
export async function whenReady(redis: RedisClient, withinMs = Infinity): Promise<boolean> {
  const giveUpAt = performance.now() + withinMs;
  while (!isReady(redis)) {
    if (redis.status === 'end' || performance.now() > giveUpAt) return false;
    await pause(LOOK_EVERY_MS);
  }
  return true;
}

/** How often it is looked whether all masters are connected (ms): a cluster does not say so. */
const LOOK_EVERY_MS = 10;

/** Redis's time (ms): on a cluster that of the server which keeps the key, since each has a clock of its own. */
export async function redisTime(redis: RedisClient, key: string): Promise<number> {
  const [seconds, micros] = (await redis.eval(TIME_SCRIPT, 1, key)) as readonly string[];
  return Number(seconds) * 1_000 + Number(micros) / 1_000;
}

/** KEYS[1] says which server is asked. Returns seconds and microseconds. */
const TIME_SCRIPT = `return redis.call('TIME')`;

/** Calls `changed` whenever another server may answer from now on. Returns what ends that. */
export function onOtherServer(redis: RedisClient, changed: () => void): () => void {
  const events = redis instanceof Cluster ? ['close', '+node', '-node'] : ['close'];
  for (const event of events) redis.on(event, changed);
  return () => events.forEach((event) => redis.off(event, changed));
}
