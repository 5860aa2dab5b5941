import { entityKey, type EntityRef, type Event } from '@app/event';
import type { Catalog } from '@app/language';
import type { Reach } from './advance.js';
import { Barred } from './barred.js';
import type { Item, OutageItem, Quiet } from './item.js';
import type { Ledger } from './ledger.js';
import { type Job, Lineup } from './lineup.js';
import { NOTHING, type Place, type Step, Tenure } from './tenure.js';
import { planSegment, type Segment, type Worked, workOut, workOutDue } from './segment.js';
import type { EntityWrite, Loaded, StateStore } from './store.js';
import { takeOver, type Term } from './takeover.js';
import type { Trace } from './trace.js';

/** What an entity held when something due at it made the engine fail. */
export interface DueItem {
  readonly kind: 'due';
  readonly entity: EntityRef;
  readonly held: readonly Event[];
}

/** An item that makes the engine fail: it is set aside with the reason, and the rest goes on. */
export interface Poison {
  readonly item: Item | DueItem;
  readonly reason: string;
}

/**
 * `done`: with the instant (ms) for which the next tick is wanted, one after the earliest thing is due, or null.
 * `conflict`: another worker has the partition; whatever was not committed is void.
 */
export type JobOutcome = { readonly kind: 'done'; readonly nextTick: number | null } | { readonly kind: 'conflict' };

export interface PartitionOptions {
  readonly catalog: Catalog;
  /** For how long it is in force; where it never changes, none. */
  readonly term?: Term;
  readonly store: StateStore;
  /** For how long events are held so that neighbours are put in order (ms). */
  readonly holdMs: number;
  /** Is told every step, to show how numbers come about. */
  readonly trace?: Trace;
  /** Sets poison aside; it is called before the commit that passes over it, and may be called again for the same item. */
  readonly setAside: (poison: Poison) => Promise<void>;
}

/** The most items, and the most entities with something due, that one commit takes. */
const SLICE = 500;

/** A quiet time after an outage is as long as the outage, within these bounds (ms): the sender's retry gaps. */
const QUIET_MS = { least: 5_000, most: 330_000 };

/**
 * Works the jobs of one partition off, exactly once each: loads what a job touches, applies it, commits atomically.
 * Throws only what the store or `setAside` throw; then the same job is to be processed again.
 */
export class Partition {
  private tenure: Tenure | null = null;

  constructor(private readonly options: PartitionOptions) {}

  /** Takes the partition over and tells when the first tick is wanted. */
  async open(): Promise<JobOutcome> {
    this.tenure = null;
    return this.process({ id: '', items: [] });
  }

  /** Works off what of the jobs, which follow one another in the queue, has not been committed before. */
  async process(...jobs: readonly Job[]): Promise<JobOutcome> {
    const lineup = new Lineup(jobs);
    return this.within(async (tenure) => {
      let from = lineup.doneAt(tenure.place);
      while (from < lineup.items.length) {
        const to = endOfSegment(lineup.items, from);
        if ((await this.range(tenure, lineup, { from, to })) === 'conflict') return 'conflict';
        from = to;
      }
      return 'done';
    });
  }

  /**
   * Ends a replay: releases what is held and fires the timers armed up to `until` (ms), as time alone would have done
   * had it gone on.
   */
  async settle(until: number): Promise<JobOutcome> {
    return this.within(async (tenure) => {
      const last = tenure.clock + this.options.holdMs;
      const released = { until: last, timersUntil: last, armedUntil: until };
      if ((await this.drain(tenure, released)) === 'conflict') return 'conflict';
      const reach = { until: Infinity, timersUntil: Infinity, armedUntil: until };
      let cursor: string | null = null;
      do {
        const page = await this.options.store.scan(cursor, SLICE);
        if ((await this.drainSlice(tenure, page.entities, reach)) === 'conflict') return 'conflict';
        cursor = page.next;
      } while (cursor !== null);
      return 'done';
    });
  }

  /** Runs `work` under the present tenure. One that ends in a conflict or in trouble is given up. */
  private async within(work: (tenure: Tenure) => Promise<Step>): Promise<JobOutcome> {
    const tenure = this.tenure ?? (await this.begin());
    this.tenure = null;
    if (tenure === 'conflict' || (await work(tenure)) === 'conflict') return { kind: 'conflict' };
    this.tenure = tenure;
    return { kind: 'done', nextTick: tenure.nextDue === null ? null : tenure.nextDue + 1 };
  }

  private async begin(): Promise<Tenure | 'conflict'> {
    const head = await takeOver(this.options);
    return head === 'conflict' ? head : new Tenure(head, this.options);
  }

  /**
   * Processes a range of items; when the engine fails, or a series would leave its range, by halves, until the item that
   * causes it stands alone: so what comes before and after it counts, however the queue was cut into batches.
   */
  private async range(tenure: Tenure, lineup: Lineup, { from, to }: { from: number; to: number }): Promise<Step> {
    const items = lineup.items.slice(from, to);
    const first = items[0];
    if (first === undefined) return 'done';
    if (first.kind === 'outage') return this.outage(tenure, first, { ...lineup.placeAt(to), clock: tenure.clock });
    const segment = planSegment(items, tenure.clock);
    const place = { ...lineup.placeAt(to), clock: segment.clock };
    const result = await this.segment(tenure, segment, { place, isLast: false });
    if (typeof result === 'string') return result;
    if (items.length === 1) return this.alone(tenure, first, { segment, place });
    const middle = from + Math.ceil(items.length / 2);
    const step = await this.range(tenure, lineup, { from, to: middle });
    return step === 'conflict' ? step : this.range(tenure, lineup, { from: middle, to });
  }

  /** An item that failed by itself is tried once more without what its entities held: that may be what fails. */
  private async alone(
    tenure: Tenure,
    item: Item,
    { segment, place }: { readonly segment: Segment; readonly place: Place },
  ): Promise<Step> {
    if ((await this.drainSlice(tenure, segment.refs, segment.reach)) === 'conflict') return 'conflict';
    const result = await this.segment(tenure, segment, { place, isLast: true });
    if (typeof result === 'string') return result;
    await this.options.setAside({ item, reason: result.reason });
    return tenure.pass(place, NOTHING);
  }

  private async segment(tenure: Tenure, segment: Segment, attempted: Attempted): Promise<Step | Failure> {
    if ((await this.drain(tenure, segment.reach, segment.refs)) === 'conflict') return 'conflict';
    const loaded = await this.options.store.load({ entities: segment.refs, identities: segment.fingerprints });
    if (!tenure.matches(loaded.head)) return 'conflict';
    return attempt(tenure, attempted, (ledger) => workOut(segment, loaded, tenure.surroundings(segment.clock, ledger)));
  }

  /** Works off what is due within `reach`, in slices with a commit each; the partition's clock stays where it is. */
  private async drain(tenure: Tenure, reach: Reach, except: readonly EntityRef[] = []): Promise<Step> {
    if (!tenure.isDue(reach.until)) return 'done';
    const worked = new Set(except.map(entityKey));
    while (tenure.isDue(reach.until)) {
      const due = await this.options.store.due(reach.until, worked.size + SLICE);
      const refs = due.filter((ref) => !worked.has(entityKey(ref)));
      if (refs.length === 0) return 'done';
      for (const ref of refs) worked.add(entityKey(ref));
      if ((await this.drainSlice(tenure, refs, reach)) === 'conflict') return 'conflict';
    }
    return 'done';
  }

  /** A due entity that makes the engine fail loses what it held to the quarantine; the others go on. */
  private async drainSlice(tenure: Tenure, refs: readonly EntityRef[], reach: Reach): Promise<Step> {
    const loaded = await this.options.store.load({ entities: refs, identities: [] });
    if (!tenure.matches(loaded.head)) return 'conflict';
    const attempted = { place: tenure.place, isLast: refs.length === 1 };
    const result = await attempt(tenure, attempted, (ledger) => ({
      ...NOTHING,
      writes: workOutDue(refs, loaded, reach, tenure.surroundings(tenure.clock, ledger)),
    }));
    if (typeof result === 'string') return result;
    const [first, second] = refs;
    if (first === undefined) return 'done';
    if (second === undefined) return this.leave(tenure, first, { loaded, reason: result.reason });
    const middle = Math.ceil(refs.length / 2);
    const step = await this.drainSlice(tenure, refs.slice(0, middle), reach);
    return step === 'conflict' ? step : this.drainSlice(tenure, refs.slice(middle), reach);
  }

  /** Sets aside what the entity held; its armed timers count as fired, since one of them may be what fails. */
  private async leave(
    tenure: Tenure,
    entity: EntityRef,
    { loaded, reason }: Failure & { loaded: Loaded },
  ): Promise<Step> {
    const record = loaded.entities[0] ?? null;
    await this.options.setAside({ item: { kind: 'due', entity, held: record?.held ?? [] }, reason });
    const timers = (record?.timers ?? []).map((timer) => ({ ...timer, firedFor: timer.at }));
    const left: EntityWrite = { ref: entity, record: record && { ...record, held: [], timers }, due: null };
    return tenure.pass(tenure.place, { ...NOTHING, writes: [left] });
  }

  private async outage(tenure: Tenure, item: OutageItem, place: Place): Promise<Step> {
    const before = { until: item.from, timersUntil: item.from };
    if ((await this.drain(tenure, before)) === 'conflict') return 'conflict';
    const quiet = quietAfter(item, tenure.quiet);
    const step = await tenure.pass({ ...place, clock: Math.max(tenure.clock, item.to) }, NOTHING, quiet);
    return step === 'conflict' ? step : this.drain(tenure, { until: item.to - 1, timersUntil: item.to - 1 });
  }
}

interface Failure {
  readonly reason: string;
}

interface Attempted {
  /** How far the commit brings the partition. */
  readonly place: Place;
  /** Whether the work cannot be cut any smaller: then what would leave its range has no result. */
  readonly isLast: boolean;
}

/** Works something out and commits it; again with what the commit refuses going elsewhere, as often as it refuses. */
async function attempt(
  tenure: Tenure,
  { place, isLast }: Attempted,
  work: (ledger: Ledger) => Worked,
): Promise<Step | Failure> {
  const barred = new Barred();
  for (;;) {
    const ledger = tenure.ledger(barred);
    let worked: Worked;
    try {
      worked = work(ledger);
    } catch (error) {
      return { reason: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown failure' };
    }
    const outcome = await tenure.commit(place, worked, ledger);
    if (typeof outcome === 'string') return outcome;
    if (outcome.outOfRange.length > 0 && !isLast) return { reason: 'its series leave their range' };
    if (!barred.add(outcome)) return { reason: 'its series leave their range, and nothing can go elsewhere' };
  }
}

/** A segment is a run of events and ticks, or one outage. */
function endOfSegment(items: readonly Item[], from: number): number {
  if (items[from]?.kind === 'outage') return from + 1;
  let to = from;
  while (to < items.length && to - from < SLICE && items[to]?.kind !== 'outage') to += 1;
  return to;
}

/** While ingestion was away, and then for as long as that lasted, the clock fires no timer. */
function quietAfter({ from, to }: OutageItem, before: Quiet | null): Quiet {
  const until = to + Math.min(Math.max(to - from, QUIET_MS.least), QUIET_MS.most);
  if (before === null || before.until <= from) return { from, until };
  return { from: Math.min(before.from, from), until: Math.max(before.until, until) };
}
