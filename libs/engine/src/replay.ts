import { type EntityKind, entityOf, type Event } from '@app/event';
import type { Catalog } from '@app/language';
import type { Item } from './item.js';
import { MemoryStore } from './memory-store.js';
import { mergeReaders } from './merge-readers.js';
import { Partition, type Poison } from './partition.js';
import type { SeriesReader, StateStore } from './store.js';
import type { Term } from './takeover.js';
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
  /** Where the state of a partition goes, and for how long the catalog is in force there; default: memory, for ever. */
  readonly state?: { readonly storeOf: (partition: number) => StateStore; readonly term: Term };
}

interface Lane {
  /** Null where the state is kept elsewhere. */
  readonly store: MemoryStore | null;
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
  private conflict = false;

  constructor(private readonly options: ReplayOptions) {
    this.lanes = Array.from({ length: options.partitions }, (_, partition) => this.lane(partition));
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

  /** Works off all that was taken in so far; `conflict` when somebody else has written to the same state. */
  async flushed(): Promise<'done' | 'conflict'> {
    for (const lane of this.lanes) await this.flush(lane);
    return this.conflict ? 'conflict' : 'done';
  }

  /**
   * Lets time alone go on to an instant (ms) at or after all that was taken in, as it does in a running system, and tells
   * where to read the series of then; more may be taken in afterwards.
   */
  async at(instant: number): Promise<SeriesReader> {
    for (const lane of this.lanes) {
      lane.items.push({ kind: 'tick', at: instant + 1, timersUntil: instant });
      await this.flush(lane);
    }
    return this.reader();
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
    return { reader: this.reader(), now };
  }

  private reader(): SeriesReader {
    return mergeReaders(this.lanes.map(({ store }) => store).filter((store) => store !== null));
  }

  private lane(number: number): Lane {
    const { catalog, holdMs, trace, state } = this.options;
    const memory = new MemoryStore();
    const store = state === undefined ? memory : state.storeOf(number);
    const setAside = (poison: Poison): Promise<void> => {
      this.poison.push(poison);
      return Promise.resolve();
    };
    const tracing = trace === undefined ? {} : { trace };
    const term = state === undefined ? {} : { term: state.term };
    const partition = new Partition({ catalog, store, holdMs, setAside, ...term, ...tracing });
    return { store: state === undefined ? memory : null, partition, items: [], jobs: 0 };
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
    // No number: a queue that is worked on from here begins to count anew.
    const outcome = await lane.partition.process({ id: `replay ${lane.jobs}`, items });
    if (outcome.kind === 'conflict') this.conflict = true;
  }
}
