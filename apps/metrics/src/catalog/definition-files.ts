import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Source, tableFilesOf, type TableSource } from '@app/language';
import { readTables } from './table-files.js';

/** What a catalog is compiled from. */
export interface DefinitionFiles {
  readonly definitions: readonly Source[];
  readonly tables: readonly TableSource[];
}

/**
 * The metric definitions of a config folder: `*.yaml` in its `metrics/`, or in the folder itself where there is no
 * `metrics/`; tests (`*.test.yaml`) and `sources.yaml` are none. With them come the files of the tables that they name.
 * Null when there are no definitions.
 */
export async function readDefinitions(configDir: string): Promise<DefinitionFiles | null> {
  const metrics = join(configDir, 'metrics');
  const dir = (await isFolder(metrics)) ? metrics : configDir;
  if (!(await isFolder(dir))) return null;
  const names = (await readdir(dir)).filter(isDefinition).sort();
  if (names.length === 0) return null;
  const paths = names.map((name) => join(dir, name));
  const files = await Promise.all(paths.map(async (file) => ({ file, text: await readFile(file, 'utf8') })));
  const tables = tableFilesOf(files);
  return { definitions: files.filter(({ file }) => !tables.includes(file)), tables: await readTables(dir, tables) };
}

function isDefinition(name: string): boolean {
  return /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name) && !/^sources\.ya?ml$/.test(name);
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
