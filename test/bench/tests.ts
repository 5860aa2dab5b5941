import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { type Bench, resultOf } from './result.js';

const COUNT = 1_000;

/** A folder is more than one file: so many tests stand in each. */
const PER_FILE = 50;

/** `livemeter test` with a thousand tests: those that ship, again and again, in files as large as theirs. */
export const testsBench: Bench = async function* ({ quick, say }) {
  const count = quick ? 100 : COUNT;
  const dir = await mkdtemp(join(tmpdir(), 'livemeter-tests-'));
  try {
    await fill(dir, count);
    say(`${count} tests in ${dir}`);
    const seconds: number[] = [];
    for (let round = 0; round < (quick ? 1 : 5); round += 1) seconds.push(await secondsFor(dir));
    const what = `\`livemeter test\` with ${count} tests, from its start to its end`;
    yield resultOf({ bench: 'tests', what, unit: 's' }, seconds, { sense: 'at most', value: 5 });
  } finally {
    await rm(dir, { recursive: true });
  }
};

/** A test that fails ends the bench. */
async function secondsFor(dir: string): Promise<number> {
  const startedAt = performance.now();
  await promisify(execFile)(process.execPath, ['apps/cli/bin/livemeter.mjs', 'test', '--config', dir]);
  return (performance.now() - startedAt) / 1000;
}

/** The configuration that ships, with so many tests. */
async function fill(dir: string, count: number): Promise<void> {
  await cp('config', dir, { recursive: true });
  const metrics = join(dir, 'metrics');
  const shipped = (await readdir(metrics)).filter((file) => file.endsWith('.test.yaml'));
  const texts = await Promise.all(shipped.map((file) => readFile(join(metrics, file), 'utf8')));
  for (const file of shipped) await rm(join(metrics, file));
  const tests = texts.flatMap((text) => (parse(text) as { tests: readonly { name: string }[] }).tests);
  const many = Array.from({ length: count }, (_, index) => {
    const test = tests[index % tests.length];
    return { ...test, name: `${test?.name ?? ''}, ${index}` };
  });
  for (let from = 0; from < count; from += PER_FILE) {
    const text = stringify({ tests: many.slice(from, from + PER_FILE) }, { aliasDuplicateObjects: false });
    await writeFile(join(metrics, `${from}.test.yaml`), text);
  }
}
