import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadCatalog } from '../../apps/cli/src/catalog/load.js';
import { withoutClockReaders } from '../support/clock-readers.js';
import { lastTimeOf, turnedAway } from '../support/turned-away.js';
import { cli, System, until } from './system.js';

/** So long after the last event everything has happened that is due within seconds, and nothing that is due in minutes (ms). */
const AFTER_MS = 60_000;

let system: System;

beforeEach(async () => {
  system = await System.start();
});

afterEach(async () => {
  await system.stop();
});

/**
 * Two minutes of a small center, out of order and with duplicates; deadlines are a few seconds away. In the end nobody looks
 * at a conversation: what accrues while somebody does comes to no rest.
 */
async function simulated(dir: string): Promise<string[]> {
  const file = join(dir, 'simulated.ndjson');
  const pace = ['--agents', '6', '--tempo', '20', '--sla', '60s', '--duration', '2m'];
  await cli('simulate', '--out', file, '--seed', '7', ...pace, '--shuffle', '--duplicates', '20%');
  return turnedAway(readFileSync(file, 'utf8').trimEnd().split('\n'));
}

/** At rest, the live exposition is that of a replay of the system's own record, to the byte. */
async function comesToReplay(bodies: readonly string[]): Promise<void> {
  const steady = withoutClockReaders(await loadCatalog(system.config));
  const want = steady(await system.replay(system.record, '--until', String(lastTimeOf(bodies) + AFTER_MS)));
  let got = '';
  await until('the live metrics are at rest', async () => {
    got = steady(await system.exposition());
    return got === want;
  }).catch(() => undefined);
  expect(got).toBe(want);
  expect(want).toMatch(/^consumer_wait_seconds_count\{.*\} [1-9]/m);
  expect(want).toMatch(/^ttr_breaches_total\{.*\} [1-9]/m);
}

describe('live = replay', () => {
  it('when everything runs', async () => {
    const bodies = await simulated(system.dir);
    await system.postAll(bodies);
    await comesToReplay(bodies);
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
    await comesToReplay(bodies);
  });

  it('when ingestion is restarted in between: the outage is in the record', async () => {
    const bodies = await simulated(system.dir);
    const half = Math.floor(bodies.length / 2);
    await system.postAll(bodies.slice(0, half));
    await system.end('ingestion', 'SIGKILL');
    await system.launch('ingestion');
    await system.postAll(bodies.slice(half));
    expect(readFileSync(system.record, 'utf8')).toMatch(/^\{"outage":/m);
    await comesToReplay(bodies);
  });
});
