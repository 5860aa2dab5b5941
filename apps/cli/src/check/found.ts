import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileFolder, type ConfigFolder, type DeclarationError, parseSources } from '@app/config';
import { type Catalog, type Diagnostic, readTests, warnOfUntested } from '@app/language';
import { folderOf } from '../catalog/folder.js';
import { EXIT, Failure, messageOf } from '../failure.js';
import { type TestSource, readTestFile } from '../test/test-files.js';

/** Something that was found in a file of the config folder. */
export type Found = Diagnostic | (DeclarationError & Pick<Diagnostic, 'severity'>);

/** What was found in a config folder. */
export interface Findings {
  /** How many files were looked at. */
  readonly files: number;
  /** Errors come before warnings, each file by file; definitions first, then tests, then sources. */
  readonly found: readonly Found[];
  /** Null when the definitions have an error; then tests are not read, as they would miss what is not there. */
  readonly catalog: Catalog | null;
  readonly tests: number;
}

/** Checks all files of a config folder. Throws a {@link Failure} when it is none. */
export async function findingsOf(configDir: string): Promise<Findings> {
  const folder = await folderOf(configDir);
  const tests = await Promise.all(folder.tests.map(readTestFile));
  const sources = await readSources(configDir);
  const { catalog, found, testCount } = ofDefinitions(folder, tests);
  const all = [...found, ...(sources === null ? [] : ofSources(sources))];
  return {
    files: folder.definitions.length + folder.tables.length + tests.length + (sources === null ? 0 : 1),
    found: [...all.filter(isError), ...all.filter((each) => !isError(each))],
    catalog,
    tests: testCount,
  };
}

/** Whether it keeps the file from being used. */
export function isError({ severity }: Found): boolean {
  return severity === 'error';
}

interface OfDefinitions {
  readonly catalog: Catalog | null;
  readonly found: readonly Found[];
  readonly testCount: number;
}

function ofDefinitions(folder: ConfigFolder, files: readonly TestSource[]): OfDefinitions {
  const compiled = compileFolder(folder);
  if (!compiled.ok) return { catalog: null, found: compiled.diagnostics, testCount: 0 };
  const { catalog, warnings, places } = compiled;
  const read = files.map((file) => readTests(file, catalog));
  const errors = read.flatMap((file) => file.diagnostics);
  const tests = read.flatMap((file) => file.tests);
  // Of a file with an error nothing is known: what it tests would seem untested.
  const untested = errors.length === 0 ? warnOfUntested(catalog, tests, places) : [];
  return { catalog, found: [...warnings, ...errors, ...untested], testCount: tests.length };
}

function ofSources({ file, text }: TestSource): readonly Found[] {
  const parsed = parseSources(file, text);
  return parsed.ok ? [] : parsed.errors.map((error) => ({ ...error, severity: 'error' }));
}

/** The file `sources.yaml`; null where there is none, as in a folder of definitions alone. */
async function readSources(configDir: string): Promise<TestSource | null> {
  const file = join(configDir, 'sources.yaml');
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Failure(`${file} cannot be read: ${messageOf(error)}`, EXIT.wrongUse);
  }
}
