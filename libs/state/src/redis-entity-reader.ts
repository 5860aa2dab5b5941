import { decodeRecord, type EntityRecord } from '@app/engine';
import type { EntityKind, EntityRef } from '@app/event';
import type { RedisClient } from '@app/redis';
import { entitiesSuffix, escapeText, partitionPrefix, unescapeText } from './keys.js';

/** An entity as it is kept, with the text of the layout by which its positions are to be read. */
export interface KeptEntity {
  readonly id: string;
  readonly record: EntityRecord;
  readonly layout: string;
}

/** About the most entities in one slice. */
const SLICE = 200;

/** Reads entities of all partitions. What cannot be read is left out; rejects as the connection does. */
export class RedisEntityReader {
  private readonly prefixes: readonly string[];
  /** Layouts by id: an id stands for the same layout for ever, in every partition. */
  private readonly layouts = new Map<string, string>();

  constructor(
    private readonly redis: RedisClient,
    partitions: number,
  ) {
    this.prefixes = Array.from({ length: partitions }, (_, partition) => partitionPrefix(partition));
  }

  /** All entities of one kind of an account, in slices and in no order, each once. */
  async *entities(kind: EntityKind, accountId: string): AsyncGenerator<readonly KeptEntity[]> {
    for (const prefix of this.prefixes) {
      const had = new Set<string>();
      let cursor = '0';
      do {
        const key = `${prefix}entity:${entitiesSuffix(kind, accountId)}`;
        const [next, flat] = await this.redis.hscan(key, cursor, 'COUNT', SLICE);
        const slice = await this.decode(prefix, flat, had);
        if (slice.length > 0) yield slice;
        cursor = next;
      } while (cursor !== '0');
    }
  }

  /** One entity, or null when it is not known. */
  async entity({ kind, accountId, id }: EntityRef): Promise<KeptEntity | null> {
    const field = escapeText(id);
    const key = `entity:${entitiesSuffix(kind, accountId)}`;
    const texts = await Promise.all(this.prefixes.map((prefix) => this.redis.hget(prefix + key, field)));
    const at = texts.findIndex((text) => text !== null);
    const [prefix, text] = [this.prefixes[at], texts[at]];
    if (prefix === undefined || typeof text !== 'string') return null;
    return (await this.decode(prefix, [field, text], new Set()))[0] ?? null;
  }

  private async decode(prefix: string, flat: readonly string[], had: Set<string>): Promise<KeptEntity[]> {
    const found: KeptEntity[] = [];
    for (let at = 0; at < flat.length; at += 2) {
      const id = unescapeText(flat[at] ?? '');
      const record = had.has(id) ? null : decodeRecord(flat[at + 1] ?? '');
      if (record === null) continue;
      had.add(id);
      const layout = this.layouts.get(record.layoutId) ?? (await this.fetch(prefix, record.layoutId));
      if (layout !== null) found.push({ id, record, layout });
    }
    return found;
  }

  private async fetch(prefix: string, layoutId: string): Promise<string | null> {
    const layout = await this.redis.hget(`${prefix}layouts`, layoutId);
    if (layout !== null) this.layouts.set(layoutId, layout);
    return layout;
  }
}
