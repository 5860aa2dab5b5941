import type { Extent } from '@app/archive';
import type { Command } from 'commander';
import { EXIT, Failure } from '../failure.js';
import { parseInstant } from '../replay/instant.js';

/** Which archive, and which part of it. */
export interface ArchiveFlags {
  readonly archive?: string;
  readonly account?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Adds the option that says which archive is meant. */
export function ofArchive(command: Command): Command {
  return command
    .option('--archive <place>', 'a folder or s3://bucket/prefix (default: LIVEMETER_ARCHIVE, else .livemeter/archive)')
    .option('--account <id>', 'only of this account');
}

/** The part of the archive that is meant. Throws a {@link Failure} when a date is none. */
export function extentOf({ account, from, to }: ArchiveFlags): Extent {
  return {
    ...(account === undefined ? {} : { account }),
    ...(from === undefined ? {} : { fromDate: dateOf('--from', from) }),
    ...(to === undefined ? {} : { toDate: dateOf('--to', to) }),
  };
}

function dateOf(flag: string, text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  return new Date(instantOf(flag, text)).toISOString().slice(0, 10);
}

/** The instant of an option (ms). Throws a {@link Failure} when it is none. */
export function instantOf(flag: string, text: string): number {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text);
  const instant = isDate ? parseInstant(`${text}T00:00:00Z`) : parseInstant(text);
  if (instant !== null) return instant;
  const remedy = 'write it like 2026-03-02, 2026-03-02T18:00:00Z, or as Unix seconds or milliseconds';
  throw new Failure(`${flag} "${text}" is no time — ${remedy}`, EXIT.wrongUse);
}
