import { createHmac } from 'node:crypto';
import type { ArchiveRow } from './row.js';

/** What is done with fields that hold personal data, by their names. */
export interface PersonalFields {
  readonly drop: readonly string[];
  readonly hash: readonly string[];
  /** The key of the hashes. */
  readonly key: string;
}

/** A field of the body that a column repeats: the names that it may have there, and the objects in which it may stand. */
interface Repeated {
  readonly names: readonly [string, ...string[]];
  readonly within: readonly string[];
}

type Column = 'agentId' | 'conversationId' | 'uid';

/** As libs/event reads them (`PLACES` in wire.ts). */
const REPEATED: Readonly<Record<Column, Repeated>> = {
  agentId: { names: ['agentId'], within: ['agentDetails', 'data'] },
  conversationId: { names: ['conversationId', 'convId'], within: ['convDetails', 'data'] },
  uid: { names: ['uid'], within: ['commonHeader'] },
};

const COLUMNS = Object.keys(REPEATED) as Column[];

/** Fields without which, or under other names, an event is about another conversation or agent, or is another event. */
export const IDENTIFYING = [...new Set(Object.values(REPEATED).flatMap(({ names, within }) => [...names, ...within]))];

/**
 * Takes fields out of rows, from their bodies wherever they stand and from the columns that repeat them, or puts keyed hashes
 * in their place. Of a body that is no JSON nobody knows what it holds: it goes. Null where there are no such fields.
 */
export function maskOf(fields: PersonalFields): ((row: ArchiveRow) => ArchiveRow) | null {
  if (fields.drop.length === 0 && fields.hash.length === 0) return null;
  const mask = maskOfValues(fields);
  const objects = new Set([...fields.drop, ...fields.hash]);
  const columnOf = (row: ArchiveRow, column: Column): string | null => {
    const { names, within } = REPEATED[column];
    // What went with its object, or into the hash of it, has no text of its own any more.
    if (within.some((name) => objects.has(name))) return null;
    const masked = mask(names[0], row[column]);
    return typeof masked === 'string' ? masked : null;
  };
  return (row) => ({
    ...row,
    ...Object.fromEntries(COLUMNS.map((column) => [column, columnOf(row, column)])),
    raw: row.raw === null ? null : maskedJson(row.raw, mask),
    rawBase64: null,
  });
}

type ValueMask = (name: string, value: unknown) => unknown;

function maskOfValues({ drop, hash, key }: PersonalFields): ValueMask {
  const dropped = withOtherNames(drop);
  const hashed = withOtherNames(hash);
  return (name, value) => {
    if (dropped.has(name)) return undefined;
    if (!hashed.has(name) || isBlank(value)) return value;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return createHmac('sha256', key).update(text).digest('hex');
  };
}

/** Blank says that there is nothing: all hashes of it would be one agent, or one event. */
function isBlank(value: unknown): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}

/** Who names one name of a field means the field: under another of its names it would be as readable as before. */
function withOtherNames(fields: readonly string[]): ReadonlySet<string> {
  const repeated = Object.values(REPEATED);
  return new Set(fields.flatMap((field) => repeated.find(({ names }) => names.includes(field))?.names ?? [field]));
}

function maskedJson(json: string, mask: ValueMask): string | null {
  try {
    return JSON.stringify(JSON.parse(json, mask)) ?? null;
  } catch {
    return null;
  }
}
