import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { loadCatalog } from '../../apps/cli/src/catalog/load.js';
import { withoutClockReaders } from '../support/clock-readers.js';
import { freePort } from '../support/redis.js';
import { startTestCluster } from '../support/redis-cluster.js';
import { lastTimeOf, turnedAway } from '../support/turned-away.js';
import { cli, System, until } from './system.js';

/** So long after the last event everything has happened that is due within seconds (ms). */
const AFTER_MS = 60_000;

/** What is to be ended after a test, in this order. */
const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

/** Two minutes of a small center, out of order and with duplicates. */
async function simulated(dir: string): Promise<string[]> {
  const file = join(dir, 'simulated.ndjson');
  const pace = ['--agents', '6', '--tempo', '20', '--sla', '60s', '--duration', '2m'];
  await cli('simulate', '--out', file, '--seed', '7', ...pace, '--shuffle', '--duplicates', '20%');
  return turnedAway(readFileSync(file, 'utf8').trimEnd().split('\n'));
}

/** A system with two replicas of both apps on a Redis that is there already. */
async function systemOn(redisUrl: string, env: Readonly<Record<string, string>> = {}): Promise<System> {
  const system = await System.start({ redisUrl, env: () => env });
  running.unshift(system);
  await Promise.all([
    system.launchAnother('ingestion', await freePort()),
    system.launchAnother('metrics', await freePort()),
  ]);
  return system;
}

/** At rest, the live exposition is that of a replay of the system's own records, to the byte. */
async function comesToReplay(system: System, bodies: readonly string[]): Promise<void> {
  const steady = withoutClockReaders(await loadCatalog(system.config));
  const want = steady(await system.replayRecords('--until', String(lastTimeOf(bodies) + AFTER_MS)));
  let got = '';
  await until('the live metrics are at rest', async () => {
    got = steady(await system.exposition());
    return got === want;
  }).catch(() => undefined);
  expect(got).toBe(want);
  expect(want).toMatch(/^ttr_breaches_total\{.*\} [1-9]/m);
}

it('two replicas of both apps on a cluster: live = replay', async () => {
  const cluster = await startTestCluster();
  running.push(cluster);
  const system = await systemOn(cluster.url);
  const bodies = await simulated(system.dir);
  await system.postAll(bodies);
  await comesToReplay(system, bodies);
});
