import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cli, System, until } from './system.js';

let system: System;

beforeEach(async () => {
  system = await System.start();
});

afterEach(async () => {
  await system.stop();
});

/** Two minutes of a small center, out of order and with duplicates; deadlines are a few seconds away. */
async function simulated(dir: string): Promise<string[]> {
  const file = join(dir, 'simulated.ndjson');
  const pace = ['--agents', '6', '--tempo', '20', '--sla', '60s', '--duration', '2m'];
  await cli('simulate', '--out', file, '--seed', '7', ...pace, '--shuffle', '--duplicates', '20%');
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

/** Leaves out the samples that read the clock: the two are never read at the same instant. */
function withoutAges(exposition: string): string {
  return exposition.replace(/^(.*window=".*|(longest_awaiting_response|oldest_queued)_seconds\{.*)\n/gm, '');
}

/** At rest, the live exposition is that of a replay of the system's own record, to the byte. */
async function comesToReplay(): Promise<void> {
  const want = withoutAges(await system.replay(system.record, '--until', new Date().toISOString()));
  let got = '';
  await until('the live metrics are at rest', async () => {
    got = withoutAges(await system.exposition());
    return got === want;
  }).catch(() => undefined);
  expect(got).toBe(want);
  expect(want).toMatch(/^consumer_wait_seconds_count\{.*\} [1-9]/m);
  expect(want).toMatch(/^ttr_breaches_total\{.*\} [1-9]/m);
}

describe('live = replay', () => {
  it('when everything runs', async () => {
    await system.postAll(await simulated(system.dir));
    await comesToReplay();
  });

  it('when the metrics app is killed and started again in mid-run', async () => {
    const bodies = await simulated(system.dir);
    const half = Math.floor(bodies.length / 2);
    const restart = async (): Promise<void> => {
      await system.end('metrics', 'SIGKILL');
      await system.launch('metrics');
    };
    await system.postAll(bodies.slice(0, half));
    await Promise.all([system.postAll(bodies.slice(half)), restart()]);
    await comesToReplay();
  });

  it('when ingestion is restarted in between: the outage is in the record', async () => {
    const bodies = await simulated(system.dir);
    const half = Math.floor(bodies.length / 2);
    await system.postAll(bodies.slice(0, half));
    await system.end('ingestion', 'SIGKILL');
    await system.launch('ingestion');
    await system.postAll(bodies.slice(half));
    expect(readFileSync(system.record, 'utf8')).toMatch(/^\{"outage":/m);
    await comesToReplay();
  });
});
