import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeRow, type EncodedRow, encodeRow, rowOf } from '@app/archive';
import { QueueUnavailable } from '@app/queue';
import { createLogger, Telemetry } from '@app/telemetry';
import { QueuedRows } from './row-sink.js';
import { Spool } from './spool.js';

let dir: string;

beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'livemeter-spool-')), 'spool');
});

const spools: Spool[] = [];

afterEach(async () => {
  await Promise.all(spools.splice(0).map((spool) => spool.close()));
  rmSync(dir, { recursive: true, force: true });
});

const row = (sequence: number): EncodedRow => encodeRow(rowOf({ sequence, raw: `{"n":"ü\n\u2028\u2029${sequence}"}` }));
const rows = (from: number, to: number): EncodedRow[] =>
  Array.from({ length: to - from + 1 }, (_, index) => row(from + index));

/** The sequences of what was sent, all of it with the mark of a spool. */
const told = (sent: readonly EncodedRow[]) => {
  expect(sent.map((one) => decodeRow(one)).filter(({ spooled }) => !spooled)).toEqual([]);
  return sent.map((one) => decodeRow(one).row.sequence);
};

async function opened(): Promise<Spool> {
  const spool = new Spool(dir, () => undefined);
  await spool.open();
  spools.push(spool);
  return spool;
}

const always = (): boolean => true;

describe('the spool', () => {
  it('sends all rows in order, marked, and leaves nothing behind', async () => {
    const spool = await opened();
    await Promise.all([spool.append(rows(1, 250)), spool.append(rows(251, 252))]);
    expect({ empty: spool.isEmpty, waiting: spool.waiting }).toEqual({ empty: false, waiting: 252 });
    const sent: EncodedRow[] = [];
    await spool.drain(async (chunk) => void sent.push(...chunk), always);
    expect(told(sent)).toEqual(Array.from({ length: 252 }, (_, i) => i + 1));
    expect({ empty: spool.isEmpty, waiting: spool.waiting, files: readdirSync(dir) }).toEqual({
      empty: true,
      waiting: 0,
      files: [],
    });
  });

  it('sends what an earlier process has left, before its own, and no line that was cut off', async () => {
    const before = await opened();
    await before.append(rows(1, 2));
    await before.close();
    spools.pop();
    const [name = ''] = readdirSync(dir);
    writeFileSync(join(dir, name), '[0,null,"half', { flag: 'a' });
    const spool = await opened();
    expect(spool.waiting).toBe(2);
    await spool.append(rows(3, 3));
    const sent: EncodedRow[] = [];
    await spool.drain(async (chunk) => void sent.push(...chunk), always);
    expect(told(sent)).toEqual([1, 2, 3]);
  });

  it('sends again what it could not send at first', async () => {
    const spool = await opened();
    await spool.append(rows(1, 201));
    const sent: EncodedRow[] = [];
    let failures = 1;
    await spool.drain(async (chunk) => {
      sent.push(...chunk);
      if (failures-- > 0) throw new Error('nobody knows whether it was stored');
    }, always);
    expect(told(sent).slice(0, 200)).toEqual(told(sent).slice(200, 400));
    expect(told(sent).at(-1)).toBe(201);
  });

  it('names what it begins after all that was begun before, whatever has been removed', async () => {
    const names: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const spool = await opened();
      await spool.append(rows(1, 1));
      names.push(...spool.segments);
      await spool.drain(() => Promise.resolve(), always);
      expect(spool.segments).toEqual([]);
      await spool.append(rows(1, 1));
      names.push(...spool.segments);
      await spool.drain(() => Promise.resolve(), always);
    }
    expect(names).toEqual(names.toSorted());
    expect(new Set(names).size).toBe(6);
  });

  it('stays where it is while there is no room', async () => {
    const spool = await opened();
    await spool.append(rows(1, 1));
    await spool.drain(
      () => Promise.reject(new Error('not to be sent')),
      () => false,
    );
    expect(spool.isEmpty).toBe(false);
  });
});

describe('a row', () => {
  const telemetry = () => new Telemetry(createLogger('test', 'silent'));
  const noted =
    (into: string[][] = []) =>
    async (segments: () => readonly string[]) =>
      void into.push([...segments()]);

  it.each([
    { name: 'goes to the queue', full: false, outcome: null, want: 'queue' },
    { name: 'waits on disk while too many wait there', full: true, outcome: null, want: 'disk' },
    { name: 'waits on disk when Redis takes none', full: false, outcome: 'refused' as const, want: 'disk' },
    {
      name: 'is not stored when nobody knows whether it is queued',
      full: false,
      outcome: 'unknown' as const,
      want: 'no',
    },
  ])('$name', async ({ full, outcome, want }) => {
    const spool = await opened();
    const queued: EncodedRow[] = [];
    const producer = {
      add: async (_: unknown, items: readonly { readonly data: EncodedRow }[]) => {
        if (outcome !== null) throw new QueueUnavailable(outcome, outcome);
        queued.push(...items.map(({ data }) => data));
        return { effective: [], job: 1 };
      },
    };
    const sink = new QueuedRows({ producer, spool, note: noted(), isFull: () => full, telemetry: telemetry() });
    const stored = await sink.add(rows(1, 1)).then(
      () => true,
      () => false,
    );
    expect(queued.length === 1 ? 'queue' : spool.isEmpty ? 'no' : 'disk').toBe(want);
    expect(stored).toBe(want !== 'no');
  });

  it('is noted to wait on disk before it counts as stored, once for each file', async () => {
    const spool = await opened();
    const notes: string[][] = [];
    const producer = { add: () => Promise.reject(new Error('not asked')) };
    const sink = new QueuedRows({ producer, spool, note: noted(notes), isFull: always, telemetry: telemetry() });
    await sink.add(rows(1, 1));
    await sink.add(rows(2, 2));
    expect(notes).toEqual([spool.segments]);
    expect(spool.segments).toHaveLength(1);
  });

  it('waits on disk though nobody can note it', async () => {
    const spool = await opened();
    const producer = { add: () => Promise.reject(new Error('not asked')) };
    const note = () => Promise.reject(new Error('Redis is away'));
    await new QueuedRows({ producer, spool, note, isFull: always, telemetry: telemetry() }).add(rows(1, 1));
    expect(spool.waiting).toBe(1);
  });

  it('goes to the queue all the same when the disk takes none', async () => {
    const blocked = `${dir}-file`;
    writeFileSync(blocked, 'no folder');
    const spool = new Spool(join(blocked, 'spool'), () => undefined);
    const queued: unknown[] = [];
    const producer = { add: async (...words: unknown[]) => (queued.push(words), { effective: [], job: 1 }) };
    await new QueuedRows({ producer, spool, note: noted(), isFull: always, telemetry: telemetry() }).add(rows(1, 1));
    expect(queued).toHaveLength(1);
  });
});
