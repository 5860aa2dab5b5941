import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import split from 'split2';
import { decodeRow, type EncodedRow } from './row.js';

/**
 * The name of a segment of a spool, which sorts after `last` (the newest that is there; null: none) and, whatever has
 * been removed meanwhile, after all that were begun earlier.
 */
export function segmentName(last: string | null, now: number, id: string): string {
  const after = last === null ? 0 : Number(last.slice(0, last.indexOf('-'))) + 1;
  return `${String(Math.max(now, after)).padStart(15, '0')}-${id}.ndjson`;
}

/** The segments in a folder, oldest first; none where there is no such folder. Rejects when it cannot be read. */
export async function segmentsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => name.endsWith('.ndjson')).sort();
}

/** The rows of a segment; null for a line that nobody was told to be stored: a crash has cut it off. */
export async function* rowsOfSegment(file: string): AsyncGenerator<EncodedRow | null> {
  // JSON may hold other characters that end lines elsewhere.
  const lines = pipeline(createReadStream(file), split('\n'), () => undefined);
  for await (const line of lines) yield rowIn(String(line));
}

function rowIn(line: string): EncodedRow | null {
  try {
    const encoded = JSON.parse(line) as EncodedRow;
    return typeof decodeRow(encoded).row.sequence === 'number' ? encoded : null;
  } catch {
    return null;
  }
}
