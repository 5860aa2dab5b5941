/**
 * A simulated day of the large brand, archived, queried, backfilled and rebuilt: how large it gets, how fast each goes, and
 * whether the numbers are the same. `npm run bench:archive -- [--scale 0.1]`: the part of the brand (1: some three million
 * events, in about an hour).
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { type EncodedRow, encodeRow, liveFiles, openPlace, rowOf, weightOf } from '@app/archive';
import { normaliseLivePerson } from '@app/event';
import { ARCHIVE, backlogOf, PartitionProducer } from '@app/queue';
import { Redis } from 'ioredis';
import split from 'split2';
import { loadCatalog } from '../../apps/cli/src/catalog/load.js';
import { catalogPart } from '../support/catalog-part.js';
import { withoutClockReaders } from '../support/clock-readers.js';
import { startTestRedis } from '../support/redis.js';
import { ROOT } from './catalogs.js';
import { residentMiB, startApp } from './processes.js';

const CLI = join(ROOT, 'apps/cli/bin/livemeter.mjs');
const START = '2026-03-02T00:00:00Z';

/** So many are put into the queue together, and so many may wait there. */
const [BATCH, WAITING] = [200, 40_000];

const QUERIES: Readonly<Record<string, string>> = {
  'messages per hour': `SELECT date_trunc('hour', event_time) AS hour, count(*) AS messages FROM events
    WHERE type LIKE 'Message%' GROUP BY ALL ORDER BY 1`,
  'the ten conversations with the most events': `SELECT conversation_id, count(*) AS n FROM events
    WHERE conversation_id IS NOT NULL GROUP BY ALL ORDER BY n DESC LIMIT 10`,
  'all events of one agent, in order': `SELECT event_time, type FROM events
    WHERE agent_id = (SELECT min(agent_id) FROM events) ORDER BY event_time`,
};

const { values } = parseArgs({ options: { scale: { type: 'string', default: '0.1' } } });
const dir = mkdtempSync(join(tmpdir(), 'livemeter-archive-day-'));
const [events, archive] = [join(dir, 'events.ndjson'), join(dir, 'archive')];
const redis = await startTestRedis();
const env = { REDIS_URL: redis.url, LIVEMETER_ARCHIVE: archive, LIVEMETER_ARCHIVE_FLUSH_MS: '1000' };
const rows: [what: string, came: string][] = [];

const tell = (what: string, came: string): void => {
  rows.push([what, came]);
  process.stderr.write(`${what}: ${came}\n`);
};

try {
  await run(
    'simulate',
    '--out',
    events,
    '--size',
    'large',
    '--scale',
    values.scale,
    '--duration',
    '24h',
    '--start',
    START,
    '--seed',
    '7',
  );
  const count = await archived();
  for (const [what, sql] of Object.entries(QUERIES)) {
    const { seconds } = await run('query', '--archive', archive, '--format', 'csv', sql);
    tell(`query: ${what}`, `${seconds.toFixed(1)} s`);
  }
  const steady = withoutClockReaders(await loadCatalog(join(ROOT, 'config')));
  const ofFile = await run('replay', events);
  tell('replay of the events as a file', speed(count, ofFile.seconds));
  const ofArchive = await run('replay', archive);
  tell('replay of the archive', speed(count, ofArchive.seconds));
  const out = join(dir, 'out.openmetrics');
  const span = ['--from', START, '--to', '2026-03-03T00:00:00Z', '--step', '5m', '--out', out];
  const filled = await run('backfill', '--metric', 'agent_response_time_seconds', ...span, '--archive', archive);
  tell(
    'backfill of a histogram, every 5 minutes of the day',
    `${speed(count, filled.seconds)}, ${statSync(out).size} bytes`,
  );
  const client = new Redis(redis.url);
  await client.flushall();
  const rebuilt = await run('rebuild', '--archive', archive);
  tell('rebuild of state and series in an empty Redis', speed(count, rebuilt.seconds));
  client.disconnect();
  const metrics = await startApp('metrics', env);
  // What the last events hold is released by the clock.
  await after(2_000);
  const live = steady(catalogPart(await (await fetch(`${metrics.url}/metrics`)).text()));
  await metrics.stop();
  const wanted = steady(ofFile.text);
  tell('replay of the archive = replay of the file', String(steady(ofArchive.text) === wanted));
  tell(
    'rebuilt /metrics = replay of the file',
    `${String(live === wanted)} (${wanted.split('\n').length} lines, sha256 ${sha(wanted)})`,
  );
} finally {
  await redis.stop();
  rmSync(dir, { recursive: true, force: true });
}
process.stdout.write(`${rows.map(([what, came]) => `| ${what} | ${came} |`).join('\n')}\n`);

/** Puts all events into the archive's queue, as ingestion does, and waits until they are files. Resolves to their number. */
async function archived(): Promise<number> {
  const app = await startApp('archive', env);
  const client = new Redis(redis.url);
  const weight = { of: weightOf, most: 1024 * 1024 };
  const producer = new PartitionProducer<EncodedRow>({
    redisUrl: redis.url,
    partitions: 0,
    weight,
    onError: () => undefined,
  });
  await producer.ready();
  let [sequence, receivedAt] = [0, 0];
  let batch: EncodedRow[] = [];
  const send = async (): Promise<void> => {
    await producer.add(
      ARCHIVE,
      batch.map((data) => ({ at: 0, data })),
    );
    batch = [];
    while ((await backlogOf(client, ARCHIVE)) > WAITING) await after(20);
  };
  const startedAt = performance.now();
  for await (const raw of pipeline(createReadStream(events), split('\n'), () => undefined)) {
    const [outcome] = normaliseLivePerson(JSON.parse(raw), {
      receivedAt: 1e15,
      accounts: null,
      headerAccountId: null,
      bodyHash: () => '',
    });
    if (outcome?.kind !== 'event') throw new Error(`no event: ${raw}`);
    const { time, type, uid, accountId, conversationId, agentId } = outcome.event;
    receivedAt = Math.max(receivedAt, time);
    sequence += 1;
    const known = { type, accountId, conversationId, agentId, uid, eventTime: time };
    batch.push(encodeRow(rowOf({ ...known, receivedAt, replica: 'bench', sequence, source: 'bench', raw })));
    if (batch.length === BATCH) await send();
  }
  await send();
  while ((await backlogOf(client, ARCHIVE)) > 0) await after(20);
  const seconds = (performance.now() - startedAt) / 1000;
  const files = await liveFiles(await openPlace(archive, null));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  tell(
    'events',
    `${sequence}, ${statSync(events).size} bytes of JSON (${(statSync(events).size / sequence).toFixed(0)} each)`,
  );
  tell('archived', `${speed(sequence, seconds)}; the app had ${residentMiB(app.pid, 'peak').toFixed(0)} MiB at most`);
  tell('files', `${files.length}, ${bytes} bytes (${(bytes / sequence).toFixed(1)} per event)`);
  await producer.close();
  client.disconnect();
  await app.stop();
  return sequence;
}

async function run(...words: string[]): Promise<{ readonly seconds: number; readonly text: string }> {
  const startedAt = performance.now();
  const options = { maxBuffer: 2 ** 30, env: { ...process.env, ...env, LIVEMETER_CONFIG: join(ROOT, 'config') } };
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...words], options);
  return { seconds: (performance.now() - startedAt) / 1000, text: catalogPart(stdout) };
}

function speed(count: number, seconds: number): string {
  return `${seconds.toFixed(1)} s, ${Math.round(count / seconds)} events/s`;
}

function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
