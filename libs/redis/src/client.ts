import { Cluster, type Redis } from 'ioredis';

/** A connection to one server, be it the master that Sentinels name, or to a Redis Cluster. */
export type RedisClient = Redis | Cluster;

/**
 * Connections to all servers that take writes: what is true of Redis must be true of each. Throws while the master of
 * some slot of a cluster is not known, since nothing is true of that.
 */
export function masters(redis: RedisClient): readonly Redis[] {
  if (!(redis instanceof Cluster)) return [redis];
  const known = new Map(redis.nodes('all').map((node) => [`${node.options.host}:${node.options.port}`, node]));
  const keys = new Set(redis.slots.map(([key = '']) => key));
  if (keys.size === 0) throw new Error('the cluster has not been reached');
  return [...keys].map((key) => {
    const node = known.get(key);
    if (node === undefined) throw new Error('a master of the cluster cannot be reached');
    return node;
  });
}

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
