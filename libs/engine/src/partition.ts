import { entityKey, type EntityRef } from '@app/event';
import type { Catalog } from '@app/language';
import type { ClockRules, Reach } from './advance.js';
import type { Item, OutageItem, Quiet } from './item.js';
import { Ledger } from './ledger.js';
import { planSegment, type Surroundings, type Worked, workOut, workOutDue } from './segment.js';
import type { Change, EntityWrite, Loaded, PartitionHead, StateStore } from './store.js';
import { takeOver } from './takeover.js';

/** A batch of a partition's queue. */
export interface Job {
  /** Unique and, within the partition, in queue order. */
  readonly id: string;
  readonly items: readonly Item[];
}

/** An item that makes the engine fail: it is set aside with the reason, and the rest goes on. */
export interface Poison {
  readonly item: Item | { readonly kind: 'due'; readonly entity: EntityRef };
  readonly reason: string;
}

/**
 * `done`: with the instant (ms) for which the next tick is wanted, one after the earliest thing is due, or null.
 * `conflict`: another worker has the partition; whatever was not committed is void.
 */
export type JobOutcome = { readonly kind: 'done'; readonly nextTick: number | null } | { readonly kind: 'conflict' };

export interface PartitionOptions {
  readonly catalog: Catalog;
  readonly store: StateStore;
  /** For how long events are held so that neighbours are put in order (ms). */
  readonly holdMs: number;
  /** Sets poison aside; it is called before the commit that passes over it, and may be called again for the same item. */
  readonly setAside: (poison: Poison) => Promise<void>;
}

/** The most items, and the most entities with something due, that one commit takes. */
const SLICE = 500;

/** A quiet time after an outage is as long as the outage, within these bounds (ms): the sender's retry gaps. */
const QUIET_MS = { least: 5_000, most: 330_000 };

const NOTHING: Worked = { writes: [], marks: [], marksAt: [] };

type Step = 'done' | 'conflict';

/**
 * Works the jobs of one partition off, exactly once each: loads what a job touches, applies it, commits atomically.
 * Throws only what the store or `setAside` throw; then the same job is to be processed again.
 */
export class Partition {
  private head: PartitionHead | null = null;

  constructor(private readonly options: PartitionOptions) {}

  /** Takes the partition over and tells when its first thing is due (ms), or null. */
  async open(): Promise<JobOutcome> {
    this.head = null;
    return this.process({ id: '', items: [] });
  }

  async process(job: Job): Promise<JobOutcome> {
    const head = this.head ?? (await takeOver(this.options.catalog, this.options.store, this.options.holdMs));
    if (head === 'conflict') return { kind: 'conflict' };
    this.head = head;
    try {
      let from = job.id !== '' && head.job === job.id ? head.jobItems : 0;
      while (from < job.items.length) {
        const to = endOfSegment(job.items, from);
        if ((await this.range(job, from, to)) === 'conflict') return this.lose();
        from = to;
      }
      return this.done();
    } catch (error) {
      this.head = null;
      throw error;
    }
  }

  /**
   * Ends a replay: releases what is held and fires the timers armed up to `until` (ms), as time alone would have done
   * had it gone on.
   */
  async settle(until: number): Promise<JobOutcome> {
    const opened = await this.open();
    if (opened.kind === 'conflict') return opened;
    const last = this.clock() + this.options.holdMs;
    if ((await this.drain({ until: last, timersUntil: last }, new Set())) === 'conflict') return this.lose();
    const reach = { until: Infinity, timersUntil: Infinity, armedUntil: until };
    let cursor: string | null = null;
    do {
      const page = await this.options.store.scan(cursor, SLICE);
      if ((await this.drainSlice(page.entities, reach)) === 'conflict') return this.lose();
      cursor = page.next;
    } while (cursor !== null);
    return this.done();
  }

  private done(): JobOutcome {
    const nextDue = this.head?.nextDue ?? null;
    return { kind: 'done', nextTick: nextDue === null ? null : nextDue + 1 };
  }

  private lose(): JobOutcome {
    this.head = null;
    return { kind: 'conflict' };
  }

  /** Processes items `from` to `to`; when the engine fails, by halves, until the item that makes it fail stands alone. */
  private async range(job: Job, from: number, to: number): Promise<Step> {
    const items = job.items.slice(from, to);
    const first = items[0];
    if (first === undefined) return 'done';
    const done = { job: job.id, jobItems: to };
    if (first.kind === 'outage') return this.outage(first, done);
    const result = await this.segment(items, done);
    if (typeof result === 'string') return result;
    if (items.length === 1) {
      await this.options.setAside({ item: first, reason: result.reason });
      return this.commit({ ...done, clock: planSegment(items, this.clock()).clock }, NOTHING, new Ledger());
    }
    const middle = from + Math.ceil(items.length / 2);
    const step = await this.range(job, from, middle);
    return step === 'conflict' ? step : this.range(job, middle, to);
  }

  private async segment(items: readonly Item[], done: Done): Promise<Step | { readonly reason: string }> {
    const segment = planSegment(items, this.clock());
    const touched = new Set(segment.refs.map(entityKey));
    if ((await this.drain(segment.reach, touched)) === 'conflict') return 'conflict';
    const loaded = await this.options.store.load({ entities: segment.refs, identities: segment.fingerprints });
    if (loaded.head.version !== this.head?.version) return 'conflict';
    return this.attempt({ ...done, clock: segment.clock }, (ledger) =>
      workOut(segment, loaded, this.surroundings(segment.clock), ledger),
    );
  }

  /** Works off what is due within `reach`, in slices with a commit each; the partition's clock stays where it is. */
  private async drain(reach: Reach, except: ReadonlySet<string>): Promise<Step> {
    const worked = new Set(except);
    while (this.head !== null && this.head.nextDue !== null && this.head.nextDue <= reach.until) {
      const due = await this.options.store.due(reach.until, worked.size + SLICE);
      const refs = due.filter((ref) => !worked.has(entityKey(ref)));
      if (refs.length === 0) return 'done';
      for (const ref of refs) worked.add(entityKey(ref));
      if ((await this.drainSlice(refs, reach)) === 'conflict') return 'conflict';
    }
    return 'done';
  }

  private async drainSlice(refs: readonly EntityRef[], reach: Reach): Promise<Step> {
    const loaded = await this.options.store.load({ entities: refs, identities: [] });
    if (loaded.head.version !== this.head?.version) return 'conflict';
    const result = await this.attempt(this.still(), (ledger) => ({
      writes: workOutDue(refs, loaded, reach, this.surroundings(this.clock()), ledger),
      marks: [],
      marksAt: [],
    }));
    if (typeof result === 'string') return result;
    return this.drainOneByOne(refs, loaded, reach, result.reason);
  }

  /** A due entity that makes the engine fail is left as it is until its next event; the others go on. */
  private async drainOneByOne(refs: readonly EntityRef[], loaded: Loaded, reach: Reach, reason: string): Promise<Step> {
    const ref = refs[0];
    if (refs.length > 1) {
      const middle = Math.ceil(refs.length / 2);
      const step = await this.drainSlice(refs.slice(0, middle), reach);
      return step === 'conflict' ? step : this.drainSlice(refs.slice(middle), reach);
    }
    if (ref === undefined) return 'done';
    await this.options.setAside({ item: { kind: 'due', entity: ref }, reason });
    const left: EntityWrite = { ref, record: loaded.entities[0] ?? null, due: null };
    return this.commit(this.still(), { ...NOTHING, writes: [left] }, new Ledger());
  }

  private async outage(item: OutageItem, done: Done): Promise<Step> {
    if ((await this.drain({ until: item.from, timersUntil: item.from }, new Set())) === 'conflict') return 'conflict';
    const quiet = quietAfter(item, this.head?.quiet ?? null);
    const clock = Math.max(this.clock(), item.to);
    const step = await this.commit({ ...done, clock }, NOTHING, new Ledger(), quiet);
    return step === 'conflict' ? step : this.drain({ until: item.to - 1, timersUntil: item.to - 1 }, new Set());
  }

  /** Works something out and commits it; again without the series that would leave their range, if there are such. */
  private async attempt(
    done: Done & { clock: number },
    work: (ledger: Ledger) => Worked,
  ): Promise<Step | { reason: string }> {
    const refused = new Set<string>();
    for (;;) {
      const ledger = new Ledger(refused);
      let worked: Worked;
      try {
        worked = work(ledger);
      } catch (error) {
        return { reason: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown failure' };
      }
      const step = await this.commit(done, worked, ledger, this.head?.quiet ?? null, refused);
      if (step !== 'again') return step;
    }
  }

  private async commit(
    done: Done & { clock: number },
    worked: Worked,
    ledger: Ledger,
    quiet?: Quiet | null,
  ): Promise<Step>;
  private async commit(
    done: Done & { clock: number },
    worked: Worked,
    ledger: Ledger,
    quiet: Quiet | null,
    refused: Set<string>,
  ): Promise<Step | 'again'>;
  private async commit(
    done: Done & { clock: number },
    worked: Worked,
    ledger: Ledger,
    quiet: Quiet | null = this.head?.quiet ?? null,
    refused?: Set<string>,
  ): Promise<Step | 'again'> {
    const { head } = this;
    if (head === null) return 'conflict';
    const change: Change = {
      expectedVersion: head.version,
      catalog: head.catalog,
      switched: true,
      takeover: null,
      clock: done.clock,
      quiet,
      job: done.job,
      jobItems: done.jobItems,
      entities: worked.writes,
      marks: worked.marks,
      marksAt: worked.marksAt,
      series: ledger.series(),
      ages: ledger.ages(),
      accounts: [...ledger.accounts],
      stats: ledger.stats,
    };
    const outcome = await this.options.store.commit(change);
    switch (outcome.kind) {
      case 'conflict':
        return 'conflict';
      case 'out-of-range':
        for (const series of outcome.series) refused?.add(series);
        return 'again';
      case 'committed': {
        const { clock, job, jobItems } = change;
        this.head = { ...head, version: head.version + 1, clock, quiet, job, jobItems, nextDue: outcome.nextDue };
        return 'done';
      }
    }
  }

  private clock(): number {
    return this.head?.clock ?? 0;
  }

  /** What a commit says that leaves clock and job where they are. */
  private still(): Done & { clock: number } {
    return { job: this.head?.job ?? '', jobItems: this.head?.jobItems ?? 0, clock: this.clock() };
  }

  private surroundings(clock: number): Surroundings {
    const rules: ClockRules = { holdMs: this.options.holdMs, quiet: this.head?.quiet ?? null };
    return { catalog: this.options.catalog, rules, layouts: this.head?.layouts ?? new Map(), clock };
  }
}

interface Done {
  readonly job: string;
  readonly jobItems: number;
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
