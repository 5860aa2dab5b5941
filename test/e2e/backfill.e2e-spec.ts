import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { archiveOf } from '../support/archive-of.js';
import { cli } from './system.js';

const CLI = join(import.meta.dirname, '../../apps/cli/bin/livemeter.mjs');
const CONFIG = join(import.meta.dirname, '../../config');
const METRICS = ['--metric', 'agent_response_time_seconds', 'agents', 'ttr_breaches_total'];
const SPAN = ['--from', '2026-03-02T09:00:00Z', '--to', '2026-03-02T09:20:00Z'];

let dir: string;
let archive: string;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-backfill-'));
  archive = join(dir, 'archive');
  const events = join(dir, 'events.ndjson');
  const pace = ['--seed', '7', '--agents', '4', '--duration', '20m', '--start', '2026-03-02T09:00:00Z'];
  await cli('simulate', '--out', events, ...pace);
  await archiveOf(readFileSync(events, 'utf8').trimEnd().split('\n'), archive);
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

const words = (file: string, step: string) => [
  ...['backfill', ...METRICS, ...SPAN, '--step', step, '--archive', archive, '--config', CONFIG],
  ...['--out', join(dir, file)],
];

describe('a backfill', () => {
  // Bounds are written as OpenMetrics has them, as in what Prometheus reads of a running system.
  it('ends with the values of a replay of all that is archived', async () => {
    await cli(...words('file', '10m'));
    const lines = readFileSync(join(dir, 'file'), 'utf8').trimEnd().split('\n');
    const end = ` ${Date.parse('2026-03-02T09:20:00Z') / 1000}`;
    const last = lines
      .filter((line) => line.endsWith(end))
      .map((line) => line.slice(0, -end.length).replace(/le="(\d+)\.0"/, 'le="$1"'));
    const { stdout } = await cli('replay', archive, '--config', CONFIG, '--until', '2026-03-02T09:20:00Z');
    const names = /^(agent_response_time_seconds(_bucket|_sum|_count)?|agents|ttr_breaches_total)[{ ]/;
    expect(last.toSorted()).toEqual(
      stdout
        .split('\n')
        .filter((line) => names.test(line))
        .toSorted(),
    );
    expect(last.length).toBeGreaterThan(20);
    expect(lines.at(-1)).toBe('# EOF');
  });

  it('goes on where it was killed, to the same bytes', async () => {
    await cli(...words('whole', '5s'));
    const child = spawn(process.execPath, [CLI, ...words('broken', '5s')], { stdio: 'ignore' });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    while (!existsSync(join(dir, 'broken.progress')) && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill('SIGKILL');
    await gone;
    expect(existsSync(join(dir, 'broken.progress'))).toBe(true);
    const { stderr } = await cli(...words('broken', '5s'));
    expect(stderr).toMatch(/broken goes on at 2026-03-02T09:/);
    expect(readFileSync(join(dir, 'broken'), 'utf8')).toBe(readFileSync(join(dir, 'whole'), 'utf8'));
    expect(existsSync(join(dir, 'broken.progress'))).toBe(false);
  });
});
