import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cli, until } from './system.js';

const ROOT = join(import.meta.dirname, '..', '..');
const CONFIG = join(ROOT, 'config');

let dir: string;
let running: ChildProcess[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-start-'));
  running = [];
});

afterEach(async () => {
  // What a failed test left is asked to stop, like anything else: it stops its own Redis and apps.
  for (const child of running) await stopped(child);
  rmSync(dir, { recursive: true, force: true });
});

/** Runs `livemeter start` in the test's own folder; resolves with its `/metrics` once it says that it runs. */
async function started(...words: string[]): Promise<{ child: ChildProcess; metrics: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'apps/cli/bin/livemeter.mjs'), 'start', ...words], {
    cwd: dir,
    env: {
      ...process.env,
      LIVEMETER_CONFIG: CONFIG,
      LIVEMETER_RECORD: join(dir, 'record.ndjson'),
      INGESTION_PORT: '0',
      METRICS_PORT: '0',
      REDIS_URL: '',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.push(child);
  const said: string[] = [];
  const lines = createInterface({ input: child.stderr });
  const metrics = new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line);
      const url = /^ {2}metrics +(\S+)$/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => reject(new Error(said.join('\n'))));
  });
  return { child, metrics: await metrics };
}

/** Asks it to stop as Ctrl-C does; resolves with its exit code. */
async function stopped(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGINT');
    await gone;
  }
  return child.exitCode;
}

async function textOf(url: string): Promise<string> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return response.text();
}

/** The sum of all series of a metric. */
function total(text: string, name: string): number {
  const values = text.match(new RegExp(`^${name}\\{.*\\} \\S+$`, 'gm')) ?? [];
  return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** What only events change, and no passing of time. */
function answers(text: string): string {
  const lines = text.split('\n').filter((line) => line.startsWith('agent_response_time_seconds'));
  return lines.join('\n');
}

/** Waits until all that was received is in the metrics; returns the answers in them. */
async function settled(metrics: string, want: string): Promise<string> {
  let got = '';
  await until('all is counted', async () => {
    got = answers(await textOf(metrics));
    return got === want;
  }).catch(() => undefined);
  return got;
}

describe('livemeter start', () => {
  it('shows the three packs moving in a demo, and goes on with the same numbers after Ctrl-C', async () => {
    const demo = await started('--demo');
    await until('the three packs move', async () => {
      const text = await textOf(demo.metrics);
      const deadlines = total(text, 'ttr_deadlines_met_total') + total(text, 'ttr_breaches_total');
      return total(text, 'agent_response_time_seconds_count') > 0 && deadlines > 0 && total(text, 'agents_present') > 0;
    });
    expect(await stopped(demo.child)).toBe(0);

    const want = answers((await cli('replay', join(dir, 'record.ndjson'), '--config', CONFIG)).stdout);
    expect(total(want, 'agent_response_time_seconds_count')).toBeGreaterThan(0);
    for (const round of ['second', 'third']) {
      const next = await started();
      expect([round, await settled(next.metrics, want)]).toEqual([round, want]);
      expect(await stopped(next.child)).toBe(0);
    }
  });

  it('refuses to run twice from one folder, and says what to do', async () => {
    const first = await started();
    await expect(started()).rejects.toThrow(
      `another \`livemeter start\` (process ${first.child.pid}) runs from this folder and uses the data in .livemeter — stop it first`,
    );
    expect(await stopped(first.child)).toBe(0);
  });
});
