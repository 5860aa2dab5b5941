import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { loadWatched } from '../../apps/cli/src/catalog/load.js';
import { Coverage } from '../../apps/cli/src/test/coverage.js';
import { runTests } from '../../apps/cli/src/test/run-tests.js';
import { readTestFiles, type TestSource } from '../../apps/cli/src/test/test-files.js';
import type { Terminal } from '../../apps/cli/src/terminal.js';
import { type Bench, resultOf } from './result.js';

const COUNT = 1_000;

/** A folder is more than one file: so many tests stand in each. */
const PER_FILE = 50;

/** `livemeter test` with a thousand tests: those that ship, again and again, in files as large as theirs. */
export const testsBench: Bench = async function* ({ quick, say }) {
  const files = await manyTests(quick ? 100 : COUNT);
  say(`${files.length} files`);
  const seconds: number[] = [];
  for (let round = 0; round < (quick ? 1 : 3); round += 1) seconds.push(await secondsFor(files));
  const what = `CPU time of \`livemeter test\` with ${quick ? 100 : COUNT} tests, the catalog's compilation included`;
  yield resultOf({ bench: 'tests', what, unit: 's' }, seconds, { sense: 'at most', value: 5 });
};

/** CPU time (s) of reading, running and reporting; a test that fails ends the bench. */
async function secondsFor(files: readonly TestSource[]): Promise<number> {
  globalThis.gc?.();
  const before = process.cpuUsage();
  const coverage = new Coverage();
  const loaded = await loadWatched('config', coverage.watch);
  let told = '';
  const terminal: Terminal = {
    env: {},
    stdin: process.stdin,
    interactive: false,
    out: (text) => Promise.resolve(void (told += text)),
    err: (text) => void (told += text),
    progress: () => undefined,
  };
  const code = await runTests({ loaded, coverage, files, isAll: true, json: false }, terminal);
  const { user, system } = process.cpuUsage(before);
  if (code !== 0) throw new Error(told);
  return (user + system) / 1e6;
}

async function manyTests(count: number): Promise<readonly TestSource[]> {
  const shipped = await readTestFiles('config', []);
  const tests = shipped.flatMap(({ text }) => (parse(text) as { tests: readonly { name: string }[] }).tests);
  const many = Array.from({ length: count }, (_, index) => {
    const test = tests[index % tests.length];
    return { ...test, name: `${test?.name ?? ''}, ${index}` };
  });
  return Array.from({ length: Math.ceil(count / PER_FILE) }, (_, index) => ({
    file: join('generated', `${index}.test.yaml`),
    text: stringify({ tests: many.slice(index * PER_FILE, (index + 1) * PER_FILE) }, { aliasDuplicateObjects: false }),
  }));
}
