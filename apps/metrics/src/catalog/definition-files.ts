import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from '@app/language';

/**
 * The metric definitions of a config folder: `*.yaml` in its `metrics/`, or in the folder itself where there is no
 * `metrics/`; tests (`*.test.yaml`) and `sources.yaml` are none. Null when there are no such files.
 */
export async function readDefinitions(configDir: string): Promise<readonly Source[] | null> {
  const metrics = join(configDir, 'metrics');
  const dir = (await isFolder(metrics)) ? metrics : configDir;
  if (!(await isFolder(dir))) return null;
  const files = (await readdir(dir)).filter(isDefinition).sort();
  if (files.length === 0) return null;
  return Promise.all(
    files.map(async (name) => ({ file: join(dir, name), text: await readFile(join(dir, name), 'utf8') })),
  );
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
