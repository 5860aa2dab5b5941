import type { RedisClient } from '@app/redis';
import { EVEN_WHEN_FULL_LUA, run, script } from './script.js';

/** What is set aside. */
export interface QuarantineEntry {
  /** Where it came in: the source's name, or `partition <n>` of what failed in the engine. */
  readonly source: string;
  readonly accountId: string | null;
  /** A closed code. */
  readonly reason: string;
  /** What exactly was wrong, for people. */
  readonly detail: string;
  readonly raw: Uint8Array;
  /** The length of what came in, where `raw` is only its beginning; left out, all of it is there. */
  readonly rawBytes?: number;
}

/** What an entry says of itself, without its raw bytes. */
export interface QuarantineSummary extends Omit<QuarantineEntry, 'raw'> {
  /** Increasing in time. */
  readonly id: string;
  /** When it was set aside (ms, Redis's time). */
  readonly at: number;
  /** The length of what came in. */
  readonly rawBytes: number;
  /** How much of that is kept. */
  readonly keptBytes: number;
}

export interface KeptQuarantineEntry extends QuarantineSummary {
  readonly raw: Uint8Array;
}

/** Which entries are meant; what is null excludes none. */
export interface QuarantineFilter {
  readonly reason: string | null;
  readonly accountId: string | null;
  readonly source: string | null;
  /** Set aside at or after, and before (ms). */
  readonly from: number | null;
  readonly to: number | null;
}

/** Some entries in order of time, and after which id to go on; null: that was all. */
export interface QuarantinePage {
  readonly entries: readonly QuarantineSummary[];
  readonly next: string | null;
}

export interface QuarantineLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** How much there is, and how many entries had to go since the beginning to keep within the limits. */
export interface QuarantineUse {
  readonly entries: number;
  readonly bytes: number;
  readonly dropped: number;
  /** How many were set aside since the beginning, by reason. */
  readonly added: ReadonlyMap<string, number>;
}

/** The reason of what the engine could not apply; its raw bytes are the item that failed. */
export const ENGINE_FAILURE = 'engine-failure';

/** The most that is kept of one entry's raw bytes: whatever is parsed at all. */
export const RAW_LIMIT_BYTES = 1024 * 1024;

const STREAM = '{lm}:quarantine';
const USE = '{lm}:quarantine:use';
const REASON = 'reason:';
const MAX_DETAIL_LENGTH = 1_000;
const DEFAULT_LIMITS: QuarantineLimits = { maxEntries: 10_000, maxBytes: 256 * 1024 * 1024 };

const SIZE_LUA = `
local function sizeOf(fields)
  local size = 0
  for n = 1, #fields do size = size + #fields[n] end
  return size
end
`;

/** How many entries one call looks at, so that Redis is never busy with it for long. */
const LOOKED_AT = 64;

const PUT = script(`
-- Sets entries aside, and drops the oldest until what is left keeps within the limits. Works on a full Redis, too, as
-- what is kept is bounded.
-- KEYS[1] stream of entries · KEYS[2] hash: bytes, dropped, reason:<reason>
-- ARGV    most entries · most bytes · per entry: source, account, reason, detail, bytes of the whole, raw bytes
-- Replies the number of entries that were dropped
${SIZE_LUA}
${EVEN_WHEN_FULL_LUA}
local names = { 'source', 'account', 'reason', 'detail', 'rawBytes', 'raw' }
local bytes = tonumber(redis.call('HGET', KEYS[2], 'bytes') or 0)
for at = 3, #ARGV, #names do
  local fields = {}
  for n, name in ipairs(names) do
    fields[2 * n - 1] = name
    fields[2 * n] = ARGV[at + n - 1]
  end
  redis.call('XADD', KEYS[1], '*', unpack(fields))
  bytes = bytes + sizeOf(fields)
  redis.call('HINCRBY', KEYS[2], 'reason:' .. ARGV[at + 2], 1)
end
local dropped = 0
while redis.call('XLEN', KEYS[1]) > tonumber(ARGV[1]) or bytes > tonumber(ARGV[2]) do
  local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  if not oldest then break end
  redis.call('XDEL', KEYS[1], oldest[1])
  bytes = bytes - sizeOf(oldest[2])
  dropped = dropped + 1
end
redis.call('HSET', KEYS[2], 'bytes', bytes)
redis.call('HINCRBY', KEYS[2], 'dropped', dropped)
return dropped
`);

const DROP = script(`
-- Takes entries out.
-- KEYS[1] stream of entries · KEYS[2] hash: bytes, dropped
-- ARGV    ids
-- Replies how many were there
${SIZE_LUA}
${EVEN_WHEN_FULL_LUA}
local bytes, taken = 0, 0
for _, id in ipairs(ARGV) do
  local found = redis.call('XRANGE', KEYS[1], id, id)[1]
  if found then
    bytes = bytes + sizeOf(found[2])
    taken = taken + redis.call('XDEL', KEYS[1], id)
  end
end
redis.call('HINCRBY', KEYS[2], 'bytes', 0 - bytes)
return taken
`);

const FIND = script(`
-- Finds entries without their raw bytes.
-- KEYS[1] stream of entries
-- ARGV    first id · last id · most to look at · most to find · then fields and the values that they must have
-- Replies { the id after which to go on or false, entries of id, source, account, reason, detail, rawBytes, kept bytes }
local found, last = {}, false
local entries = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[2], 'COUNT', ARGV[3])
for n, entry in ipairs(entries) do
  local fields = {}
  for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
  local meant = true
  for i = 5, #ARGV, 2 do meant = meant and fields[ARGV[i]] == ARGV[i + 1] end
  if meant then
    found[#found + 1] = { entry[1], fields.source, fields.account, fields.reason, fields.detail, fields.rawBytes, #fields.raw }
  end
  if #found == tonumber(ARGV[4]) or (n == #entries and n == tonumber(ARGV[3])) then
    last = entry[1]
    break
  end
end
return { last, found }
`);

type Found = [
  id: string,
  source: string,
  account: string,
  reason: string,
  detail: string,
  rawBytes: string,
  kept: number,
];

/** Where what could not be applied is kept with its raw bytes, within limits: the oldest goes first. */
export class QuarantineStore {
  constructor(
    private readonly redis: RedisClient,
    private readonly limits: QuarantineLimits = DEFAULT_LIMITS,
  ) {}

  /** Sets entries aside, in order; tells how many older ones had to go. Resolves when Redis has them. */
  async put(entries: readonly QuarantineEntry[]): Promise<number> {
    if (entries.length === 0) return 0;
    const fields = entries.flatMap(({ source, accountId, reason, detail, raw, rawBytes }) => [
      source,
      accountText(accountId),
      reason,
      detail.slice(0, MAX_DETAIL_LENGTH),
      rawBytes ?? raw.length,
      Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.length, RAW_LIMIT_BYTES)),
    ]);
    const { maxEntries, maxBytes } = this.limits;
    return (await run(this.redis, PUT, [STREAM, USE], [maxEntries, maxBytes, ...fields])) as number;
  }

  /** Entries in order of time, those after the id `after` (null: from the beginning). */
  async list(after: string | null, limit: number): Promise<readonly KeptQuarantineEntry[]> {
    const start = after === null ? '-' : `(${after}`;
    const found = await this.redis.xrangeBuffer(STREAM, start, '+', 'COUNT', limit);
    return found.map(([id, fields]) => parseEntry(id, fields));
  }

  /** Up to `limit` entries that are meant, after the id `after` (null: from the beginning). */
  async find(filter: QuarantineFilter, after: string | null, limit: number): Promise<QuarantinePage> {
    const wanted = [
      ...(filter.reason === null ? [] : ['reason', filter.reason]),
      ...(filter.accountId === null ? [] : ['account', accountText(filter.accountId)]),
      ...(filter.source === null ? [] : ['source', filter.source]),
    ];
    const end = filter.to === null ? '+' : `(${filter.to}`;
    const entries: QuarantineSummary[] = [];
    let start = after === null ? String(filter.from ?? '-') : `(${after}`;
    for (;;) {
      const args = [start, end, LOOKED_AT, limit - entries.length, ...wanted];
      const [last, found] = (await run(this.redis, FIND, [STREAM], args)) as [string | null, Found[]];
      entries.push(...found.map(parseFound));
      if (last === null) return { entries, next: null };
      if (entries.length >= limit) return { entries, next: last };
      start = `(${last}`;
    }
  }

  /** One entry, or null when there is none of that id. Rejects when it is no id at all. */
  async get(id: string): Promise<KeptQuarantineEntry | null> {
    const [found] = await this.redis.xrangeBuffer(STREAM, id, id);
    return found === undefined ? null : parseEntry(found[0], found[1]);
  }

  /** Takes entries out; tells how many were there. */
  async drop(ids: readonly string[]): Promise<number> {
    return ids.length === 0 ? 0 : ((await run(this.redis, DROP, [STREAM, USE], ids)) as number);
  }

  async use(): Promise<QuarantineUse> {
    const [entries, use] = await Promise.all([this.redis.xlen(STREAM), this.redis.hgetall(USE)]);
    const { bytes = '0', dropped = '0', ...rest } = use;
    const added = Object.entries(rest).map(([key, count]) => [key.slice(REASON.length), Number(count)] as const);
    return { entries, bytes: Number(bytes), dropped: Number(dropped), added: new Map(added) };
  }
}

function parseEntry(id: Buffer, fields: readonly Buffer[]): KeptQuarantineEntry {
  const values = new Map<string, Buffer>();
  for (let at = 0; at < fields.length; at += 2) values.set(String(fields[at]), fields[at + 1] ?? Buffer.alloc(0));
  const text = (name: string) => values.get(name)?.toString() ?? '';
  const raw = values.get('raw') ?? Buffer.alloc(0);
  const { length } = raw;
  const found = parseFound([
    id.toString(),
    ...[text('source'), text('account'), text('reason'), text('detail'), text('rawBytes')],
    length,
  ] as Found);
  return { ...found, raw };
}

function parseFound([id, source, account, reason, detail, rawBytes, keptBytes]: Found): QuarantineSummary {
  const at = Number(id.split('-')[0]);
  const accountId = account === '' ? null : account.slice(1);
  return { id, at, source, accountId, reason, detail, rawBytes: Number(rawBytes), keptBytes };
}

/** An account that is not known is told from one without a name. */
function accountText(accountId: string | null): string {
  return accountId === null ? '' : `=${accountId}`;
}
