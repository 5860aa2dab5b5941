import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const COPIES = 4;

let dir: string;
let files: readonly string[];

/** What `livemeter test --json` prints, as far as it is looked at. */
interface Report {
  readonly tests: number;
  readonly passed: number;
  readonly failures: readonly { readonly file: string; readonly name: string }[];
  readonly untested: readonly unknown[];
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-many-'));
  cpSync(join(ROOT, 'config'), dir, { recursive: true });
  const metrics = join(dir, 'metrics');
  files = readdirSync(metrics).filter((file) => file.endsWith('.test.yaml'));
  for (const file of files) {
    const text = readFileSync(join(metrics, file), 'utf8');
    for (let copy = 1; copy < COPIES; copy += 1) {
      writeFileSync(join(metrics, file.replace('.test.yaml', `-${copy}.test.yaml`)), text);
    }
  }
});

afterAll(() => rmSync(dir, { recursive: true }));

function livemeterTest(): Report {
  const { stdout } = spawnSync(process.execPath, ['apps/cli/bin/livemeter.mjs', 'test', '--json', '--config', dir], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  return JSON.parse(stdout) as Report;
}

describe('so many tests that several threads run them', () => {
  it('are all run, and what each thread exercised counts', () => {
    const written = files.flatMap((file) =>
      [...readFileSync(join(dir, 'metrics', file), 'utf8').matchAll(/^ {2}- name:/gm)].map(() => file),
    );
    const { tests, passed, failures, untested } = livemeterTest();
    expect({ tests, passed, failures }).toEqual({
      tests: written.length * COPIES,
      passed: written.length * COPIES,
      failures: [],
    });
    expect(untested).toEqual([]);
  });

  it('are told in the order of their files when they fail, whoever ran them', () => {
    const story = '{ at: 0s, type: ConversationRequestEvent, conversation: c }';
    const wrong = '{ at: 0s, metric: conversations_open, samples: [{ value: 2 }] }';
    const failing = (name: string): string =>
      `tests: [{ name: ${name}, events: [${story}], expect: [${wrong}] }]\n#${'x'.repeat(60_000)}\n`;
    const names = Array.from({ length: 6 }, (_, index) => `fails-${index}`);
    for (const name of names) writeFileSync(join(dir, 'metrics', `${name}.test.yaml`), failing(name));
    const { failures } = livemeterTest();
    expect(failures.map(({ name }) => name)).toEqual(names);
    for (const name of names) rmSync(join(dir, 'metrics', `${name}.test.yaml`));
  });
});
