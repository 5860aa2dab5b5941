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

/** Until when a story is told (ms), and what is wanted of it. */
export interface Telling {
  readonly until: number;
  /** The metrics to be looked at, whether they are exported or not. */
  readonly metrics: ReadonlySet<string>;
  readonly trace?: Trace;
  /** Whether what is traced is to be told in the order in which it happens; it takes longer. */
  readonly inOrder?: boolean;
}

/**
 * Tells a story to the engine of a running system, in memory, without hold or lag: what was received up to `until`, then
 * the timers armed up to then.
 */
export async function tell(catalog: Catalog, events: readonly Event[], telling: Telling): Promise<Told> {
  const { until, metrics, trace, inOrder = false } = telling;
  const store = new MemoryStore();
  const faults: string[] = [];
  const partition = new Partition({
    catalog,
    store,
    holdMs: 0,
    setAside: async ({ reason }) => void faults.push(reason),
    ...(trace === undefined ? {} : { trace }),
  });
  const received = inOrderOfReceipt(events).filter((event) => event.receivedAt <= until);
  const items = received.map((event) => ({ kind: 'event', event, entities: entitiesOf(event) }) as const);
  const jobs = inOrder ? items.map((item) => [item]) : [items];
  for (const [index, job] of jobs.entries()) await partition.process({ id: String(index), items: job });
  await partition.settle(until);
  const families = new Map<string, Family>();
  for await (const family of collectSamples(exporting(catalog, metrics), store, until))
    families.set(family.name, family);
  return {
    families,
    recordOf: async (kind, id) => {
      const { entities } = await store.load({ entities: [{ kind, accountId: TEST_ACCOUNT, id }], identities: [] });
      return entities[0] ?? null;
    },
    faults,
  };
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
