import { directoryOf } from './layout.js';
import type { ArchiveRow, QueuedRow } from './row.js';

/** Rows of one job of the queue. */
export interface ArchiveJob {
  readonly number: number;
  readonly rows: readonly QueuedRow[];
}

/** What tells a row from all others. */
export function keyOf({ replica, sequence }: Pick<ArchiveRow, 'replica' | 'sequence'>): string {
  return `${sequence} ${replica}`;
}

/** Per folder of the archive, the jobs with the rows that belong there. */
export function byDirectory(jobs: readonly ArchiveJob[]): ReadonlyMap<string, readonly ArchiveJob[]> {
  const found = new Map<string, ArchiveJob[]>();
  for (const { number, rows } of jobs) {
    const own = grouped(rows, ({ row }) => directoryOf(row.accountId, row.receivedAt));
    for (const [directory, of] of own) {
      const others = found.get(directory);
      const job = { number, rows: of };
      if (others === undefined) found.set(directory, [job]);
      else others.push(job);
    }
  }
  return found;
}

/** What has the same key, in order. */
export function grouped<T>(all: Iterable<T>, keyOf: (one: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const others = found.get(key);
    if (others === undefined) found.set(key, [one]);
    else others.push(one);
  }
  return found;
}
