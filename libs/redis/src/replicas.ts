import { Cluster, Command, type Redis } from 'ioredis';
import { masters, placeOf, type RedisClient } from './client.js';

/** What was written is on a master, and not on as many replicas as it should be: it may be lost with the master. */
export class NotReplicated extends Error {
  override readonly name = 'NotReplicated';
}

export interface ReplicasOptions {
  /** How many replicas must have what was written. */
  readonly count: number;
  /** How long they may take (ms). */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 600;

/** A replica that has said nothing for longer does not count (s); it says something every second. */
const SILENT_MAX_S = 3;

/** The connection over which a key is written: a server, and the socket. */
interface Line {
  readonly server: Redis;
  readonly socket: Redis['stream'];
}

/**
 * Sees to it that what is written through a connection reaches replicas before it counts as stored. `WAIT` asks only for
 * what its own socket has written, so it must be the same before, and after: a server that was asked on another one would
 * say at once that nothing is missing.
 */
export class Replicas {
  /** Replies come in order: who hears of his write while a WAIT is under way has it covered by that. */
  private readonly underWay = new Map<Redis, Promise<number>>();

  constructor(
    private readonly redis: RedisClient,
    private readonly options: ReplicasOptions,
  ) {}

  /**
   * Writes to the slot of the key, and resolves when the replicas have it. Rejects with {@link NotReplicated} when they do
   * not have it in time, and else as the write or the connection does.
   */
  async keep<T>(key: string, write: () => Promise<T>): Promise<T> {
    if (this.options.count === 0) return write();
    const before = this.line(key);
    const result = await write();
    const { server, socket } = this.line(key);
    if (server !== before.server || socket !== before.socket) {
      throw new NotReplicated('another server may have taken it');
    }
    const { count } = this.options;
    // The look at the key fails unless the server still has its slot.
    const [had] = await Promise.all([this.wait(server), server.exists(key)]);
    if (had < count) throw new NotReplicated(`${had} of ${count} replicas have it`);
    return result;
  }

  private wait(server: Redis): Promise<number> {
    let wait = this.underWay.get(server);
    if (wait === undefined) {
      const { count, timeoutMs = TIMEOUT_MS } = this.options;
      wait = server.wait(count, timeoutMs).finally(() => this.underWay.delete(server));
      this.underWay.set(server, wait);
    }
    return wait;
  }

  private line(key: string): Line {
    const { redis } = this;
    if (!(redis instanceof Cluster)) return { server: redis, socket: redis.stream };
    const place = redis.slots[new Command('exists', [key]).getSlot() ?? 0]?.[0];
    const server = redis.nodes('all').find((node) => placeOf(node) === place);
    if (server === undefined) throw new NotReplicated('the server of the key is not known');
    return { server, socket: server.stream };
  }
}

/** How many replicas follow the master that has the fewest. Rejects as the connection does. */
export async function replicasOf(redis: RedisClient): Promise<number> {
  const infos = await Promise.all(masters(redis).map((server) => server.info('replication')));
  return Math.min(...infos.map(following));
}

function following(info: string): number {
  const replicas = info.matchAll(/^slave\d+:.*\bstate=online\b.*\blag=(\d+)/gm);
  return [...replicas].filter(([, lag]) => Number(lag) <= SILENT_MAX_S).length;
}
