import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { loadCatalog } from '../../apps/cli/src/catalog/load.js';
import { Authority } from '../support/certificates.js';
import { withoutClockReaders } from '../support/clock-readers.js';
import { freePort } from '../support/redis.js';
import { startTestCluster } from '../support/redis-cluster.js';
import { startTestSentinel } from '../support/redis-sentinel.js';
import { lastTimeOf, turnedAway } from '../support/turned-away.js';
import { cli, System, until } from './system.js';

/** So long after the last event everything has happened that is due within seconds (ms). */
const AFTER_MS = 60_000;

/** What is to be ended after a test, in this order. */
const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

/** A minute of a small center, out of order and with duplicates. */
async function simulated(dir: string): Promise<string[]> {
  const file = join(dir, 'simulated.ndjson');
  const pace = ['--agents', '6', '--tempo', '20', '--sla', '60s', '--duration', '1m'];
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

/**
 * How long events are held (ms). What was stored without an answer comes again, and is in the record as of then: within the
 * hold that changes no number.
 */
const HOLD_MS = 15_000;

const REPLICATED = { LIVEMETER_HOLD_MS: String(HOLD_MS), LIVEMETER_REDIS_REPLICAS: '1' };

/** Sends the bodies, and has `fault` happen when a third of them is taken. */
async function sentThrough(system: System, bodies: readonly string[], fault: () => Promise<void>): Promise<void> {
  const third = Math.ceil(bodies.length / 3);
  await system.postAll(bodies.slice(0, third));
  const [{ refused, longestMs }] = await Promise.all([system.postAll(bodies.slice(third)), fault()]);
  expect(refused).toBeGreaterThan(0);
  expect(longestMs).toBeLessThan(HOLD_MS);
}

it('two replicas of both apps on a cluster that speaks TLS: live = replay', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'livemeter-tls-'));
  running.push({ stop: async () => rmSync(dir, { recursive: true, force: true }) });
  const authority = await Authority.create('ours');
  const { cert, key } = await authority.issue({ name: 'redis', dns: ['localhost'], use: 'both' });
  const tls = { ca: join(dir, 'ca.pem'), cert: join(dir, 'own.pem'), key: join(dir, 'own.key') };
  for (const [name, text] of Object.entries({ ca: authority.cert, cert, key })) {
    writeFileSync(tls[name as keyof typeof tls], text);
  }
  const cluster = await startTestCluster({ tls });
  running.unshift(cluster);
  const system = await systemOn(cluster.url);
  const bodies = await simulated(system.dir);
  await system.postAll(bodies);
  await comesToReplay(system, bodies);
});

it('a master of a cluster is killed and its replica takes over: nothing is lost that two of them had', async () => {
  const cluster = await startTestCluster();
  running.push(cluster);
  const system = await systemOn(cluster.url, REPLICATED);
  const bodies = await simulated(system.dir);
  await sentThrough(system, bodies, async () => {
    const killed = await cluster.killMasterOf('{lm:0}');
    // One replica is wanted: until there is one again, nothing is taken.
    await until('it is said what is missing', async () => /0 of 1 replicas/.test(await system.missing('ingestion')));
    await killed.restart();
  });
  await comesToReplay(system, bodies);
});

it('a master is killed and Sentinels name its replica: the same', async () => {
  const sentinel = await startTestSentinel();
  running.push(sentinel);
  const system = await systemOn(sentinel.url, REPLICATED);
  const bodies = await simulated(system.dir);
  await sentThrough(system, bodies, async () => {
    await sentinel.killMaster();
    await sentinel.restart();
  });
  await comesToReplay(system, bodies);
});
