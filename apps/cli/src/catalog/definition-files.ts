import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Source, tableFilesOf, type TableSource } from '@app/language';
import { EXIT, Failure } from '../failure.js';
import { readTables } from './table-files.js';

/** What a catalog is compiled from. A file is named by its path as it is shown. */
export interface DefinitionFiles {
  readonly definitions: readonly Source[];
  readonly tables: readonly TableSource[];
}

/**
 * Where the definitions of a config folder are: in its `metrics/`, or in the folder itself where there is no `metrics/`.
 * Throws a {@link Failure} when there is no such folder.
 */
export async function definitionFolder(configDir: string): Promise<string> {
  const metrics = join(configDir, 'metrics');
  if (await isFolder(metrics)) return metrics;
  if (await isFolder(configDir)) return configDir;
  const remedy = 'name the config folder, or set LIVEMETER_CONFIG';
  throw new Failure(`there is no folder ${configDir} — ${remedy}`, EXIT.wrongUse);
}

/**
 * The definition files of a config folder: its `*.yaml` but tests (`*.test.yaml`) and `sources.yaml`, and the files of the
 * tables that they name. Throws a {@link Failure} when there are no files.
 */
export async function readDefinitions(configDir: string): Promise<DefinitionFiles> {
  const dir = await definitionFolder(configDir);
  const names = (await readdir(dir)).filter(isDefinition).sort();
  if (names.length === 0) {
    throw new Failure(`${dir} holds no *.yaml with definitions — is this the config folder?`, EXIT.wrongUse);
  }
  const paths = names.map((name) => join(dir, name));
  const files = await Promise.all(paths.map(async (file) => ({ file, text: await readFile(file, 'utf8') })));
  const tables = tableFilesOf(files);
  return { definitions: files.filter(({ file }) => !tables.includes(file)), tables: await readTables(dir, tables) };
}

function isDefinition(name: string): boolean {
  return /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name) && !/^sources\.ya?ml$/.test(name);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
