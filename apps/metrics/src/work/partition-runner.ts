import { type Item, type JobOutcome, Partition, type Poison, type StateStore } from '@app/engine';
import type { ProcessMetrics } from '@app/exposition';
import type { Batch, Processed } from '@app/queue';
import type { CatalogInForce, CatalogTerm } from '../catalog/catalog-in-force.js';

/** What the partitions of this replica are worked off with. */
export interface RunnerOptions {
  readonly inForce: Pick<CatalogInForce, 'now'>;
  readonly holdMs: number;
  /** The state of a partition; a fresh one each time the partition is taken over, or another catalog comes into force. */
  readonly storeOf: (partition: number) => StateStore;
  /** Stores poison; what it throws is tried again with the whole batch. */
  readonly setAside: (partition: number, poison: Poison) => Promise<void>;
  /** Redis's time (ms). */
  readonly now: () => number;
  readonly metrics: ProcessMetrics;
}

/**
 * The queue's tick for `at` (ms), which does what is due then: the engine's does what is due before its own instant, as
 * an event received then would.
 */
export function tickFor(at: number, timersUntil: number): Item {
  return { kind: 'tick', at: at + 1, timersUntil };
}

/** This replica may not apply the batch now. It is tried again, until the lease turns out to be lost or is given back. */
export class NotOurs extends Error {
  override readonly name = 'NotOurs';
}

/** Joins the queue's batches to the engine: one engine partition for each partition that this replica works. */
export class PartitionRunner {
  /** The engine's partition by number, and under which version of the catalog it works; null until it has begun to. */
  private readonly partitions = new Map<number, { readonly version: number; readonly engine: Partition } | null>();

  constructor(private readonly options: RunnerOptions) {}

  /** The partition is this replica's from now on: nothing that was in memory of it counts any more. */
  own(partition: number): void {
    this.partitions.set(partition, null);
    this.options.metrics.setOwned(this.partitions.size);
  }

  /** The partition is no longer this replica's. */
  lose(partition: number): void {
    this.partitions.delete(partition);
    this.options.metrics.setOwned(this.partitions.size);
  }

  /** When something is due first in a partition that was just taken over. */
  async open(partition: number): Promise<Processed> {
    const engine = await this.at(partition);
    return processed(partition, await engine.open());
  }

  /** Applies batches and commits them. Throws only trouble of the surroundings. */
  async process(partition: number, batches: readonly Batch<Item>[]): Promise<Processed> {
    const { metrics, now } = this.options;
    const startedAt = performance.now();
    const engine = await this.at(partition);
    const outcome = await engine.process(...batches.map(({ id, items }) => ({ id, items: items.map(effective) })));
    const received = batches.flatMap(({ items }) => items).find(({ data }) => data.kind === 'event')?.at ?? null;
    metrics.observeJob((performance.now() - startedAt) / 1000, received === null ? null : (now() - received) / 1000);
    return processed(partition, outcome);
  }

  /** The engine's partition under the catalog in force, if this replica may apply anything to it now. */
  private async at(partition: number): Promise<Partition> {
    const term = await this.options.inForce.now();
    const found = this.partitions.get(partition);
    if (found === undefined) throw new NotOurs(`partition ${partition} is another replica's`);
    if (found?.version === term.version) return found.engine;
    const engine = this.under(partition, term);
    this.partitions.set(partition, { version: term.version, engine });
    return engine;
  }

  /** The engine's partition under a catalog; it switches to it before its first batch. */
  private under(partition: number, term: CatalogTerm): Partition {
    const { holdMs, metrics, storeOf, setAside } = this.options;
    return new Partition({
      catalog: term.catalog,
      term,
      holdMs,
      store: timed(storeOf(partition), metrics),
      setAside: (poison) => setAside(partition, poison),
    });
  }
}

function processed(partition: number, outcome: JobOutcome): Processed {
  if (outcome.kind === 'conflict') throw new NotOurs(`another worker wrote to partition ${partition}`);
  // The engine wants a tick for the instant after the one at which something is due; the queue is told the latter.
  return { nextDue: outcome.nextTick === null ? null : outcome.nextTick - 1 };
}

/** An event counts as received at its effective instant, which is the one that the record tells, too. */
function effective({ at, data }: Batch<Item>['items'][number]): Item {
  if (data.kind !== 'event' || data.event.receivedAt === at) return data;
  return { ...data, event: { ...data.event, receivedAt: at } };
}

function timed(store: StateStore, metrics: ProcessMetrics): StateStore {
  return {
    load: (request) => store.load(request),
    due: (instant, limit) => store.due(instant, limit),
    scan: (cursor, limit) => store.scan(cursor, limit),
    commit: async (change) => {
      const startedAt = performance.now();
      const outcome = await store.commit(change);
      metrics.observeCommit((performance.now() - startedAt) / 1000);
      return outcome;
    },
  };
}
