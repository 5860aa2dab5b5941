import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { loadCatalog } from '../../apps/cli/src/catalog/load.js';
import { withoutClockReaders } from '../support/clock-readers.js';
import { consumerMessage } from '../support/ingestion.js';
import { lastTimeOf, turnedAway } from '../support/turned-away.js';
import { cli, cliIn, System, until } from './system.js';

let system: System;
let archive: string;

beforeEach(async () => {
  system = await System.start({
    env: (dir) => ({
      LIVEMETER_ARCHIVE: join(dir, 'archive'),
      LIVEMETER_ARCHIVE_SPOOL: join(dir, 'spool'),
      LIVEMETER_ARCHIVE_FLUSH_MS: '500',
      LIVEMETER_ARCHIVE_MAX_WAITING: '100',
    }),
  });
  archive = join(system.dir, 'archive');
  await system.launch('archive');
});

afterEach(() => system.stop());

/** Two minutes of a small center, which closes at once: nothing is due after it. */
async function simulated(): Promise<string[]> {
  const file = join(system.dir, 'simulated.ndjson');
  const pace = ['--agents', '6', '--tempo', '20', '--sla', '60s', '--duration', '2m'];
  await cli('simulate', '--out', file, '--seed', '7', ...pace, '--shuffle', '--duplicates', '20%');
  return turnedAway(readFileSync(file, 'utf8').trimEnd().split('\n'));
}

async function rows(sql: string): Promise<Record<string, string | number>[]> {
  const { stdout } = await cli('query', '--archive', archive, '--format', 'json', sql);
  return stdout
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, string | number>);
}

async function ingestionValue(name: string): Promise<number> {
  const page = await (await fetch(`http://127.0.0.1:${system.ports.ingestion}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(page)?.[1]);
}

async function untilArchived(): Promise<void> {
  const redis = new Redis(system.redis.url);
  await until('all is archived', async () => {
    const [added, done] = await redis.hmget('{lm:archive}:intake', 'added', 'done');
    return (await ingestionValue('livemeter_archive_spool_events')) === 0 && added === done;
  });
  redis.disconnect();
}

it('holds all that was accepted, once, through crashes and a long absence; and gives the same numbers', async () => {
  const bodies = await simulated();
  const third = Math.ceil(bodies.length / 3);
  // Killed at any moment, and started again.
  const crash = async (): Promise<void> => {
    await system.end('archive', 'SIGKILL');
    await system.launch('archive');
  };
  await Promise.all([system.postAll(bodies.slice(0, third)), crash()]);
  // Away for so long that what comes has to wait on disk.
  await system.end('archive');
  await system.postAll(bodies.slice(third, 2 * third));
  await until('rows wait on disk', async () => {
    await system.postAll([bodies[third] ?? '']);
    return (await ingestionValue('livemeter_archive_spool_events')) > 0;
  });
  await system.launch('archive');
  await system.postAll(bodies.slice(2 * third));
  await system.postAll(['{"a":', consumerMessage({ header: { eventType: 'BrandNewEvent' } })]);
  await untilArchived();
  expect(readdirSync(join(system.dir, 'spool'))).toEqual([]);

  // Every event, and each receipt once.
  const [counts] = await rows(
    `SELECT count(*) AS receipts, count(DISTINCT (replica, sequence)) AS keys, count(DISTINCT raw) FILTER (kind = 'event')
      AS bodies, count(*) FILTER (kind = 'quarantined') AS quarantined, count(*) FILTER (kind = 'unknown') AS unknown
      FROM receipts`,
  );
  expect(counts).toEqual({
    receipts: String(await ingestionReceipts()),
    keys: counts?.['receipts'],
    bodies: String(new Set(bodies).size),
    quarantined: '1',
    unknown: '1',
  });
  const [events] = await rows('SELECT count(*) AS n FROM events');
  expect(events?.['n']).toBe(counts?.['bodies']);

  // The same numbers as the record, and as the live system once it is at rest.
  const steady = withoutClockReaders(await loadCatalog(system.config));
  const restAt = ['--until', String(lastTimeOf(bodies) + 60_000)];
  const want = steady(await system.replay(system.record, ...restAt));
  expect(steady(await system.replay(archive, ...restAt))).toBe(want);
  let got = '';
  await until('the live metrics are at rest', async () => {
    got = steady(await system.exposition());
    return got === want;
  }).catch(() => undefined);
  expect(got).toBe(want);
  expect(want).toMatch(/^ttr_breaches_total\{.*\} [1-9]/m);

  await rebuilds(want, steady);
});

/** How many rows ingestion has made: events that it accepted, and what it set aside. */
async function ingestionReceipts(): Promise<number> {
  const page = await (await fetch(`http://127.0.0.1:${system.ports.ingestion}/metrics`)).text();
  const samples = page.matchAll(/^livemeter_ingestion_events_total\{.*\} (\d+)$/gm);
  return [...samples].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** From an empty Redis, the archive gives the same numbers; and it does not go over what is there unless told to. */
async function rebuilds(want: string, steady: (exposition: string) => string): Promise<void> {
  // The last that is received tells that all before was seen in time.
  await system.post(
    consumerMessage({ header: { uid: 'last', eventTimestamp: Date.now() }, data: { convDetails: { convId: 'last' } } }),
  );
  await untilArchived();
  const before = steady(await system.exposition());
  expect(before).not.toBe(want);
  // Into another number of partitions, too.
  const env = { REDIS_URL: system.redis.url, LIVEMETER_PARTITIONS: '5' };
  const words = ['rebuild', '--archive', archive, '--config', system.config];
  await expect(cliIn({ REDIS_URL: system.redis.url }, ...words)).rejects.toThrow('stop all replicas first');
  await Promise.all([system.end('ingestion'), system.end('metrics'), system.end('archive')]);
  const redis = new Redis(system.redis.url);
  await redis.flushall();
  await cliIn(env, ...words);
  await system.launch('metrics');
  let got = '';
  await until('the rebuilt metrics are there', async () => {
    got = steady(await system.exposition());
    return got === before;
  }).catch(() => undefined);
  expect(got).toBe(before);
  await system.end('metrics');
  await until('nobody is at work', async () => {
    const failed = await cliIn(env, ...words).then(
      () => '',
      (error: unknown) => String(error),
    );
    return failed.includes('this Redis holds state already');
  });
  // A formula that was wrong, or is new, is computed over all that ever came.
  writeFileSync(join(system.config, 'metrics/mended.yaml'), MENDED);
  await cliIn(env, ...words, '--replace');
  await system.launch('metrics');
  const mended = (text: string) => text.split('\n').filter((line) => line.startsWith('consumer_words_total{'));
  const replayed = mended(await system.replay(archive));
  expect(replayed.length).toBeGreaterThan(0);
  expect(mended(await system.exposition())).toEqual(replayed);
  expect(steady(await system.exposition())).toContain(
    before.slice(before.indexOf('ttr_breaches_total{')).split('\n')[0],
  );
  redis.disconnect();
}

it('loads DuckDB into no app that does not write or read files', () => {
  const apps = ['ingestion', 'metrics'].map(
    (app) => `await import('${import.meta.dirname}/../../dist/apps/${app}/src/app.js');`,
  );
  const native = 'process.report.getReport().sharedObjects.filter((name) => name.includes("duckdb"))';
  const script = `${apps.join('')} console.log(JSON.stringify(${native}))`;
  expect(JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script]).toString())).toEqual([]);
});

const MENDED = `metrics:
  - name: consumer_words_total
    help: Messages of consumers.
    type: counter
    for: conversation
    on: MessageConsumerEvent
`;
