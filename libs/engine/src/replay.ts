import { type EntityKind, entityOf, type Event } from '@app/event';
import type { Catalog } from '@app/language';
import type { Item } from './item.js';
import { MemoryStore } from './memory-store.js';
import { mergeReaders } from './merge-readers.js';
import { Partition, type Poison } from './partition.js';
import type { SeriesReader } from './store.js';
import type { Trace } from './trace.js';

export interface ReplayOptions {
  readonly catalog: Catalog;
  /** See language.md §3 (ms). */
  readonly holdMs: number;
  readonly partitions: number;
  /** In which partition an entity lives; the same function as in a running system. */
  readonly partitionOf: (accountId: string, entityId: string, partitions: number) => number;
  /** Is told each step at each entity. */
  readonly trace?: Trace;
}

interface Lane {
  readonly store: MemoryStore;
  readonly partition: Partition;
  items: Item[];
  jobs: number;
}

/** How many items are worked off together. */
const BATCH = 500;

/**
 * Runs events through the same engine as a running system, in memory and in virtual time. Events come in the order of
 * their receipt; equal input gives equal series.
 */
export class Replay {
  /** What made the engine fail, in order. */
  readonly poison: Poison[] = [];
  private readonly lanes: readonly Lane[];
  private lastTime = 0;

  constructor(private readonly options: ReplayOptions) {
    this.lanes = Array.from({ length: options.partitions }, () => this.lane());
  }

  /**
   * Takes an event in.
   * @param agentReceivedAt The receivedAt that counts at the agent (ms), where it differs from the conversation's.
   */
  async event(event: Event, agentReceivedAt: number = event.receivedAt): Promise<void> {
    this.lastTime = Math.max(this.lastTime, event.time);
    const home = { conversation: this.laneOf(event, 'conversation'), agent: this.laneOf(event, 'agent') };
    if (home.conversation !== null && home.conversation === home.agent) {
      await this.put(home.conversation, { kind: 'event', event, entities: ['conversation', 'agent'] });
      return;
    }
    if (home.conversation !== null) {
      await this.put(home.conversation, { kind: 'event', event, entities: ['conversation'] });
    }
    if (home.agent !== null) {
      const atAgent = { ...event, receivedAt: agentReceivedAt };
      await this.put(home.agent, { kind: 'event', event: atAgent, entities: ['agent'] });
    }
  }

  /** Takes an event in at one of its entities only, with the receivedAt that counts there. */
  async share(event: Event, kind: EntityKind): Promise<void> {
    this.lastTime = Math.max(this.lastTime, event.time);
    const lane = this.laneOf(event, kind);
    if (lane !== null) await this.put(lane, { kind: 'event', event, entities: [kind] });
  }

  /** No ingestion replica was ready from `from` to `to` (ms). */
  async outage(from: number, to: number): Promise<void> {
    for (const lane of this.lanes) await this.put(lane, { kind: 'outage', from, to });
  }

  /**
   * Releases what is held, fires the timers armed up to `until` (ms, default the last event's time), and tells where to
   * read the series and for which instant.
   */
  async finish(until: number | null): Promise<{ readonly reader: SeriesReader; readonly now: number }> {
    const now = until ?? this.lastTime;
    for (const lane of this.lanes) {
      await this.flush(lane);
      await lane.partition.settle(now);
    }
    return { reader: mergeReaders(this.lanes.map((lane) => lane.store)), now };
  }

  private lane(): Lane {
    const store = new MemoryStore();
    const { catalog, holdMs, trace } = this.options;
    const setAside = (poison: Poison): Promise<void> => {
      this.poison.push(poison);
      return Promise.resolve();
    };
    const tracing = trace === undefined ? {} : { trace };
    return { store, partition: new Partition({ catalog, store, holdMs, setAside, ...tracing }), items: [], jobs: 0 };
  }

  private laneOf(event: Event, kind: EntityKind): Lane | null {
    const ref = entityOf(event, kind);
    if (ref === null) return null;
    return this.lanes[this.options.partitionOf(ref.accountId, ref.id, this.options.partitions)] ?? null;
  }

  private async put(lane: Lane, item: Item): Promise<void> {
    lane.items.push(item);
    if (lane.items.length >= BATCH) await this.flush(lane);
  }

  private async flush(lane: Lane): Promise<void> {
    const { items } = lane;
    lane.items = [];
    lane.jobs += 1;
    await lane.partition.process({ id: String(lane.jobs), items });
  }
}
