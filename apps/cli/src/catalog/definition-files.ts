import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, Failure } from '../failure.js';

/** A definition file: its path as it is shown, and its text. */
export interface DefinitionFile {
  readonly file: string;
  readonly text: string;
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
 * The definition files of a config folder: its `*.yaml` but tests (`*.test.yaml`) and `sources.yaml`. Throws a
 * {@link Failure} when there are no files.
 */
export async function readDefinitions(configDir: string): Promise<DefinitionFile[]> {
  const dir = await definitionFolder(configDir);
  const names = (await readdir(dir)).filter(isDefinition).sort();
  if (names.length === 0) {
    throw new Failure(`${dir} holds no *.yaml with definitions — is this the config folder?`, EXIT.wrongUse);
  }
  const files = names.map((name) => join(dir, name));
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(file, 'utf8') })));
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
