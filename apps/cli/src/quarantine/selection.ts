import type { QuarantineFilter, QuarantineStore, QuarantineSummary } from '@app/state';
import { EXIT, Failure } from '../failure.js';
import { parseInstant } from '../replay/instant.js';

/** How entries are chosen on the command line. */
export interface SelectionFlags {
  readonly reason?: string;
  readonly account?: string;
  readonly source?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: string;
}

/** Which entries are meant: these, or the oldest `limit` of those that the filter lets through. */
export interface Selection {
  readonly ids: readonly string[];
  readonly filter: QuarantineFilter;
  readonly limit: number;
}

const PAGE = 100;

/** Reads what was written on the command line. Throws a {@link Failure} that says what is wrong with it. */
export function selectionOf(ids: readonly string[], flags: SelectionFlags, usualLimit: number): Selection {
  for (const id of ids) {
    if (!/^\d+-\d+$/.test(id)) throw new Failure(`"${id}" is no id — "quarantine list" tells them`, EXIT.wrongUse);
  }
  const filter = {
    reason: flags.reason ?? null,
    accountId: flags.account ?? null,
    source: flags.source ?? null,
    from: instantOf('--from', flags.from),
    to: instantOf('--to', flags.to),
  };
  return { ids, filter, limit: limitOf(flags.limit, usualLimit) };
}

/** Whether anything but all was asked for. */
export function isNarrow({ ids, filter }: Selection): boolean {
  return ids.length > 0 || Object.values(filter).some((value) => value !== null);
}

/** The ids that are meant, some at a time. Entries may be taken out in between. */
export async function* chosenIds(store: QuarantineStore, selection: Selection): AsyncGenerator<readonly string[]> {
  if (selection.ids.length > 0) yield selection.ids;
  else for await (const page of chosen(store, selection)) yield page.map(({ id }) => id);
}

/** The entries that the filter lets through, some at a time, the oldest first. */
export async function* chosen(
  store: QuarantineStore,
  { filter, limit }: Selection,
): AsyncGenerator<readonly QuarantineSummary[]> {
  let after: string | null = null;
  let left = limit;
  do {
    const page = await store.find(filter, after, Math.min(PAGE, left));
    if (page.entries.length > 0) yield page.entries;
    left -= page.entries.length;
    after = page.next;
  } while (after !== null && left > 0);
}

function instantOf(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const instant = parseInstant(text);
  if (instant !== null) return instant;
  throw new Failure(
    `${flag} "${text}" is no time — write it like 2026-03-02T18:00:00Z, or as Unix seconds or milliseconds`,
    EXIT.wrongUse,
  );
}

function limitOf(text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
  throw new Failure(`--limit "${text}" is no number of entries from 1 up`, EXIT.wrongUse);
}
