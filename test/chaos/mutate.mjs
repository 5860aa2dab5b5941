// Takes one mechanism out at a time, in a copy of the project, and runs the tests that must turn red:
// `npm run mutate` (with --chaos also those that run a whole system; --only WORD for some, --from N for the
// N-th and those after it). Exits with 1 when one survives.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MUTATIONS } from './mutations.mjs';

const PATIENCE_MS = 900_000;

/** What waits for something that never comes is red soon, and does not keep the others from being told. */
const IMPATIENT = ['--forceExit', '--testTimeout', '30000'];

const root = fileURLToPath(new URL('../..', import.meta.url));
const options = {
  only: { type: 'string', default: '' },
  from: { type: 'string', default: '1' },
  chaos: { type: 'boolean' },
};
const { values } = parseArgs({ options });
const chosen = MUTATIONS.slice(Number(values.from) - 1).filter(({ name }) => name.includes(values.only));
const copy = mkdtempSync(join(tmpdir(), 'livemeter-mutate-'));

const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
for (const file of list.toString().split('\n')) if (file !== '') cpSync(join(root, file), join(copy, file));
// A property that fails is red; the smallest example of it is nobody's concern here.
for (const file of list
  .toString()
  .split('\n')
  .filter((name) => name.endsWith('.spec.ts'))) {
  const text = readFileSync(join(copy, file), 'utf8');
  writeFileSync(join(copy, file), text.replaceAll('{ numRuns:', '{ endOnFailure: true, numRuns:'));
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

/** Runs a command in the copy; whether it succeeded, and the end of what it said. */
function run(command, args) {
  const result = spawnSync(command, args, { cwd: copy, timeout: PATIENCE_MS, encoding: 'utf8' });
  // One that hangs has not said that anything is wrong.
  return { green: result.status === 0 || result.status === null, said: (result.stdout + result.stderr).slice(-2_000) };
}

// The specs come first: whatever stands behind the names of projects is taken for another.
const jest = (specs) =>
  run('npm', ['run', '--silent', 'jest', '--', ...specs, ...IMPATIENT, '--selectProjects', 'unit']);
const chaos = (args) =>
  run('npm', ['run', '--silent', 'build']).green ? run('node', ['test/chaos/chaos.mjs', '--seed', '1', ...args]) : null;

let survivors = 0;
try {
  console.log('| taken out | by | outcome |\n| --- | --- | --- |');
  const specs = [...new Set(chosen.flatMap((mutation) => mutation.specs ?? []))];
  // Once more, lest a busy machine decides.
  const first = jest(specs);
  const whole = first.green ? first : jest(specs);
  if (!whole.green) throw new Error(`red with nothing taken out:\n${whole.said}`);
  for (const { name, file, find, replace, specs: of, chaos: args } of chosen) {
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    if (text.split(find).length !== 2) throw new Error(`${name}: not found exactly once in ${file}: ${find}`);
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
    const trials = [
      ...(of === undefined ? [] : [{ by: of.map((spec) => spec.split('/').at(-1)).join(', '), outcome: jest(of) }]),
      ...(values.chaos && args !== undefined ? [{ by: `chaos ${args.join(' ')}`, outcome: chaos(args) }] : []),
    ];
    survivors += trials.filter(({ outcome }) => outcome?.green !== false).length;
    const rows = trials.map(
      ({ by, outcome }) => `| ${name} | ${by} | ${outcome?.green === false ? 'red' : 'SURVIVED'} |`,
    );
    console.log(rows.join('\n'));
    writeFileSync(path, text);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`\n${chosen.length} taken out, ${survivors} survived`);
process.exitCode = survivors === 0 ? 0 : 1;
