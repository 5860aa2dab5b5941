import { relative, sep } from 'node:path';
import type { Source, TableSource } from '@app/language';
import { z } from 'zod';
import type { ConfigFolder } from './config-folder.js';

/** What a catalog is compiled from, wherever its files are. */
export type Bundle = Pick<ConfigFolder, 'definitions' | 'tables'>;

/** The most that the definitions and tables of a catalog may come to as one text (characters). */
export const LARGEST_BUNDLE = 32 * 2 ** 20;

const source = z.strictObject({ file: z.string(), text: z.string() });
const bundle = z.strictObject({ definitions: z.array(source), tables: z.array(source) });

/** The definitions and tables of a folder as one text, from which another machine can compile the same catalog. */
export function bundleText({ dir, definitions, tables }: ConfigFolder): string {
  const within = ({ file, text }: Source) => ({ file: relative(dir, file).split(sep).join('/'), text });
  return JSON.stringify({ definitions: definitions.map(within), tables: tables.filter(isReadable).map(within) });
}

/** Reads what {@link bundleText} wrote; null when it is none. */
export function readBundle(text: string): Bundle | null {
  try {
    return bundle.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function isReadable(table: TableSource): table is Source {
  return 'text' in table;
}
