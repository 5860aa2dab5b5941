import { type EntityRef } from '@app/event';
import type { Catalog } from '@app/language';
import { nextDue } from './advance.js';
import { Barred } from './barred.js';
import { closeDraft } from './draft.js';
import { gaugesOf, layoutText, openUnder, parseLayout } from './layout.js';
import { Ledger } from './ledger.js';
import type { Change, EntityWrite, Loaded, PartitionHead, RefusedCommit, StateStore } from './store.js';

/** The most entities that one commit of a switch re-evaluates. */
const SLICE = 200;

/**
 * The time for which a catalog is in force, where catalogs change: versions count up with each change, and `since` says
 * per metric (`seriesKey`) in which version it came into force, without a break. A partition that has slept through a
 * version in which a metric was missing drops its series like the others did.
 */
export interface Term {
  readonly version: number;
  readonly since: ReadonlyMap<string, number>;
}

/** Which catalog is to take over which partition; see {@link ClockRules} for the hold (ms). */
export interface Takeover {
  readonly catalog: Catalog;
  readonly term?: Term;
  readonly store: StateStore;
  readonly holdMs: number;
}

/**
 * Puts the partition under a catalog before its next batch, and returns its head. When it was under another one, counters
 * and histograms that are no more lose their series at once, and each entity's timers and gauges are evaluated anew, in
 * slices. A switch that was interrupted goes on where entities are still stored under another layout, be it to the same
 * catalog, to a third one or back: what a record says that it has put into gauges is in them at every moment.
 */
export async function takeOver(takeover: Takeover): Promise<PartitionHead | 'conflict'> {
  const { store } = takeover;
  let { head } = await store.load({ entities: [], identities: [] });
  if (head.catalog !== nameOf(takeover)) {
    const begun = await turn(store, head, beginning(takeover, head));
    if (begun === 'conflict') return begun;
    head = begun;
  }
  if (head.switched) return head;
  let cursor: string | null = null;
  do {
    const page = await store.scan(cursor, SLICE);
    const next = await adoptPage(takeover, head, page.entities);
    if (next === 'conflict') return next;
    head = next;
    cursor = page.next;
  } while (cursor !== null);
  return turn(store, head, ending(takeover));
}

/** The first commit of a switch: gauges stay as long as a record may have something in them. A fresh partition is done. */
function beginning(takeover: Takeover, head: PartitionHead): Partial<Change> {
  const { catalog, term } = takeover;
  const layouts = new Map([...head.layouts, ...layoutsOf(catalog)]);
  const gauges = [...head.layouts.values()].flatMap((text) => gaugesOf(parseLayout(text)));
  const before = versionIn(head.catalog);
  const unbroken = metricsOf(catalog).filter((key) => (term?.since.get(key) ?? 0) <= before);
  const metrics = [...new Set([...unbroken, ...gauges])];
  return { catalog: nameOf(takeover), switched: head.catalog === '', takeover: { layouts, metrics } };
}

/** The last one: every record is of this catalog now. */
function ending(takeover: Takeover): Partial<Change> {
  const { catalog } = takeover;
  const last = { layouts: layoutsOf(catalog), metrics: metricsOf(catalog) };
  return { catalog: nameOf(takeover), switched: true, takeover: last };
}

/** What the partition's head calls the catalog: `fingerprint` or `fingerprint/version`. */
function nameOf({ catalog, term }: Takeover): string {
  return term === undefined ? catalog.fingerprint : `${catalog.fingerprint}/${term.version}`;
}

function versionIn(name: string): number {
  return Number(name.split('/')[1] ?? 0);
}

function layoutsOf(catalog: Catalog): Map<string, string> {
  return new Map(Object.values(catalog.entities).map((plan) => [plan.layoutId, layoutText(plan)]));
}

function metricsOf(catalog: Catalog): string[] {
  return catalog.metrics.filter((metric) => metric.kept.kind !== 'formula').map((metric) => metric.seriesKey);
}

async function adoptPage(
  takeover: Takeover,
  head: PartitionHead,
  refs: readonly EntityRef[],
): Promise<PartitionHead | 'conflict'> {
  const loaded = await takeover.store.load({ entities: refs, identities: [] });
  if (loaded.head.version !== head.version) return 'conflict';
  const barred = new Barred();
  for (;;) {
    const outcome = await adopt(takeover, { head, refs, loaded }, new Ledger(barred));
    if (outcome === 'conflict' || !('outOfRange' in outcome)) return outcome;
    barred.add(outcome);
  }
}

/** A page of entities as it was loaded. */
interface Page {
  readonly head: PartitionHead;
  readonly refs: readonly EntityRef[];
  readonly loaded: Loaded;
}

async function adopt(
  takeover: Takeover,
  { head, refs, loaded }: Page,
  ledger: Ledger,
): Promise<PartitionHead | 'conflict' | RefusedCommit> {
  const { catalog, store, holdMs } = takeover;
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
  return write(store, head, { ...kept, catalog: nameOf(takeover), switched: false });
}

/** A commit without series: none of it can be refused. */
async function turn(
  store: StateStore,
  head: PartitionHead,
  part: Partial<Change>,
): Promise<PartitionHead | 'conflict'> {
  const outcome = await write(store, head, part);
  return outcome === 'conflict' || 'outOfRange' in outcome ? 'conflict' : outcome;
}

/** Commits with clock and job left where they are. */
async function write(
  store: StateStore,
  head: PartitionHead,
  part: Partial<Change>,
): Promise<PartitionHead | 'conflict' | RefusedCommit> {
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
  if (outcome.kind !== 'committed') return outcome.kind === 'conflict' ? 'conflict' : outcome;
  const layouts = part.takeover?.layouts ?? head.layouts;
  const catalog = part.catalog ?? head.catalog;
  const switched = part.switched ?? head.switched;
  return { ...head, version: outcome.version, catalog, switched, layouts, nextDue: outcome.nextDue };
}
