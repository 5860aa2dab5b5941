import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ArchiveWriter, encodeRow, openDuck, openPlace, rowOf } from '@app/archive';
import { PartitionProducer, SpooledNotes } from '@app/queue';
import { Redis } from 'ioredis';
import { CommandLine } from '../../../../test/support/command-line.js';
import { startTestRedis, type TestRedis } from '../../../../test/support/redis.js';

let server: TestRedis;
let redis: Redis;
let line: CommandLine;

beforeAll(async () => {
  server = await startTestRedis();
});

afterAll(() => server.stop());

beforeEach(async () => {
  redis = new Redis(server.url);
  await redis.flushall();
  line = new CommandLine({ REDIS_URL: server.url });
  mkdirSync(join(line.dir, 'spool'));
});

afterEach(() => {
  redis.disconnect();
  line.remove();
});

const row = (sequence: number) =>
  rowOf({ accountId: '84731', receivedAt: 1_772_474_400_000 + sequence, replica: 'r', sequence, raw: '"\u2028"' });

/** Leaves rows on disk, as an ingestion does that is killed while it writes the last of them. */
function spooled(name: string, from: number, to: number): void {
  const rows = Array.from({ length: to - from + 1 }, (_, index) => `${JSON.stringify(encodeRow(row(from + index)))}\n`);
  writeFileSync(join(line.dir, 'spool', `${name}.ndjson`), `${rows.join('')}[1,null,"hal`);
}

const words = (...given: string[]) => [...given, '--archive', join(line.dir, 'archive')];

const unspool = () => line.run(words('unspool', join(line.dir, 'spool')));

async function archived(): Promise<string> {
  const { out } = await line.run(words('query', '--format', 'csv', 'SELECT sequence FROM receipts ORDER BY 1'));
  return out.trim().split('\n').slice(1).join(' ');
}

it('brings all that waits on disk into the archive, once, though part of it has come there through the queue', async () => {
  spooled('1', 1, 3);
  spooled('2', 4, 5);
  await new SpooledNotes(redis).reconcile('here:/spool', () => ['1.ndjson', '2.ndjson']);
  const duck = await openDuck({ tempFolder: join(line.dir, 'duck') });
  const writer = new ArchiveWriter(await openPlace(join(line.dir, 'archive'), null), duck);
  const rows = [{ row: row(2), spooled: true }];
  await writer.write({ number: 7, epoch: 1, before: 0, lasts: true }, [{ number: 1, rows }]);
  expect(await unspool()).toMatchObject({ code: 0, err: '5 events read, 4 of them new in ./archive\n' });
  expect(await archived()).toBe('1 2 3 4 5');
  expect(readdirSync(join(line.dir, 'spool'))).toEqual([]);
  expect(await new SpooledNotes(redis).waiting()).toEqual(new Map());
  expect((await unspool()).err).toBe('0 events read, 0 of them new in ./archive\n');
});

it('goes on where it was broken off', async () => {
  spooled('1', 1, 3);
  writeFileSync(join(line.dir, 'archive'), 'no folder');
  const broken = await unspool();
  expect(broken.code).toBe(1);
  expect(broken.err).toMatch(/spool\/1\.ndjson could not be archived in .\/archive: .* — call this again/);
  expect(readdirSync(join(line.dir, 'spool'))).toEqual(['1.ndjson']);
});

it('says that a folder which is named is not there', async () => {
  const { code, err } = await line.run(words('unspool', join(line.dir, 'spoool')));
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringMatching(/spoool cannot be read: .*ENOENT/) });
});

it('writes nothing while ingestion runs, or something waits in the queue', async () => {
  spooled('1', 1, 3);
  const [seconds] = await redis.time();
  await redis.hset('{lm}:ingestion', 'last', String(Number(seconds) * 1_000));
  expect(await unspool()).toMatchObject({
    code: 2,
    err: 'livemeter: ingestion ran within the last 5 s — stop all replicas first\n',
  });
  await redis.del('{lm}:ingestion');
  const producer = new PartitionProducer({ redisUrl: server.url, partitions: 0, onError: () => undefined });
  await producer.ready();
  await producer.add('archive', [{ at: 0, data: encodeRow(row(9)) }]);
  await producer.close();
  expect(await unspool()).toMatchObject({
    code: 2,
    err: 'livemeter: 1 events wait in Redis for the archive — let `livemeter start archive` write them first\n',
  });
});

it('is asked for by a rebuild, which would else leave those events out', async () => {
  spooled('1', 1, 3);
  await unspool();
  await new SpooledNotes(redis).reconcile('here:/spool', () => ['2.ndjson']);
  const { code, err } = await line.run(words('rebuild'));
  expect(code).toBe(2);
  expect(err).toBe(
    'livemeter: events wait for the archive on disk, in here:/spool (1 files) — ' +
      'call `livemeter unspool FOLDER` on each of these hosts, or do --without-spools where a disk is lost\n',
  );
  line.define('m.yaml', 'metrics: [{ name: m, help: h, type: counter, for: conversation, on: MessageConsumerEvent }]');
  expect((await line.run(words('rebuild', '--without-spools'))).err).not.toContain('on disk');
});
