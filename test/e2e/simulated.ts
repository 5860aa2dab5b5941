import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { loadCatalog } from '../../apps/cli/src/catalog/load.js';
import { withoutClockReaders } from '../support/clock-readers.js';
import { lastTimeOf, turnedAway } from '../support/turned-away.js';
import { cli, type System, until } from './system.js';

/** So long after the last event everything has happened that is due within seconds, and nothing that is due in minutes (ms). */
const AFTER_MS = 60_000;

/**
 * Two minutes of a small center, out of order and with duplicates; deadlines are a few seconds away. In the end nobody looks
 * at a conversation: what accrues while somebody does comes to no rest.
 */
export async function simulated(dir: string): Promise<string[]> {
  const file = join(dir, 'simulated.ndjson');
  const pace = ['--agents', '6', '--tempo', '20', '--sla', '60s', '--duration', '2m'];
  await cli('simulate', '--out', file, '--seed', '7', ...pace, '--shuffle', '--duplicates', '20%');
  return turnedAway(readFileSync(file, 'utf8').trimEnd().split('\n'));
}

/** At rest, the live exposition is that of a replay of the system's own record, to the byte. */
export async function comesToReplay(system: System, bodies: readonly string[]): Promise<void> {
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
