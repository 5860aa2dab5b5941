import type { RedisClient } from '@app/redis';
import { holderKey, leaseKey, type QueueId, REPLICAS_KEY } from './keys.js';
import { OPENING_WHEN_FULL } from './when-full.js';

/**
 * KEYS[1] replicas; ARGV[1] this replica, ARGV[2] how long a replica lives without a heartbeat (ms)
 * Returns the live replicas, oldest heartbeat first.
 */
const REGISTER_SCRIPT = `${OPENING_WHEN_FULL}
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', now - tonumber(ARGV[2])))
return redis.call('ZRANGE', KEYS[1], 0, -1)`;

/** KEYS[1] lease, KEYS[2] its last holder; ARGV[1] replica, ARGV[2] for how long (ms). Returns 1, or 0 when it is taken. */
const CLAIM_SCRIPT = `${OPENING_WHEN_FULL}
if not redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX') then return 0 end
redis.call('SET', KEYS[2], ARGV[1])
return 1`;

/**
 * A lease that lapsed (Redis was away) goes on if nobody else held it since.
 *
 * KEYS[1] lease, KEYS[2] its last holder; ARGV[1] replica, ARGV[2] for how long (ms). Returns 1, or 0 when it is lost.
 */
const RENEW_SCRIPT = `${OPENING_WHEN_FULL}
local lease = redis.call('GET', KEYS[1])
if lease ~= ARGV[1] and (lease or redis.call('GET', KEYS[2]) ~= ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/** KEYS[1] lease; ARGV[1] replica. Another's lease is left alone. */
const RELEASE_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

/** Who works which partition: leases in Redis that lapse by Redis's clock unless they are renewed. */
export class Leases {
  constructor(
    private readonly redis: RedisClient,
    private readonly replicaId: string,
    private readonly leaseMs: number,
  ) {}

  /** Tells that this replica lives, and who else does; in one order for all. */
  async register(): Promise<readonly string[]> {
    const args = [this.replicaId, String(this.leaseMs)];
    const live = (await this.redis.eval(REGISTER_SCRIPT, 1, REPLICAS_KEY, ...args)) as string[];
    return live.sort();
  }

  /** Takes the partition if it is free. */
  claim(partition: QueueId): Promise<boolean> {
    return this.hold(CLAIM_SCRIPT, partition);
  }

  /** False when another replica holds the partition, or held it since. */
  renew(partition: QueueId): Promise<boolean> {
    return this.hold(RENEW_SCRIPT, partition);
  }

  /** Gives the partition free at once. */
  async release(partition: QueueId): Promise<void> {
    await this.redis.eval(RELEASE_SCRIPT, 1, leaseKey(partition), this.replicaId);
  }

  /** This replica is no longer counted when partitions are shared out. */
  async leave(): Promise<void> {
    await this.redis.zrem(REPLICAS_KEY, this.replicaId);
  }

  private async hold(script: string, partition: QueueId): Promise<boolean> {
    const keys = [leaseKey(partition), holderKey(partition)];
    return (await this.redis.eval(script, 2, ...keys, this.replicaId, String(this.leaseMs))) === 1;
  }
}

/** A replica's even share of the partitions: how many, and with which it begins when it looks for free ones. */
export interface Share {
  readonly count: number;
  readonly first: number;
}

/** Shares differ by one at most and add up to all partitions, whatever the number of replicas. */
export function shareOf(replicas: readonly string[], replicaId: string, partitions: number): Share {
  const rank = replicas.indexOf(replicaId);
  if (rank < 0) return { count: 0, first: 0 };
  const each = Math.floor(partitions / replicas.length);
  const extra = partitions % replicas.length;
  return { count: each + (rank < extra ? 1 : 0), first: rank * each + Math.min(rank, extra) };
}
