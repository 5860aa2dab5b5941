import type { Item } from './item.js';
import type { Place } from './tenure.js';

/** A batch of a partition's queue. */
export interface Job {
  /** Unique within the partition. Where it is a whole number, it grows from each job of the queue to the next. */
  readonly id: string;
  readonly items: readonly Item[];
}

/** The most jobs that may be worked off together. */
export const LINEUP_MAX = 500;

/**
 * Jobs that follow one another in a partition's queue, as one sequence of items. They are committed together and leave the
 * queue one by one, so that after a crash any number of them may come again.
 */
export class Lineup {
  readonly items: readonly Item[];

  constructor(private readonly jobs: readonly Job[]) {
    const [first] = jobs;
    this.items = jobs.length === 1 && first !== undefined ? first.items : jobs.flatMap((job) => job.items);
  }

  /** How many items, from the first on, are done where the partition has been brought to `place`. */
  doneAt({ job: reached, jobItems }: Omit<Place, 'clock'>): number {
    let before = 0;
    let done = 0;
    for (const { id, items } of this.jobs) {
      if (id === reached) return before + jobItems;
      before += items.length;
      if (isBefore(id, reached)) done = before;
    }
    return done;
  }

  /** Where the partition is once the first `count` items, of one or more, are done. */
  placeAt(count: number): Omit<Place, 'clock'> {
    let before = 0;
    let place = { job: '', jobItems: 0 };
    for (const { id, items } of this.jobs) {
      if (before >= count) break;
      if (items.length > 0) place = { job: id, jobItems: Math.min(items.length, count - before) };
      before += items.length;
    }
    return place;
  }
}

/**
 * Whether a job stands before the one that was reached, by no more than one lineup: a number far below it is of a queue
 * that was begun anew.
 */
function isBefore(id: string, reached: string): boolean {
  const ahead = Number(reached) - Number(id);
  return ahead > 0 && ahead < LINEUP_MAX;
}
