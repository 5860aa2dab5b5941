import { readFile } from 'node:fs/promises';
import { folderOf } from '../catalog/folder.js';
import { EXIT, Failure, messageOf } from '../failure.js';

/** A file of tests: its path as it is shown, and its text. */
export interface TestSource {
  readonly file: string;
  readonly text: string;
}

/** The named files of tests, or all `*.test.yaml` beside the definitions. Throws a {@link Failure} when there are none. */
export async function readTestFiles(configDir: string, named: readonly string[]): Promise<readonly TestSource[]> {
  const files = named.length > 0 ? named : await testFilesIn(configDir);
  return Promise.all(files.map(readTestFile));
}

async function testFilesIn(configDir: string): Promise<readonly string[]> {
  const { dir, tests } = await folderOf(configDir);
  if (tests.length > 0) return tests;
  throw new Failure(`${dir} holds no tests (*.test.yaml) — write one beside the definitions`, EXIT.wrongUse);
}

/** One file of tests. Throws a {@link Failure} when it cannot be read. */
export async function readTestFile(file: string): Promise<TestSource> {
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    const remedy = 'name files of tests, or none for all of them';
    throw new Failure(`${file} cannot be read (${messageOf(error)}) — ${remedy}`, EXIT.wrongUse);
  }
}
