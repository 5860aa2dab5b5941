import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { cliIn, System } from '../e2e/system.js';
import { compare, type Findings } from './compare.js';

/** What `npm run truth` was given: options of `livemeter simulate`, and how long ingestion is away (s). */
const OPTIONS = JSON.parse(process.env['TRUTH_OPTIONS'] ?? '[]') as readonly string[];
const OUTAGE_MS = Number(process.env['TRUTH_OUTAGE'] ?? '3') * 1_000;
const BEFORE_MS = Number(process.env['TRUTH_BEFORE'] ?? '50') * 1_000;

/** Agents are gone 90 s after their last snapshot; so long the system is asked until it says the truth. */
const REST_MS = 900_000;

let system: System;

beforeAll(async () => {
  system = await System.start({ config: 'shipped' });
}, 120_000);

afterAll(async () => {
  await system.stop();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Ingestion is killed and away for a while; then the metrics app is killed, too, while the sender drains what it has stored. */
async function outage(): Promise<void> {
  await pause(BEFORE_MS);
  await system.end('ingestion', 'SIGKILL');
  await pause(OUTAGE_MS);
  await system.launch('ingestion');
  await system.end('metrics', 'SIGKILL');
  await system.launch('metrics');
}

it('a simulated day, with retries, duplicates and an outage in it, gives the truth', async () => {
  const file = join(system.dir, 'truth.prom');
  const url = `http://127.0.0.1:${system.ports.ingestion}/v1/events/liveperson`;
  const fixed = ['--url', url, '--overtake-after', 'never', '--truth', file, '--report'];
  const [{ stdout, stderr }] = await Promise.all([
    cliIn({ LP_KEY: system.key }, 'simulate', ...fixed, ...OPTIONS),
    outage(),
  ]);
  const truth = readFileSync(file, 'utf8');
  const giveUpAt = performance.now() + REST_MS;
  let findings: Findings;
  do {
    await pause(2_000);
    findings = compare(truth, await system.exposition(), { isSameInstant: false });
  } while (findings.differences.length > 0 && performance.now() < giveUpAt);
  const own = (await system.metricsPage()).match(/^livemeter_(events|duplicates|late)\S* .*$/gm) ?? [];
  process.stdout.write(`${stderr.trimEnd()}\n${stdout.trimEnd()}\n${own.join('\n')}\n`);
  process.stdout.write(`${findings.alike} series alike, ${findings.differences.length} different\n`);
  expect(findings.differences).toEqual([]);
  expect(JSON.parse(stdout)).toMatchObject({ pending: 0, lost: 0 });
  expect(JSON.parse(stdout).holdBacks.count).toBeGreaterThan(0);
}, 86_400_000);
