import type { Catalog } from '@app/language';
import type { Quiet } from './item.js';
import type { Barred } from './barred.js';
import { LabelBook } from './label-set.js';
import { Ledger } from './ledger.js';
import type { Surroundings, Worked } from './segment.js';
import type { PartitionHead, RefusedCommit, StateStore } from './store.js';
import { type Trace, Tracer } from './trace.js';

/** How a step of a partition's work ended; after `conflict` another worker has the partition. */
export type Step = 'done' | 'conflict';

/** How far a commit brings the partition: the job and how many of its items are done, and the clock (ms). */
export interface Place {
  readonly job: string;
  readonly jobItems: number;
  readonly clock: number;
}

/** Work that writes no entity. */
export const NOTHING: Worked = { writes: [], marks: [], marksAt: [] };

/** What a tenure needs of the partition's options. */
export interface TenureOptions {
  readonly catalog: Catalog;
  readonly store: StateStore;
  readonly holdMs: number;
  readonly trace?: Trace;
}

/**
 * One worker's time with a partition: it knows the partition's head and keeps it with every commit, fenced by its
 * version. As soon as somebody else has written, every commit is a conflict.
 */
export class Tenure {
  private readonly labels = new LabelBook();

  constructor(
    private head: PartitionHead,
    private readonly options: TenureOptions,
  ) {}

  get clock(): number {
    return this.head.clock;
  }

  get quiet(): Quiet | null {
    return this.head.quiet;
  }

  get nextDue(): number | null {
    return this.head.nextDue;
  }

  /** Whether something is due at or before an instant (ms). */
  isDue(until: number): boolean {
    return this.head.nextDue !== null && this.head.nextDue <= until;
  }

  /** Where the partition is now: what a commit says that only works off what is due. */
  get place(): Place {
    return this.head;
  }

  /** Whether what was loaded is what this tenure last wrote. */
  matches(loaded: PartitionHead): boolean {
    return loaded.version === this.head.version;
  }

  /** A ledger to work something out with. */
  ledger(barred: Barred): Ledger {
    const { trace } = this.options;
    this.labels.trim();
    return new Ledger(barred, trace === undefined ? null : new Tracer(trace), this.labels);
  }

  surroundings(clock: number, ledger: Ledger): Surroundings {
    const rules = { holdMs: this.options.holdMs, quiet: this.head.quiet };
    return { catalog: this.options.catalog, rules, layouts: this.head.layouts, clock, ledger };
  }

  /** Commits what adds nothing to any series. */
  async pass(place: Place, worked: Worked, quiet: Quiet | null = this.head.quiet): Promise<Step> {
    const outcome = await this.write(place, worked, new Ledger(), quiet);
    return outcome === 'done' ? 'done' : 'conflict';
  }

  /** Commits all that was worked out, or nothing: then it is a conflict, or some of it cannot be written. */
  async commit(place: Place, worked: Worked, ledger: Ledger): Promise<Step | RefusedCommit> {
    return this.write(place, worked, ledger, this.head.quiet);
  }

  private async write(
    { job, jobItems, clock }: Place,
    { writes, marks, marksAt }: Worked,
    ledger: Ledger,
    quiet: Quiet | null,
  ): Promise<Step | RefusedCommit> {
    const { head } = this;
    const outcome = await this.options.store.commit({
      expectedVersion: head.version,
      catalog: head.catalog,
      switched: true,
      takeover: null,
      clock,
      quiet,
      job,
      jobItems,
      entities: writes,
      marks,
      marksAt,
      series: ledger.series(),
      ages: ledger.ages(),
      accounts: [...ledger.accounts],
      stats: ledger.stats,
    });
    switch (outcome.kind) {
      case 'conflict':
        return 'conflict';
      case 'refused':
        return outcome;
      case 'committed':
        this.head = { ...head, version: outcome.version, clock, quiet, job, jobItems, nextDue: outcome.nextDue };
        return 'done';
    }
  }
}
