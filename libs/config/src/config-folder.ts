import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Diagnostic, type Position, type Source, tableFilesOf, type TableSource } from '@app/language';
import { parsePacks, type ParsedPacks } from './packs.js';
import { readTables } from './table-files.js';

/** A pack that `packs.yaml` leaves out, with its tables, and where it says so. */
export interface LeftOutPack {
  readonly pack: string;
  readonly place: Position;
  readonly source: Source;
  readonly tables: readonly TableSource[];
}

/** What stands in a config folder about metrics. A file is named by its path as it is shown. */
export interface ConfigFolder {
  /** Where the definitions are: the folder's `metrics/`, or the folder itself where there is no `metrics/`. */
  readonly dir: string;
  /** What a catalog is compiled from. */
  readonly definitions: readonly Source[];
  readonly tables: readonly TableSource[];
  readonly leftOut: readonly LeftOutPack[];
  /** What is wrong in `packs.yaml`. The folder cannot be used with it; `compileFolder` tells it with the rest. */
  readonly packErrors: readonly Diagnostic[];
  /** Paths of the tests beside the definitions, but of packs that are left out. */
  readonly tests: readonly string[];
}

/** A config folder, or why it is none: a sentence that says what to do. */
export type ReadFolder =
  { readonly ok: true; readonly folder: ConfigFolder } | { readonly ok: false; readonly error: string };

/**
 * Reads a config folder: its definitions, which are the `*.yaml` but tests (`*.test.yaml`), `sources.yaml` and what
 * `packs.yaml` leaves out; the files of the tables that they name, and where the tests are.
 */
export async function readConfigFolder(configDir: string): Promise<ReadFolder> {
  const dir = await definitionFolder(configDir);
  if (dir === null) return refused(`there is no folder ${configDir} — name the config folder, or set LIVEMETER_CONFIG`);
  try {
    return await readFolder(configDir, dir);
  } catch (error) {
    return refused(`${dir} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readFolder(configDir: string, dir: string): Promise<ReadFolder> {
  const names = (await readdir(dir)).filter((name) => /\.ya?ml$/.test(name)).sort();
  const paths = names.filter(isDefinition).map((name) => join(dir, name));
  if (paths.length === 0) return refused(`${dir} holds no *.yaml with definitions — is this the config folder?`);
  const files = await Promise.all(paths.map(async (file) => ({ file, text: await readFile(file, 'utf8') })));
  const tableFiles = tableFilesOf(files);
  const sources = files.filter(({ file }) => !tableFiles.includes(file));
  const list = join(configDir, 'packs.yaml');
  const packs = await readPacks(list, sources);
  const isOff = (file: string) => packs.off.some(({ pack }) => pack === packOf(file));
  const definitions = sources.filter(({ file }) => !isOff(file));
  const leftOut = packs.off.map(async ({ pack, line, col }) => {
    const source = sources.find(({ file }) => packOf(file) === pack) ?? { file: '', text: '' };
    const tables = await readTables(dir, tableFilesOf([source]));
    return { pack, place: { file: list, line, col }, source, tables };
  });
  const folder = {
    dir,
    definitions,
    tables: await readTables(dir, tableFilesOf(definitions)),
    leftOut: await Promise.all(leftOut),
    packErrors: packs.errors,
    tests: names.filter((name) => isTest(name) && !isOff(name)).map((name) => join(dir, name)),
  };
  return { ok: true, folder };
}

/** What is left out; nothing where there is no `packs.yaml`. */
async function readPacks(list: string, sources: readonly Source[]): Promise<ParsedPacks> {
  if (!(await stat(list).catch(() => null))) return { off: [], errors: [] };
  return parsePacks(
    list,
    await readFile(list, 'utf8'),
    sources.map(({ file }) => packOf(file)),
  );
}

/** A pack is called like its file, and so are its tests. */
function packOf(file: string): string {
  return basename(file).replace(/(\.test)?\.ya?ml$/, '');
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
  return !isTest(name) && !/^(sources|packs)\.ya?ml$/.test(name);
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
