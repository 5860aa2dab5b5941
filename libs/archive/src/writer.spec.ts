import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import {
  ArchiveWorld,
  breaking,
  FOREVER,
  job,
  jobs,
  sequences,
  stepping,
  T0,
} from '../../../test/support/archive-world.js';
import { openDuck } from './duck.js';
import { liveFiles } from './files.js';
import { attach } from './query.js';
import { rowOf } from './row.js';
import { ArchiveWriter } from './writer.js';

let world: ArchiveWorld;

beforeEach(async () => {
  world = await ArchiveWorld.open();
});

afterEach(() => world.close());

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
    await new ArchiveWriter(world.place, world.duck).write({ ...FOREVER, number: 1 }, [
      { number: 1, rows: [{ row, spooled: false }] },
    ]);
    await attach(world.place, world.duck, await liveFiles(world.place));
    const [found] = (await world.duck.runAndReadAll('SELECT * FROM receipts')).getRowObjectsJson();
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
    await new ArchiveWriter(world.place, world.duck).write({ ...FOREVER, number: 1 }, jobs(1, 2));
    const [file] = await liveFiles(world.place);
    const buffer = await asyncBufferFromFile(join(world.dir, 'archive', file?.path ?? ''));
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
          world.empty();
          let tenure = 0;
          for (const { take, after } of attempts) {
            tenure += 1;
            const writer = new ArchiveWriter(breaking(world.place, after), world.duck);
            await writer.write({ ...FOREVER, number: tenure }, jobs(1, Math.min(take, to))).catch(() => undefined);
          }
          // In two parts, as the last one comes through.
          const writer = new ArchiveWriter(world.place, world.duck);
          const middle = Math.ceil(to / 2);
          await writer.write({ ...FOREVER, number: tenure + 1 }, jobs(1, middle));
          if (middle < to) await writer.write({ ...FOREVER, number: tenure + 1 }, jobs(middle + 1, to));
          expect(await world.archived()).toEqual(sequences(to));
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
    const slow = stepping(world.place, async (act) => {
      reached();
      await asleep;
      await act();
    });
    const first = new ArchiveWriter(slow, world.duck).write({ ...FOREVER, number: 1 }, jobs(1, 8));
    await writing;
    const other = await openDuck({ tempFolder: join(world.dir, 'duck') });
    const second = new ArchiveWriter(world.place, other);
    await second.write({ ...FOREVER, number: 2 }, jobs(1, 5));
    wake();
    await first;
    await second.write({ ...FOREVER, number: 2 }, jobs(6, 11));
    other.closeSync();
    expect(await world.archived()).toEqual(sequences(11));
  });

  it('takes numbers that stand for other jobs for those of a Redis that was put back, and doubles nothing', async () => {
    const writer = new ArchiveWriter(world.place, world.duck);
    await writer.write({ ...FOREVER, number: 1 }, jobs(1, 6));
    // The queue of the backup still holds jobs 5 and 6; what was received since has their successors' numbers again.
    await writer.write({ ...FOREVER, number: 1 }, jobs(7, 9));
    const later = jobs(10, 12).map(({ rows }, index) => ({ number: 7 + index, rows }));
    const queue = [...jobs(5, 6), ...later];
    expect(await writer.write({ ...FOREVER, number: 2 }, queue)).toBe('numbers in use');
    const anew = { ...FOREVER, epoch: 2, before: 9, number: 3 };
    expect(await writer.write(anew, queue)).toMatchObject({ rows: 5 });
    expect(await world.archived()).toEqual(sequences(12));
  });

  it('holds each row of a spool once, in whatever jobs it comes and however often', async () => {
    let epoch = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 }), { maxLength: 6 }),
        fc.boolean(),
        async (sendings, isPutBack) => {
          world.empty();
          epoch += 2;
          const writer = new ArchiveWriter(world.place, world.duck);
          const all = [...sendings, Array.from({ length: 12 }, (_, index) => index + 1)];
          for (const [index, sent] of all.entries()) {
            // A Redis that was lost meanwhile begins to count anew.
            const anew = isPutBack && index >= 2;
            const tenure = { ...FOREVER, epoch: anew ? epoch + 1 : epoch, number: anew ? 2 : 1 };
            const rows = sent.flatMap((n) => job(n).rows.map(({ row }) => ({ row, spooled: true })));
            const sending = [{ number: anew ? index - 1 : index + 1, rows }];
            await writer.write(tenure, sending);
            // Nobody heard that it was written.
            expect(await writer.write(tenure, sending)).toEqual({ rows: 0, files: 0, bytes: 0 });
          }
          expect(await world.archived()).toEqual(sequences(12));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('leaves no half file where it breaks off', async () => {
    const writer = new ArchiveWriter(
      { ...breaking(world.place, 0), put: () => Promise.reject(new Error('no store')) },
      world.duck,
    );
    await expect(writer.write({ ...FOREVER, number: 1 }, jobs(1, 3))).rejects.toThrow('no store');
    expect(await liveFiles(world.place)).toEqual([]);
    expect(await world.archived()).toEqual([]);
  });
});
