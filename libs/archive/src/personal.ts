import { createHmac } from 'node:crypto';
import type { ArchiveRow } from './row.js';

/** What is done with fields that hold personal data, by their names. */
export interface PersonalFields {
  readonly drop: readonly string[];
  readonly hash: readonly string[];
  /** The key of the hashes. */
  readonly key: string;
}

type Column = 'agentId' | 'conversationId' | 'uid';

/** The columns that repeat a field of the body, by the names that it has there. */
const COLUMN_OF: Readonly<Record<string, Column>> = {
  agentId: 'agentId',
  conversationId: 'conversationId',
  convId: 'conversationId',
  uid: 'uid',
};

/** Fields without which, or under other names, an event is about another conversation or agent, or none. */
export const IDENTIFYING = Object.keys(COLUMN_OF).filter((field) => field !== 'uid');

/**
 * Takes fields out of rows, from their bodies wherever they stand and from the columns that repeat them, or puts keyed hashes
 * in their place. Of a body that is no JSON nobody knows what it holds: it goes. Null where there are no such fields.
 */
export function maskOf(fields: PersonalFields): ((row: ArchiveRow) => ArchiveRow) | null {
  if (fields.drop.length === 0 && fields.hash.length === 0) return null;
  const mask = maskOfValues(fields);
  return (row) => {
    return {
      ...row,
      ...maskedColumns(row, mask),
      raw: row.raw === null ? null : maskedJson(row.raw, mask),
      rawBase64: null,
    };
  };
}

/** A column that has several names in the body is masked when one of them is; dropped, when one of them is that. */
function maskedColumns(row: ArchiveRow, mask: ValueMask): Partial<Record<Column, string | null>> {
  const columns: Partial<Record<Column, string | null>> = {};
  for (const [field, column] of Object.entries(COLUMN_OF)) {
    const masked = mask(field, row[column]);
    if (masked === row[column] || columns[column] === null) continue;
    columns[column] = typeof masked === 'string' ? masked : null;
  }
  return columns;
}

type ValueMask = (name: string, value: unknown) => unknown;

function maskOfValues({ drop, hash, key }: PersonalFields): ValueMask {
  const dropped = new Set(drop);
  const hashed = new Set(hash);
  return (name, value) => {
    if (dropped.has(name)) return undefined;
    if (!hashed.has(name) || value === null) return value;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return createHmac('sha256', key).update(text).digest('hex');
  };
}

function maskedJson(json: string, mask: ValueMask): string | null {
  try {
    return JSON.stringify(JSON.parse(json, mask)) ?? null;
  } catch {
    return null;
  }
}
