import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { attach, type EncodedRow, encodeRow, liveFiles, openDuck, openPlace, rowOf, spooledRow } from '@app/archive';
import { ARCHIVE, backlogOf, PartitionProducer } from '@app/queue';
import { readSettings } from '@app/telemetry';
import { Redis } from 'ioredis';
import S3rver from 's3rver';
import { freePort, startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { type ArchiveApp, createArchiveApp } from './app.js';

/** No limit on time decides here: it only ends what hangs. */
jest.setTimeout(60_000);

const BUCKET = 'events';
const S3_KEYS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };

let redis: TestRedis;
let client: Redis;
let dir: string;
let producer: PartitionProducer<EncodedRow>;
let apps: ArchiveApp[];

beforeAll(async () => {
  Object.assign(process.env, S3_KEYS);
  redis = await startTestRedis();
});

afterAll(() => redis.stop());

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-archive-app-'));
  client = new Redis(redis.url);
  await client.flushall();
  producer = new PartitionProducer<EncodedRow>({ redisUrl: redis.url, partitions: 0, onError: () => undefined });
  await producer.ready();
  apps = [];
});

afterEach(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await producer.close();
  client.disconnect();
  rmSync(dir, { recursive: true, force: true });
});

async function launch(env: Readonly<Record<string, string>>): Promise<{ app: ArchiveApp; url: string }> {
  const read = readSettings({
    REDIS_URL: redis.url,
    LIVEMETER_ARCHIVE: join(dir, 'archive'),
    ARCHIVE_PORT: '0',
    LIVEMETER_ARCHIVE_FLUSH_MS: '100',
    LOG_LEVEL: 'fatal',
    ...env,
  });
  if (!read.ok) throw new Error(read.errors.join());
  const app = await createArchiveApp(read.settings);
  apps.push(app);
  return { app, url: await app.listen() };
}

const row = (sequence: number): EncodedRow =>
  encodeRow(rowOf({ accountId: '84731', receivedAt: 1_772_474_400_000 + sequence, replica: 'r', sequence, raw: '{}' }));

const add = (...rows: readonly EncodedRow[]) =>
  producer.add(
    ARCHIVE,
    rows.map((data) => ({ at: 0, data })),
  );

async function untilArchived(): Promise<void> {
  while ((await backlogOf(client, ARCHIVE)) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** The sequence of every archived row, in order. */
async function archived(address = join(dir, 'archive'), endpoint: string | null = null): Promise<number[]> {
  const duck = await openDuck({ tempFolder: join(dir, 'duck') });
  const place = await openPlace(address, endpoint);
  await attach(place, duck, await liveFiles(place));
  const found = await duck.runAndReadAll('SELECT sequence FROM receipts ORDER BY 1');
  duck.closeSync();
  return found.getRows().map(([sequence]) => Number(sequence));
}

/** A real server that speaks S3, with signatures, on a port. */
async function startStore(port: number): Promise<S3rver> {
  const store = new S3rver({
    port,
    address: '127.0.0.1',
    silent: true,
    directory: join(dir, 'store'),
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  await store.run();
  return store;
}

describe('the archive app', () => {
  it('writes what ingestion has put into its queue, and says so', async () => {
    const { url } = await launch({});
    await add(row(1), row(2));
    await untilArchived();
    expect(await archived()).toEqual([1, 2]);
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready', missing: {} });
    const page = await (await fetch(`${url}/metrics`)).text();
    expect(page).toContain('livemeter_archive_rows_total 2');
    expect(page).toContain('livemeter_archive_newest_receipt_timestamp_seconds 1772474400.002');
  });

  it('writes once what a spool sends twice', async () => {
    await launch({});
    const spooled = (sequence: number) => spooledRow(row(sequence));
    await add(spooled(1), spooled(2), spooled(2));
    await untilArchived();
    await add(spooled(1), spooled(3));
    await untilArchived();
    expect(await archived()).toEqual([1, 2, 3]);
  });

  it('writes once what a spool sends again after Redis was lost', async () => {
    const first = await launch({});
    await add(spooledRow(row(1)), spooledRow(row(2)));
    await untilArchived();
    await first.app.close();
    apps = [];
    await client.flushall();
    await launch({});
    await add(spooledRow(row(1)), spooledRow(row(2)), spooledRow(row(3)));
    await untilArchived();
    expect(await archived()).toEqual([1, 2, 3]);
  });

  it('begins anew in files of their own where job numbers are in use already', async () => {
    const first = await launch({});
    await add(row(1));
    await untilArchived();
    await first.app.close();
    apps = [];
    // A Redis that was lost and begins anew, but for when the queue was begun.
    const epoch = (await client.get('{lm:archive}:epoch')) ?? '';
    await client.flushall();
    await client.set('{lm:archive}:epoch', epoch);
    await launch({});
    await add(row(2));
    await untilArchived();
    expect(await archived()).toEqual([1, 2]);
  });

  it('cannot start without a place, and says what to do', async () => {
    await expect(launch({ LIVEMETER_ARCHIVE: 'off' })).rejects.toThrow(
      'LIVEMETER_ARCHIVE is not set, or off — name a folder or s3://bucket/prefix, for ingestion, too',
    );
  });

  it('guards its figures with the tokens, where there are any', async () => {
    const tokens = join(dir, 'tokens.yaml');
    writeFileSync(tokens, 'tokens: []\n');
    const { url } = await launch({ LIVEMETER_TOKENS: tokens });
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});

describe('in a store that speaks S3', () => {
  it('writes, reads and waits for one that is away, with nothing lost', async () => {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const address = `s3://${BUCKET}/live/meter`;
    const first = await startStore(port);
    const { url } = await launch({ LIVEMETER_ARCHIVE: address, LIVEMETER_ARCHIVE_S3_ENDPOINT: endpoint });
    await add(row(1));
    await untilArchived();
    expect(await archived(address, endpoint)).toEqual([1]);
    await first.close();
    await add(row(2));
    await add(row(3));
    let ready = 200;
    while (ready === 200) ({ status: ready } = await fetch(`${url}/readyz`));
    expect(await backlogOf(client, ARCHIVE)).toBe(2);
    const again = await startStore(port);
    await untilArchived();
    expect(await archived(address, endpoint)).toEqual([1, 2, 3]);
    await apps[0]?.close();
    apps = [];
    await again.close();
  });
});
