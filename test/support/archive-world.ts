import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ArchiveJob,
  type ArchivePlace,
  ArchiveWriter,
  attach,
  liveFiles,
  openDuck,
  openPlace,
  rowOf,
} from '@app/archive';

/** The first of the jobs is received 50 s before midnight. */
export const T0 = Date.parse('2026-03-02T23:59:00Z');

/** A tenure that nobody takes over. */
export const FOREVER = { epoch: 1, before: 0, lasts: true, confirm: () => Promise.resolve(true) };

/** A job whose rows go to two accounts and, around midnight, two dates. */
export function job(number: number): ArchiveJob {
  const rows = ['1', '2'].map((accountId, index) => {
    const sequence = number * 2 + index;
    const receivedAt = T0 + number * 10_000;
    return { row: rowOf({ accountId, receivedAt, replica: 'r', sequence, raw: `{"n":${number}}` }), spooled: false };
  });
  return { number, rows: number % 3 === 0 ? rows.slice(0, 1) : rows };
}

export const jobs = (from: number, to: number): ArchiveJob[] =>
  Array.from({ length: to - from + 1 }, (_, index) => job(from + index));

/** The sequences of all rows up to a job. */
export const sequences = (to: number): number[] =>
  jobs(1, to).flatMap(({ rows }) => rows.map(({ row }) => row.sequence));

/** A place each of whose acts that change something goes through `step`. */
export function stepping(place: ArchivePlace, step: (act: () => Promise<void>) => Promise<void>): ArchivePlace {
  return {
    address: place.address,
    workFolder: place.workFolder,
    list: (folder) => place.list(folder),
    fetch: (files) => place.fetch(files),
    put: (path, file) => step(() => place.put(path, file)),
    remove: (path) => step(() => place.remove(path)),
  };
}

/** A place in which things break off before or after a file is put or removed, as often as said. */
export function breaking(place: ArchivePlace, after: number): ArchivePlace {
  let left = after;
  return stepping(place, async (act) => {
    left -= 1;
    if (left === 0) throw new Error('broken off before');
    await act();
    if (left === 1) throw new Error('broken off after');
  });
}

/** An archive in a folder of its own, and a DuckDB. */
export class ArchiveWorld {
  private constructor(
    readonly dir: string,
    readonly place: ArchivePlace,
    readonly duck: Awaited<ReturnType<typeof openDuck>>,
  ) {}

  static async open(): Promise<ArchiveWorld> {
    const dir = mkdtempSync(join(tmpdir(), 'livemeter-archive-'));
    const place = await openPlace(join(dir, 'archive'), null);
    return new ArchiveWorld(dir, place, await openDuck({ tempFolder: join(dir, 'duck') }));
  }

  /** Each job in files of its own. */
  async write(from: number, to: number, number = 1): Promise<void> {
    const writer = new ArchiveWriter(this.place, this.duck);
    for (const one of jobs(from, to)) await writer.write({ ...FOREVER, number }, [one]);
  }

  /** The sequence of every archived row, in order. */
  async archived(): Promise<number[]> {
    const own = await openDuck({ tempFolder: join(this.dir, 'duck') });
    await attach(this.place, own, await liveFiles(this.place));
    const rows = await own.runAndReadAll('SELECT sequence FROM receipts ORDER BY 1');
    own.closeSync();
    return rows.getRows().map(([sequence]) => Number(sequence));
  }

  empty(): void {
    const root = join(this.dir, 'archive');
    if (!existsSync(root)) return;
    for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true, force: true });
  }

  close(): void {
    this.duck.closeSync();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
