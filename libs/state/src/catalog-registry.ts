import type { Redis } from 'ioredis';
import { run, script } from './script.js';

/** The catalog in force, for all replicas. */
export interface CatalogInForce {
  readonly fingerprint: string;
  /** Raised with each change. */
  readonly version: number;
  /** The replica that proposed it. */
  readonly proposedBy: string;
  /** When (ms, Redis's time). */
  readonly at: number;
}

const KEY = '{lm}:catalog';

const PROPOSE = script(`
-- Puts a catalog in force: the last proposal wins, one of the catalog already in force changes nothing.
-- KEYS[1] the catalog in force: hash of fingerprint, version, proposedBy, at
-- ARGV    fingerprint · who proposes
-- Replies { version, 1 when it changed }
if redis.call('HGET', KEYS[1], 'fingerprint') == ARGV[1] then
  return { tonumber(redis.call('HGET', KEYS[1], 'version')), 0 }
end
local time = redis.call('TIME')
local at = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'proposedBy', ARGV[2], 'at', at)
return { redis.call('HINCRBY', KEYS[1], 'version', 1), 1 }
`);

/**
 * Which catalog is in force. It lives in another slot than the partitions, so a commit is fenced by the partition's own
 * copy: the catalog under which it was taken over.
 */
export class CatalogRegistry {
  constructor(private readonly redis: Redis) {}

  /** Proposes a catalog; tells its version, and whether it was not in force before. */
  async propose(fingerprint: string, by: string): Promise<{ readonly version: number; readonly changed: boolean }> {
    const [version, changed] = (await run(this.redis, PROPOSE, [KEY], [fingerprint, by])) as [number, number];
    return { version, changed: changed === 1 };
  }

  /** The catalog in force, or null before the first proposal. */
  async current(): Promise<CatalogInForce | null> {
    const [fingerprint, version, proposedBy, at] = await this.redis.hmget(
      KEY,
      'fingerprint',
      'version',
      'proposedBy',
      'at',
    );
    if (typeof fingerprint !== 'string') return null;
    return { fingerprint, version: Number(version), proposedBy: proposedBy ?? '', at: Number(at) };
  }
}
