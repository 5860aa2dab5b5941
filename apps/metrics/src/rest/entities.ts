import { type EntityRecord, type Layout, parseLayout } from '@app/engine';
import type { EntityKind } from '@app/event';
import type { Value } from '@app/language';
import type { KeptEntity, RedisEntityReader } from '@app/state';
import type { EntityState } from './entity-state.js';

/** An entity that the engine knows, with what its record's positions mean. */
export interface KnownEntity extends EntityState {
  readonly record: EntityRecord;
  readonly layout: Layout;
}

/** The entities that the engine knows. What is read rejects as Redis does. */
export class Entities {
  /** Parsed layouts by their text; there are as many as there were catalogs. */
  private readonly layouts = new Map<string, Layout>();

  constructor(private readonly reader: RedisEntityReader) {}

  /** Every entity of a kind in the account, in no order; none when nobody has heard of the account. */
  async *all(kind: EntityKind, accountId: string): AsyncGenerator<KnownEntity> {
    for await (const slice of this.reader.entities(kind, accountId)) {
      for (const entity of slice) if (entity.record.known) yield this.known(entity);
    }
  }

  /** One entity, or null when it is not known. */
  async one(kind: EntityKind, accountId: string, id: string): Promise<KnownEntity | null> {
    const entity = await this.reader.entity({ kind, accountId, id });
    return entity === null || !entity.record.known ? null : this.known(entity);
  }

  private known({ id, record, layout: text }: KeptEntity): KnownEntity {
    let layout = this.layouts.get(text);
    if (layout === undefined) this.layouts.set(text, (layout = parseLayout(text)));
    const fields = new Map<string, Value>();
    layout.fields.forEach(([name], index) => fields.set(name, record.values[index] ?? null));
    return { id, fields, record, layout };
  }
}
