import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Source, tableFilesOf, type TableSource } from '@app/language';
import { readTables } from './table-files.js';

/** What stands in a config folder about metrics. A file is named by its path as it is shown. */
export interface ConfigFolder {
  /** Where the definitions are: the folder's `metrics/`, or the folder itself where there is no `metrics/`. */
  readonly dir: string;
  /** What a catalog is compiled from. */
  readonly definitions: readonly Source[];
  readonly tables: readonly TableSource[];
  /** Paths of the tests beside the definitions. */
  readonly tests: readonly string[];
}

/** A config folder, or why it is none: a sentence that says what to do. */
export type ReadFolder =
  { readonly ok: true; readonly folder: ConfigFolder } | { readonly ok: false; readonly error: string };

/**
 * Reads a config folder: its definitions, which are the `*.yaml` but tests (`*.test.yaml`) and `sources.yaml`, the files
 * of the tables that they name, and where the tests are.
 */
export async function readConfigFolder(configDir: string): Promise<ReadFolder> {
  const dir = await definitionFolder(configDir);
  if (dir === null) return refused(`there is no folder ${configDir} — name the config folder, or set LIVEMETER_CONFIG`);
  try {
    return await readFolder(dir);
  } catch (error) {
    return refused(`${dir} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readFolder(dir: string): Promise<ReadFolder> {
  const names = (await readdir(dir)).filter((name) => /\.ya?ml$/.test(name)).sort();
  const paths = names.filter(isDefinition).map((name) => join(dir, name));
  if (paths.length === 0) return refused(`${dir} holds no *.yaml with definitions — is this the config folder?`);
  const files = await Promise.all(paths.map(async (file) => ({ file, text: await readFile(file, 'utf8') })));
  const tableFiles = tableFilesOf(files);
  const folder = {
    dir,
    definitions: files.filter(({ file }) => !tableFiles.includes(file)),
    tables: await readTables(dir, tableFiles),
    tests: names.filter(isTest).map((name) => join(dir, name)),
  };
  return { ok: true, folder };
}

async function definitionFolder(configDir: string): Promise<string | null> {
  const metrics = join(configDir, 'metrics');
  if (await isFolder(metrics)) return metrics;
  return (await isFolder(configDir)) ? configDir : null;
}

function isTest(name: string): boolean {
  return /\.test\.ya?ml$/.test(name);
}

function isDefinition(name: string): boolean {
  return !isTest(name) && !/^sources\.ya?ml$/.test(name);
}

function refused(error: string): ReadFolder {
  return { ok: false, error };
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
