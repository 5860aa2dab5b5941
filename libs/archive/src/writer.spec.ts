import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { openDuck } from './duck.js';
import { liveFiles } from './files.js';
import { openPlace } from './places/open-place.js';
import type { ArchivePlace } from './places/place.js';
import { attach } from './query.js';
import { rowOf } from './row.js';
import { keepUp } from './upkeep.js';
import { type ArchiveJob, ArchiveWriter } from './writer.js';

const T0 = Date.parse('2026-03-02T23:59:00Z');
const FOREVER = { epoch: 1, before: 0, lasts: true };

let dir: string;
let place: ArchivePlace;
let duck: Awaited<ReturnType<typeof openDuck>>;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-archive-'));
  place = await openPlace(join(dir, 'archive'), null);
  duck = await openDuck({ tempFolder: join(dir, 'duck') });
});

afterEach(() => {
  duck.closeSync();
  rmSync(dir, { recursive: true, force: true });
});

/** A job whose rows go to two accounts and, around midnight, two dates. */
function job(number: number): ArchiveJob {
  const rows = ['1', '2'].map((accountId, index) =>
    rowOf({
      accountId,
      receivedAt: T0 + number * 10_000,
      replica: 'r',
      sequence: number * 2 + index,
      raw: `{"n":${number}}`,
    }),
  );
  return { number, rows: number % 3 === 0 ? rows.slice(0, 1) : rows };
}

const jobs = (from: number, to: number): ArchiveJob[] =>
  Array.from({ length: to - from + 1 }, (_, index) => job(from + index));

/** The sequence of every archived row, in order. */
async function archived(): Promise<number[]> {
  const own = await openDuck({ tempFolder: join(dir, 'duck') });
  await attach(place, own);
  const rows = await own.runAndReadAll('SELECT sequence FROM receipts ORDER BY 1');
  own.closeSync();
  return rows.getRows().map(([sequence]) => Number(sequence));
}

const sequences = (to: number): number[] => jobs(1, to).flatMap(({ rows }) => rows.map((row) => row.sequence));

/** A place in which things break off before or after a file is put or removed, as often as said. */
function breaking(after: number): ArchivePlace {
  let left = after;
  const step = async (act: () => Promise<void>): Promise<void> => {
    left -= 1;
    if (left === 0) throw new Error('broken off before');
    await act();
    if (left === 1) throw new Error('broken off after');
  };
  return {
    address: place.address,
    workFolder: place.workFolder,
    list: (folder) => place.list(folder),
    fetch: (paths, cache) => place.fetch(paths, cache),
    put: (path, file) => step(() => place.put(path, file)),
    remove: (path) => step(() => place.remove(path)),
  };
}

describe('the archive', () => {
  it('holds every value of a row', async () => {
    const row = rowOf({
      kind: 'quarantined',
      receivedAt: T0 + 1,
      agentReceivedAt: T0 + 2,
      eventTime: T0,
      replica: 'r',
      sequence: 9_007_199_254_740_991,
      source: "it's",
      accountId: 'a/b',
      type: 'T',
      uid: 'i',
      conversationId: 'c',
      agentId: 'a',
      reason: 'bad-json',
      detail: 'ü\u0000\n',
      raw: '{"a":"\u{1F600}"}',
      rawBase64: '/w==',
    });
    await new ArchiveWriter(place, duck).write({ ...FOREVER, number: 1 }, [{ number: 1, rows: [row] }]);
    await attach(place, duck);
    const [found] = (await duck.runAndReadAll('SELECT * FROM receipts')).getRowObjectsJson();
    expect(found).toEqual({
      received_at: '2026-03-02 23:59:00.001',
      agent_received_at: '2026-03-02 23:59:00.002',
      event_time: '2026-03-02 23:59:00',
      kind: 'quarantined',
      type: 'T',
      uid: 'i',
      conversation_id: 'c',
      agent_id: 'a',
      source: "it's",
      reason: 'bad-json',
      detail: 'ü\u0000\n',
      raw: '{"a":"\u{1F600}"}',
      raw_base64: '/w==',
      replica: 'r',
      sequence: '9007199254740991',
      account_id: 'a/b',
      date: '2026-03-02',
    });
  });

  it('is read by others than DuckDB, with the types that the page tells', async () => {
    await new ArchiveWriter(place, duck).write({ ...FOREVER, number: 1 }, jobs(1, 2));
    const [file] = await liveFiles(place);
    const buffer = await asyncBufferFromFile(join(dir, 'archive', file?.path ?? ''));
    const { schema, row_groups } = await parquetMetadataAsync(buffer);
    const types = schema
      .slice(1)
      .map(({ name, type, converted_type, logical_type }) => `${name} ${type} ${logical_type?.type ?? converted_type}`);
    expect(types).toEqual([
      'received_at INT64 TIMESTAMP',
      'agent_received_at INT64 TIMESTAMP',
      'event_time INT64 TIMESTAMP',
      ...[
        'kind',
        'type',
        'uid',
        'conversation_id',
        'agent_id',
        'source',
        'reason',
        'detail',
        'raw',
        'raw_base64',
        'replica',
      ].map((name) => `${name} BYTE_ARRAY UTF8`),
      'sequence INT64 INT_64',
    ]);
    expect(row_groups[0]?.columns[0]?.meta_data?.codec).toBe('ZSTD');
    const rows = await parquetReadObjects({ file: buffer, compressors });
    expect(rows).toMatchObject([
      { received_at: new Date(T0 + 10_000), sequence: 2n, raw: '{"n":1}', agent_id: null },
      { received_at: new Date(T0 + 20_000), sequence: 4n, raw: '{"n":2}' },
    ]);
  });

  it('holds each row once, wherever writing breaks off and however the queue is cut then', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ take: fc.integer({ min: 1, max: 9 }), after: fc.integer({ min: 1, max: 4 }) }), {
          maxLength: 5,
        }),
        fc.integer({ min: 1, max: 12 }),
        async (attempts, to) => {
          rmSync(join(dir, 'archive'), { recursive: true, force: true });
          let tenure = 0;
          for (const { take, after } of attempts) {
            tenure += 1;
            const writer = new ArchiveWriter(breaking(after), duck);
            await writer.write({ ...FOREVER, number: tenure }, jobs(1, Math.min(take, to))).catch(() => undefined);
          }
          // In two parts, as the last one comes through.
          const writer = new ArchiveWriter(place, duck);
          const middle = Math.ceil(to / 2);
          await writer.write({ ...FOREVER, number: tenure + 1 }, jobs(1, middle));
          if (middle < to) await writer.write({ ...FOREVER, number: tenure + 1 }, jobs(middle + 1, to));
          expect(await archived()).toEqual(sequences(to));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('counts nothing of a writer that wakes up when another has gone on', async () => {
    let wake: () => void = () => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    let reached: () => void = () => undefined;
    const writing = new Promise<void>((resolve) => (reached = resolve));
    const slow: ArchivePlace = {
      ...breaking(0),
      put: async (path, file) => {
        reached();
        await asleep;
        await place.put(path, file);
      },
    };
    const first = new ArchiveWriter(slow, duck).write({ ...FOREVER, number: 1 }, jobs(1, 8));
    await writing;
    const other = await openDuck({ tempFolder: join(dir, 'duck') });
    const second = new ArchiveWriter(place, other);
    await second.write({ ...FOREVER, number: 2 }, jobs(1, 5));
    wake();
    await first;
    await second.write({ ...FOREVER, number: 2 }, jobs(6, 11));
    other.closeSync();
    expect(await archived()).toEqual(sequences(11));
  });

  it('takes numbers that stand for other jobs for those of a Redis that was put back, and doubles nothing', async () => {
    const writer = new ArchiveWriter(place, duck);
    await writer.write({ ...FOREVER, number: 1 }, jobs(1, 6));
    // The queue of the backup still holds jobs 5 and 6; what was received since has their successors' numbers again.
    await writer.write({ ...FOREVER, number: 1 }, jobs(7, 9));
    const later = jobs(10, 12).map(({ rows }, index) => ({ number: 7 + index, rows }));
    const queue = [...jobs(5, 6), ...later];
    expect(await writer.write({ ...FOREVER, number: 2 }, queue)).toBe('numbers in use');
    const anew = { epoch: 2, before: 9, lasts: true, number: 3 };
    expect(await writer.write(anew, queue)).toMatchObject({ rows: 5 });
    expect(await archived()).toEqual(sequences(12));
  });

  it('leaves no half file where it breaks off', async () => {
    const writer = new ArchiveWriter({ ...breaking(0), put: () => Promise.reject(new Error('no store')) }, duck);
    await expect(writer.write({ ...FOREVER, number: 1 }, jobs(1, 3))).rejects.toThrow('no store');
    expect(await liveFiles(place)).toEqual([]);
    expect(await archived()).toEqual([]);
  });
});

describe('upkeep', () => {
  const today = '2026-03-03';

  it('makes small files into large ones, and loses nothing wherever it breaks off', async () => {
    for (const after of [1, 2, 3, 4, 5, 6, 0]) {
      rmSync(join(dir, 'archive'), { recursive: true, force: true });
      const writer = new ArchiveWriter(place, duck);
      for (let from = 1; from < 12; from += 2) await writer.write({ ...FOREVER, number: 1 }, jobs(from, from + 1));
      const tenure = { ...FOREVER, number: 2 };
      const options = { place: breaking(after), duck, enough: 3 };
      await keepUp(options, tenure, { today, keepDays: null }).catch(() => undefined);
      expect(await archived()).toEqual(sequences(12));
      await keepUp({ ...options, place }, tenure, { today, keepDays: null });
      expect((await place.list('')).length).toBe((await liveFiles(place)).length);
      expect((await liveFiles(place)).length).toBe(4);
      expect(await archived()).toEqual(sequences(12));
    }
  });

  it('leaves the few small files of today alone, and does nothing for a writer that was overtaken', async () => {
    const writer = new ArchiveWriter(place, duck);
    for (let from = 1; from < 5; from += 1) await writer.write({ ...FOREVER, number: 1 }, jobs(from, from));
    const at = { today: '2026-03-02', keepDays: null };
    expect((await keepUp({ place, duck }, { ...FOREVER, number: 1 }, at)).made).toBe(0);
    const over = { ...FOREVER, number: 1, lasts: false };
    expect((await keepUp({ place, duck }, over, { ...at, today })).made).toBe(0);
    expect(await archived()).toEqual(sequences(4));
  });

  it('sweeps what a crash has left in its work folder a day ago, and nothing younger', async () => {
    mkdirSync(place.workFolder, { recursive: true });
    for (const name of ['old', 'young']) writeFileSync(join(place.workFolder, name), 'half a file');
    utimesSync(join(place.workFolder, 'old'), 0, 0);
    await keepUp({ place, duck }, { ...FOREVER, number: 1 }, { today, keepDays: null });
    expect(readdirSync(place.workFolder)).toEqual(['young']);
  });

  it('removes what is older than it is to be kept', async () => {
    await new ArchiveWriter(place, duck).write({ ...FOREVER, number: 1 }, jobs(1, 12));
    const done = await keepUp({ place, duck }, { ...FOREVER, number: 1 }, { today: '2026-03-04', keepDays: 1 });
    expect(done.expired).toBe(2);
    const left = await liveFiles(place);
    expect(left.map(({ directory }) => directory)).toEqual([
      'account_id=1/date=2026-03-03',
      'account_id=2/date=2026-03-03',
    ]);
  });
});
