import { entityKey, type EntityRef } from '@app/event';
import { DueIndex } from './due-index.js';
import type { EntityRecord } from './entity.js';
import { MemoryMarks } from './memory-marks.js';
import { MemorySeries } from './memory-series.js';
import type {
  AgeRange,
  Change,
  CommitOutcome,
  EntityWrite,
  KeptSeries,
  Loaded,
  LoadRequest,
  PartitionHead,
  ScanPage,
  SeriesReader,
  StateStore,
} from './store.js';

/** An entity in memory: its record is never mutated, so it needs no copy. */
interface Slot {
  readonly key: string;
  readonly ref: EntityRef;
  record: EntityRecord;
  due: number;
  position: number;
}

/** A partition's state in memory: for replays, tests and measurements. It is its own reader. */
export class MemoryStore implements StateStore, SeriesReader {
  private readonly slots = new Map<string, Slot>();
  private readonly dueIndex = new DueIndex<Slot>();
  private readonly marks = new MemoryMarks();
  private readonly kept = new MemorySeries();
  private readonly knownAccounts = new Set<string>();
  private readonly counters = new Map<string, number>();
  private head: Omit<PartitionHead, 'nextDue'> = {
    version: 0,
    catalog: '',
    switched: false,
    layouts: new Map(),
    clock: 0,
    quiet: null,
    job: '',
    jobItems: 0,
  };
  private walk: { readonly cursor: string; readonly slots: Iterator<Slot> } | null = null;
  private walks = 0;

  load({ entities, identities }: LoadRequest): Promise<Loaded> {
    return Promise.resolve({
      head: { ...this.head, nextDue: this.dueIndex.next },
      entities: entities.map((ref) => this.slots.get(entityKey(ref))?.record ?? null),
      seenUntil: identities.map((identity) => this.marks.seenUntil(identity)),
    });
  }

  due(instant: number, limit: number): Promise<readonly EntityRef[]> {
    return Promise.resolve(this.dueIndex.until(instant, limit).map((slot) => slot.ref));
  }

  /** One walk at a time; a cursor of another starts from the beginning, so that a walk never misses an entity. */
  scan(cursor: string | null, limit: number): Promise<ScanPage> {
    if (cursor === null || cursor !== this.walk?.cursor) {
      this.walks += 1;
      this.walk = { cursor: String(this.walks), slots: this.slots.values() };
    }
    const entities: EntityRef[] = [];
    while (entities.length < limit) {
      const step = this.walk.slots.next();
      if (step.done === true) return Promise.resolve({ entities, next: null });
      entities.push(step.value.ref);
    }
    return Promise.resolve({ entities, next: this.walk.cursor });
  }

  commit(change: Change): Promise<CommitOutcome> {
    if (!this.admits(change)) return Promise.resolve({ kind: 'conflict' });
    const refused = this.kept.add(change.series);
    if (refused !== null) return Promise.resolve(refused);
    for (const write of change.entities) this.write(write);
    this.remember(change);
    for (const age of change.ages) this.kept.setAge(age);
    if (change.takeover !== null) this.kept.retain(change.takeover.metrics);
    this.kept.forgetMinutes(this.head.clock, change.clock);
    for (const account of change.accounts) this.knownAccounts.add(account);
    for (const [name, count] of change.stats) this.counters.set(name, (this.counters.get(name) ?? 0) + count);
    this.turn(change);
    return Promise.resolve({ kind: 'committed', nextDue: this.dueIndex.next, version: this.head.version });
  }

  async *series(metrics: readonly string[]): AsyncGenerator<readonly KeptSeries[]> {
    yield* this.kept.read(metrics, this.head.clock);
  }

  ages(metric: string, labels: readonly string[]): Promise<AgeRange | null> {
    return Promise.resolve(this.kept.range(metric, labels));
  }

  accounts(): Promise<readonly string[]> {
    return Promise.resolve([...this.knownAccounts]);
  }

  stats(): Promise<ReadonlyMap<string, number>> {
    return Promise.resolve(new Map(this.counters));
  }

  private admits({ expectedVersion, catalog, takeover }: Change): boolean {
    return expectedVersion === this.head.version && (catalog === this.head.catalog || takeover !== null);
  }

  private write({ ref, record, due }: EntityWrite): void {
    const key = entityKey(ref);
    let slot = this.slots.get(key);
    if (record === null) {
      if (slot === undefined) return;
      this.slots.delete(key);
      this.dueIndex.put(slot, null);
      return;
    }
    if (slot === undefined) {
      slot = { key, ref, record, due: 0, position: -1 };
      this.slots.set(key, slot);
    }
    slot.record = record;
    this.dueIndex.put(slot, due);
  }

  private remember({ marks, marksAt, clock }: Change): void {
    this.marks.forget(clock);
    marks.forEach((identity, index) => this.marks.add(identity, marksAt?.[index] ?? clock));
  }

  private turn({ catalog, switched, clock, quiet, job, jobItems, takeover }: Change): void {
    const layouts = takeover === null ? this.head.layouts : new Map(takeover.layouts);
    this.head = { version: this.head.version + 1, catalog, switched, layouts, clock, quiet, job, jobItems };
  }
}
