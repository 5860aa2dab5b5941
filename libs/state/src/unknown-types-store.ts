import type { RedisClient } from '@app/redis';
import { escapeText, unescapeText } from './keys.js';
import { run, script } from './script.js';

/** An event of a type that this version does not know. */
export interface UnknownEvent {
  readonly type: string;
  readonly source: string;
  readonly raw: Uint8Array;
}

export interface KeptUnknownEvent {
  readonly source: string;
  /** When it was kept (ms, Redis's time). */
  readonly at: number;
  readonly raw: Uint8Array;
}

export interface UnknownLimits {
  readonly maxTypes: number;
  /** The most events that are kept of each type, the newest. */
  readonly maxPerType: number;
}

/** The type under which events are kept and counted once there are too many types. */
export const OTHER_TYPES = '(other)';

const DEFAULT_LIMITS: UnknownLimits = { maxTypes: 50, maxPerType: 100 };
const MAX_TYPE_LENGTH = 128;
const RAW_LIMIT_BYTES = 16 * 1024;
const COUNTS = '{lm}:unknown';

const KEEP = script(`
-- Keeps events of unknown types, the newest of each, and counts them.
-- KEYS[1] hash: type → how many came; the list of a type is at KEYS[1] .. ':' .. type
-- ARGV    most types · most events of a type · the name for all further types · per event: type, source, raw bytes
-- Replies nothing
local time = redis.call('TIME')
local at = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
for n = 4, #ARGV, 3 do
  local kind = ARGV[n]
  if redis.call('HEXISTS', KEYS[1], kind) == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[1]) then kind = ARGV[3] end
  redis.call('HINCRBY', KEYS[1], kind, 1)
  local list = KEYS[1] .. ':' .. kind
  redis.call('LPUSH', list, at .. '\\n' .. ARGV[n + 1] .. '\\n' .. ARGV[n + 2])
  redis.call('LTRIM', list, 0, ARGV[2] - 1)
end
`);

/** Where events of unknown types are kept, bounded in every direction: nothing is lost of a type that a later version knows. */
export class UnknownTypesStore {
  constructor(
    private readonly redis: RedisClient,
    private readonly limits: UnknownLimits = DEFAULT_LIMITS,
  ) {}

  /** Resolves when Redis has them. */
  async put(events: readonly UnknownEvent[]): Promise<void> {
    if (events.length === 0) return;
    const fields = events.flatMap(({ type, source, raw }) => [
      escapeText(type.slice(0, MAX_TYPE_LENGTH)),
      escapeText(source),
      Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.length, RAW_LIMIT_BYTES)),
    ]);
    await run(this.redis, KEEP, [COUNTS], [this.limits.maxTypes, this.limits.maxPerType, OTHER_TYPES, ...fields]);
  }

  /** How many events of each unknown type came. */
  async counts(): Promise<ReadonlyMap<string, number>> {
    const found = Object.entries(await this.redis.hgetall(COUNTS));
    return new Map(found.map(([type, count]) => [unescapeText(type), Number(count)]));
  }

  /** The newest events of a type, newest first. */
  async list(type: string, limit: number): Promise<readonly KeptUnknownEvent[]> {
    const found = await this.redis.lrangeBuffer(`${COUNTS}:${escapeText(type)}`, 0, limit - 1);
    return found.map((entry) => {
      const first = entry.indexOf(NEWLINE);
      const second = entry.indexOf(NEWLINE, first + 1);
      return {
        at: Number(entry.subarray(0, first).toString()),
        source: unescapeText(entry.subarray(first + 1, second).toString()),
        raw: entry.subarray(second + 1),
      };
    });
  }
}

const NEWLINE = 0x0a;
