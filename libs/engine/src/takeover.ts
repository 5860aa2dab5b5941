import { type EntityRef } from '@app/event';
import type { Catalog } from '@app/language';
import { nextDue } from './advance.js';
import { closeDraft } from './draft.js';
import { layoutText, openUnder } from './layout.js';
import { Ledger } from './ledger.js';
import type { Change, EntityWrite, PartitionHead, StateStore } from './store.js';

/** The most entities that one commit of a switch re-evaluates. */
const SLICE = 200;

/** Which catalog is to take over which partition; see {@link ClockRules} for the hold (ms). */
export interface Takeover {
  readonly catalog: Catalog;
  readonly store: StateStore;
  readonly holdMs: number;
}

/**
 * Puts the partition under a catalog before its next batch, and returns its head. When it was under another one, its
 * metrics that are no more lose their series, and each entity's timers and gauges are evaluated anew, in slices. A switch
 * that was interrupted goes on where entities are still stored under the old layout.
 */
export async function takeOver(takeover: Takeover): Promise<PartitionHead | 'conflict'> {
  const { catalog, store } = takeover;
  let { head } = await store.load({ entities: [], identities: [] });
  if (head.catalog === catalog.fingerprint && head.switched) return head;
  const fresh = head.catalog === '';
  if (head.catalog !== catalog.fingerprint) {
    const next = await write(store, head, { ...takeoverOf(catalog), switched: fresh });
    if (next === 'conflict' || fresh) return next;
    ({ head } = await store.load({ entities: [], identities: [] }));
  }
  let cursor: string | null = null;
  do {
    const page = await store.scan(cursor, SLICE);
    const next = await adoptPage(takeover, head, page.entities);
    if (next === 'conflict') return next;
    head = next;
    cursor = page.next;
  } while (cursor !== null);
  return write(store, head, { catalog: catalog.fingerprint, switched: true });
}

function takeoverOf(catalog: Catalog): Partial<Change> {
  const layouts = new Map(Object.values(catalog.entities).map((plan) => [plan.layoutId, layoutText(plan)]));
  const metrics = catalog.metrics.filter((metric) => metric.kept.kind !== 'formula').map((metric) => metric.seriesKey);
  return { catalog: catalog.fingerprint, takeover: { layouts, metrics } };
}

async function adoptPage(
  { catalog, store, holdMs }: Takeover,
  head: PartitionHead,
  refs: readonly EntityRef[],
): Promise<PartitionHead | 'conflict'> {
  const loaded = await store.load({ entities: refs, identities: [] });
  if (loaded.head.version !== head.version) return 'conflict';
  const ledger = new Ledger();
  const entities: EntityWrite[] = [];
  refs.forEach((ref, index) => {
    const plan = catalog.entities[ref.kind];
    const record = loaded.entities[index] ?? null;
    if (record === null || record.layoutId === plan.layoutId) return;
    const draft = openUnder(ref, record, { plan, layouts: head.layouts, clock: head.clock, ledger });
    entities.push({ ref, record: closeDraft(draft), due: nextDue(draft, { holdMs, quiet: head.quiet }) });
  });
  if (entities.length === 0) return head;
  const kept = { entities, series: ledger.series(), ages: ledger.ages(), stats: ledger.stats };
  return write(store, head, { ...kept, catalog: catalog.fingerprint, switched: false });
}

/** Commits with clock and job left where they are. */
async function write(
  store: StateStore,
  head: PartitionHead,
  part: Partial<Change>,
): Promise<PartitionHead | 'conflict'> {
  const outcome = await store.commit({
    expectedVersion: head.version,
    catalog: head.catalog,
    switched: head.switched,
    takeover: null,
    clock: head.clock,
    quiet: head.quiet,
    job: head.job,
    jobItems: head.jobItems,
    entities: [],
    marks: [],
    series: [],
    ages: [],
    accounts: [],
    stats: new Map(),
    ...part,
  });
  if (outcome.kind !== 'committed') return 'conflict';
  const layouts = new Map([...head.layouts, ...(part.takeover?.layouts ?? [])]);
  const catalog = part.catalog ?? head.catalog;
  const switched = part.switched ?? head.switched;
  return { ...head, version: head.version + 1, catalog, switched, layouts, nextDue: outcome.nextDue };
}
