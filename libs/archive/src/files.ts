import { type ArchiveFile, parseFile, sift, type Sifted } from './layout.js';
import type { ArchivePlace } from './places/place.js';

/** Which part of an archive is meant. Dates are those of receipt, in UTC, such as `2026-03-02`; both ends belong to it. */
export interface Extent {
  readonly account?: string;
  readonly fromDate?: string;
  readonly toDate?: string;
}

/**
 * The files of a folder (`''`: of all of them). They are listed twice: a list is no snapshot, and one that is made while
 * files become one may hold neither them nor the one; what the first has missed so is in the second.
 */
export async function filesIn(place: ArchivePlace, folder: string): Promise<Sifted> {
  const found = new Map<string, ArchiveFile>();
  for (let times = 0; times < 2; times += 1) {
    for (const { path, bytes } of await place.list(folder)) {
      const file = parseFile(path, bytes);
      if (file !== null) found.set(path, file);
    }
  }
  return sift([...found.values()]);
}

/** The files of an archive that count, in order; those with a date outside the extent are left out. */
export async function liveFiles(place: ArchivePlace, extent: Extent = {}): Promise<readonly ArchiveFile[]> {
  const { live } = await filesIn(place, '');
  return live.filter((file) => isWithin(file, extent));
}

/** What happened without an account (an outage) belongs to each. */
function isWithin({ accountId, date }: ArchiveFile, { account, fromDate, toDate }: Extent): boolean {
  if (account !== undefined && accountId !== null && accountId !== account) return false;
  return (fromDate === undefined || date >= fromDate) && (toDate === undefined || date <= toDate);
}
