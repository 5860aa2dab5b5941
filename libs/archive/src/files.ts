import { type ArchiveFile, parseFile, partsOf, sift } from './layout.js';
import type { ArchivePlace } from './places/place.js';

/** Which part of an archive is meant. Dates are those of receipt, in UTC, such as `2026-03-02`; both ends belong to it. */
export interface Extent {
  readonly account?: string;
  readonly fromDate?: string;
  readonly toDate?: string;
}

/** The files of an archive that count, in order; those with a date outside the extent are left out. */
export async function liveFiles(place: ArchivePlace, extent: Extent = {}): Promise<readonly ArchiveFile[]> {
  const stored = await place.list('');
  const files = stored.map(({ path, bytes }) => parseFile(path, bytes)).filter((file) => file !== null);
  return sift(files).live.filter(({ directory }) => isWithin(directory, extent));
}

/** What happened without an account (an outage) belongs to each. */
function isWithin(directory: string, { account, fromDate, toDate }: Extent): boolean {
  const parts = partsOf(directory);
  if (parts === null) return false;
  if (account !== undefined && parts.accountId !== null && parts.accountId !== account) return false;
  return (fromDate === undefined || parts.date >= fromDate) && (toDate === undefined || parts.date <= toDate);
}
