import { readFile, realpath, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { LARGEST_TABLE_BYTES, type TableSource } from '@app/language';

/**
 * Reads the files of tables, which lie in the folder of the definitions or below: a link out of it is not followed. A file
 * that cannot be read says why.
 */
export function readTables(dir: string, files: readonly string[]): Promise<readonly TableSource[]> {
  return Promise.all(
    files.map((file) => readTable(dir, file).catch((error: unknown) => ({ file, unreadable: reasonOf(error) }))),
  );
}

async function readTable(dir: string, file: string): Promise<TableSource> {
  const path = await realpath(file);
  const inside = relative(await realpath(dir), path);
  if (inside.split(sep)[0] === '..') return { file, unreadable: 'it leads out of the folder of the definitions' };
  const found = await stat(path);
  if (!found.isFile()) return { file, unreadable: 'it is no file' };
  if (found.size > LARGEST_TABLE_BYTES) {
    return { file, unreadable: `it is larger than ${LARGEST_TABLE_BYTES / 2 ** 20} MiB` };
  }
  const text = decoded(await readFile(path));
  return text === null ? { file, unreadable: 'it is no UTF-8 text' } : { file, text };
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' ? 'there is no such file' : message;
}
