import type { RedisClient } from '@app/redis';
import { run, script } from './script.js';

/** What is proposed: a compiled catalog by its fingerprint, and what it was compiled from. */
export interface CatalogProposal {
  readonly fingerprint: string;
  /** Who proposes it, for people. */
  readonly by: string;
  /** The files, as text from which any replica can compile the catalog. */
  readonly files: string;
  /** The series keys of the metrics that it keeps. */
  readonly metrics: readonly string[];
}

/** The catalog in force, for all replicas. */
export interface CatalogInForce {
  readonly fingerprint: string;
  /** Raised with each change. */
  readonly version: number;
  readonly proposedBy: string;
  /** When it was proposed (ms, Redis's time). */
  readonly at: number;
  readonly files: string;
  /** Per series key, the version in which the metric came into force, without a break since. */
  readonly since: ReadonlyMap<string, number>;
}

const KEY = '{lm}:catalog';

const PROPOSE = script(`
-- Puts a catalog in force: the last proposal wins, one of the catalog already in force changes nothing.
-- KEYS[1] the catalog in force: hash of fingerprint, version, proposedBy, at, files, since (JSON: series key → version)
-- ARGV    fingerprint · who proposes · files · number of series keys · series keys…
-- Replies { version, 1 when it changed }
local before = redis.call('HMGET', KEYS[1], 'fingerprint', 'version', 'since')
local version = tonumber(before[2] or 0)
if before[1] == ARGV[1] then return { version, 0 } end
version = version + 1
local kept, since = cjson.decode(before[3] or '{}'), {}
for n = 1, tonumber(ARGV[4]) do
  local key = ARGV[4 + n]
  since[key] = kept[key] or version
end
local time = redis.call('TIME')
local at = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'version', version, 'proposedBy', ARGV[2], 'at', at,
  'files', ARGV[3], 'since', cjson.encode(since))
return { version, 1 }
`);

/**
 * Which catalog is in force, and its files, so that a replica whose own files differ can work under it. It lives in
 * another slot than the partitions, so a commit is fenced by the partition's own copy: the catalog under which it was
 * taken over. Rejects as the connection does.
 */
export class CatalogRegistry {
  constructor(private readonly redis: RedisClient) {}

  /** Proposes a catalog; tells its version, and whether it was not in force before. */
  async propose(proposal: CatalogProposal): Promise<{ readonly version: number; readonly changed: boolean }> {
    const { fingerprint, by, files, metrics } = proposal;
    const args = [fingerprint, by, files, metrics.length, ...metrics];
    const [version, changed] = (await run(this.redis, PROPOSE, [KEY], args)) as [number, number];
    return { version, changed: changed === 1 };
  }

  /** The version in force, 0 before the first proposal: all that has to be asked for as long as it is the same. */
  async version(): Promise<number> {
    return Number((await this.redis.hget(KEY, 'version')) ?? 0);
  }

  /** The catalog in force, or null before the first proposal. */
  async current(): Promise<CatalogInForce | null> {
    const fields = ['fingerprint', 'version', 'proposedBy', 'at', 'files', 'since'];
    const [fingerprint, version, proposedBy, at, files, since] = await this.redis.hmget(KEY, ...fields);
    if (typeof fingerprint !== 'string') return null;
    const versions = Object.entries(JSON.parse(since ?? '{}') as Record<string, number>);
    return {
      fingerprint,
      version: Number(version),
      proposedBy: proposedBy ?? '',
      at: Number(at),
      files: files ?? '',
      since: new Map(versions),
    };
  }
}
