import {
  type Change,
  type CommitOutcome,
  decodeRecord,
  type EntityRecord,
  type Loaded,
  type LoadRequest,
  markBucketEnd,
  type ScanPage,
  type StateStore,
} from '@app/engine';
import { entityKey, type EntityRef } from '@app/event';
import type { RedisClient } from '@app/redis';
import { type Arguments, commitArguments, grouped } from './commit-arguments.js';
import { COMMIT } from './commit-script.js';
import { HEAD_FIELDS, parseHead } from './head.js';
import { entitiesSuffix, escapeText, headKey, parseDueMember, partitionPrefix } from './keys.js';
import { LOAD } from './load-script.js';
import { markBlob } from './marks-lua.js';
import { scanEntities } from './scan-entities.js';
import { run } from './script.js';

export interface RedisStateStoreOptions {
  readonly partition: number;
  /** Told of a record that cannot be read, which then counts as none. */
  readonly onCorrupt?: (ref: EntityRef, text: string) => void;
}

type LoadReply = [
  head: (string | null)[],
  nextDue: string | null,
  layouts: string[] | null,
  records: (string | null)[],
  seen: number[],
];

type CommitReply = ['committed', string | null, string] | ['conflict'] | ['refused', string[], string[]];

/** One partition's state in Redis. Rejects as the connection does: away, full, of a wrong type; nothing is written then. */
export class RedisStateStore implements StateStore {
  private readonly prefix: string;
  private readonly head: string;
  private layouts: { readonly epoch: string; readonly byId: ReadonlyMap<string, string> } = NO_LAYOUTS;

  constructor(
    private readonly redis: RedisClient,
    private readonly options: RedisStateStoreOptions,
  ) {
    this.prefix = partitionPrefix(options.partition);
    this.head = headKey(options.partition);
  }

  async load({ entities, identities }: LoadRequest): Promise<Loaded> {
    const groups = grouped(entities, (ref) => entitiesSuffix(ref.kind, ref.accountId));
    const args: Arguments = [this.prefix, this.layouts.epoch, groups.size];
    for (const [suffix, refs] of groups) args.push(suffix, refs.length, ...refs.map((ref) => escapeText(ref.id)));
    args.push(markBlob(identities));
    const reply = (await run(this.redis, LOAD, [this.head], args)) as LoadReply;
    const [head, nextDue, layouts, records, seen] = reply;
    if (layouts !== null) this.layouts = { epoch: head[EPOCH] ?? '', byId: new Map(pairs(layouts)) };
    const found = this.decode([...groups.values()].flat(), records);
    return {
      head: parseHead(head, nextDue, this.layouts.byId),
      entities: entities.map((ref) => found.get(entityKey(ref)) ?? null),
      seenUntil: seen.map((bucket) => (bucket < 0 ? null : markBucketEnd(bucket))),
    };
  }

  async due(instant: number, limit: number): Promise<readonly EntityRef[]> {
    const members = await this.redis.zrangebyscore(`${this.prefix}due`, '-inf', instant, 'LIMIT', 0, limit);
    return members.map(parseDueMember);
  }

  /** A page may be somewhat larger or smaller than `limit`, and may name an entity that another page named. */
  scan(cursor: string | null, limit: number): Promise<ScanPage> {
    return scanEntities(this.redis, this.prefix, cursor, limit);
  }

  async commit(change: Change): Promise<CommitOutcome> {
    const args = [this.prefix, ...commitArguments(change)];
    const reply = (await run(this.redis, COMMIT, [this.head], args)) as CommitReply;
    switch (reply[0]) {
      case 'committed':
        return { kind: 'committed', nextDue: reply[1] === null ? null : Number(reply[1]), version: Number(reply[2]) };
      case 'conflict':
        return { kind: 'conflict' };
      case 'refused':
        return { kind: 'refused', outOfRange: reply[1], overLimit: reply[2] };
    }
  }

  private decode(refs: readonly EntityRef[], records: readonly (string | null)[]): Map<string, EntityRecord> {
    const found = new Map<string, EntityRecord>();
    refs.forEach((ref, index) => {
      const text = records[index] ?? null;
      if (text === null) return;
      const record = decodeRecord(text);
      if (record === null) this.options.onCorrupt?.(ref, text);
      else found.set(entityKey(ref), record);
    });
    return found;
  }
}

const NO_LAYOUTS = { epoch: '', byId: new Map<string, string>() };
const EPOCH = HEAD_FIELDS.indexOf('epoch');

/** A flat reply of names and values, in pairs. */
function pairs(flat: readonly string[]): [string, string][] {
  const list: [string, string][] = [];
  for (let at = 0; at < flat.length; at += 2) list.push([flat[at] ?? '', flat[at + 1] ?? '']);
  return list;
}
