import { compareKeys, type EntityRecord, MemoryStore, orderKeyOf, Partition, type Trace } from '@app/engine';
import type { EntityKind, Event } from '@app/event';
import { collectSamples, type Family } from '@app/exposition';
import { type Catalog, TEST_ACCOUNT } from '@app/language';

/** What a story led to at an instant. */
export interface Told {
  /** The samples of a metric, by name. */
  readonly families: ReadonlyMap<string, Family>;
  /** What is known of an entity; null when nothing is. */
  readonly recordOf: (kind: EntityKind, id: string) => Promise<EntityRecord | null>;
  /** What made the engine fail, if anything did. */
  readonly faults: readonly string[];
}

/** How a story is told. */
export interface Telling {
  readonly trace?: Trace;
  /** Whether what is traced is to be told in the order in which it happens; it takes longer. */
  readonly inOrder?: boolean;
}

/** A story as the engine of a running system is told it, in memory, without hold or lag. */
export class Story {
  private readonly store = new MemoryStore();
  private readonly faults: string[] = [];
  private readonly events: readonly Event[];
  private readonly partition: Partition;
  private readonly inOrder: boolean;
  /** How many events, and how many jobs, have been told. */
  private told = 0;
  private jobs = 0;

  constructor(
    private readonly catalog: Catalog,
    events: readonly Event[],
    { trace, inOrder = false }: Telling = {},
  ) {
    this.events = inOrderOfReceipt(events);
    this.inOrder = inOrder;
    this.partition = new Partition({
      catalog,
      store: this.store,
      holdMs: 0,
      setAside: async ({ reason }) => void this.faults.push(reason),
      ...(trace === undefined ? {} : { trace }),
    });
  }

  /** Goes on with what was received up to an instant (ms), then with the timers armed up to then. */
  async goOn(until: number): Promise<void> {
    const beyond = this.events.findIndex((event) => event.receivedAt > until);
    const received = this.events.slice(this.told, beyond < 0 ? undefined : beyond);
    this.told += received.length;
    const items = received.map((event) => ({ kind: 'event', event, entities: entitiesOf(event) }) as const);
    const jobs = this.inOrder ? items.map((item) => [item]) : [items];
    for (const job of jobs) await this.partition.process({ id: String((this.jobs += 1)), items: job });
    await this.partition.settle(until);
  }

  /** Looks at metrics, whether they are exported or not, as they are at an instant (ms). */
  async look(metrics: ReadonlySet<string>, at: number): Promise<Told> {
    const families = new Map<string, Family>();
    for await (const family of collectSamples(exporting(this.catalog, metrics), this.store, at))
      families.set(family.name, family);
    return {
      families,
      recordOf: async (kind, id) => {
        const entity = { kind, accountId: TEST_ACCOUNT, id };
        const { entities } = await this.store.load({ entities: [entity], identities: [] });
        return entities[0] ?? null;
      },
      faults: this.faults,
    };
  }
}

/** Events that are received at one moment take the order that the hold would have given them. */
function inOrderOfReceipt(events: readonly Event[]): readonly Event[] {
  return [...events].sort((a, b) => a.receivedAt - b.receivedAt || compareKeys(orderKeyOf(a), orderKeyOf(b)));
}

function entitiesOf(event: Event): readonly EntityKind[] {
  const kinds: EntityKind[] = [];
  if (event.conversationId !== null) kinds.push('conversation');
  if (event.agentId !== null) kinds.push('agent');
  return kinds;
}

/** The catalog as if it exported these metrics and no others. */
function exporting(catalog: Catalog, names: ReadonlySet<string>): Catalog {
  return { ...catalog, metrics: catalog.metrics.map((metric) => ({ ...metric, exported: names.has(metric.name) })) };
}
