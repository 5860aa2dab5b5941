import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from './duck.js';
import { type ArchiveFile, fileName, parseFile, partsOf, sift } from './layout.js';
import { type ArchivePlace, cacheOf } from './places/place.js';
import { PARQUET_FORMAT, RECEIPT_ORDER, type WriterTenure } from './writer.js';

export interface UpkeepOptions {
  readonly place: ArchivePlace;
  readonly duck: DuckDBConnection;
  /** Files come to about so many bytes; default 128 MiB. */
  readonly targetBytes?: number;
  /** So many small files of a day that is not over are made into one; default 16. */
  readonly enough?: number;
}

/** What stands in the work folder for longer was left there by a crash, or was fetched and is not wanted any more (ms). */
const LEFT_MS = 24 * 3_600_000;

/** What an upkeep has done. */
export interface Upkeep {
  /** Files that were made into others, and those others. */
  readonly merged: number;
  readonly made: number;
  /** Files that were removed because of their age. */
  readonly expired: number;
}

/**
 * Keeps an archive in good shape: small files that follow one another become large ones, leftovers go, and so does what is
 * older than `keepDays` (null: nothing). `today` is the date in UTC. Interrupted anywhere, it has lost and doubled nothing
 * for those who read by {@link sift}.
 */
export async function keepUp(
  options: UpkeepOptions,
  tenure: WriterTenure,
  { today, keepDays }: { readonly today: string; readonly keepDays: number | null },
): Promise<Upkeep> {
  const { place } = options;
  const stored = await place.list('');
  const files = stored.map(({ path, bytes }) => parseFile(path, bytes)).filter((file) => file !== null);
  const { live, dead } = sift(files);
  await sweep(place.workFolder, Date.now() - LEFT_MS);
  for (const { path } of dead) await place.remove(path);
  const oldest = keepDays === null ? '' : dateBefore(today, keepDays);
  const old = live.filter(({ directory }) => (partsOf(directory)?.date ?? '') < oldest);
  for (const { path } of old) await place.remove(path);
  let [merged, made] = [0, 0];
  for (const run of runsOf(
    live.filter((file) => !old.includes(file)),
    options,
    today,
  )) {
    if (!tenure.lasts) break;
    await merge(options, tenure, run);
    merged += run.length;
    made += 1;
  }
  return { merged, made, expired: old.length };
}

/** Small files of one folder that follow one another, where they are enough to be worth the work. */
function runsOf(files: readonly ArchiveFile[], options: UpkeepOptions, today: string): ArchiveFile[][] {
  const { targetBytes = 128 * 1024 * 1024, enough = 16 } = options;
  const runs: ArchiveFile[][] = [];
  const folders = new Map<string, ArchiveFile[]>();
  for (const file of files) {
    const key = `${file.directory} ${file.epoch}`;
    folders.set(key, [...(folders.get(key) ?? []), file]);
  }
  for (const own of folders.values()) {
    let run: ArchiveFile[] = [];
    let bytes = 0;
    const end = (): void => {
      const isOver = (partsOf(own[0]?.directory ?? '')?.date ?? today) < today;
      if (run.length >= (isOver ? 2 : enough)) runs.push(run);
      run = [];
      bytes = 0;
    };
    for (const file of own) {
      const isSmall = file.bytes < targetBytes / 2;
      if (!isSmall || bytes + file.bytes > targetBytes) end();
      if (!isSmall) continue;
      run.push(file);
      bytes += file.bytes;
    }
    end();
  }
  return runs;
}

async function merge({ place, duck }: UpkeepOptions, tenure: WriterTenure, run: readonly ArchiveFile[]): Promise<void> {
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined) return;
  await mkdir(place.workFolder, { recursive: true });
  const local = await place.fetch(run, cacheOf(place));
  const level = Math.max(...run.map((file) => file.level)) + 1;
  const name = fileName({ epoch: first.epoch, from: first.from, to: last.to, tenure: tenure.number, level });
  const target = join(place.workFolder, `${first.directory.replaceAll('/', ' ')} ${name}`);
  const source = `read_parquet([${local.map(quoted).join(', ')}], hive_partitioning = false, union_by_name = true)`;
  await duck.run(`COPY (FROM ${source} ORDER BY ${RECEIPT_ORDER}) TO ${quoted(target)} (${PARQUET_FORMAT})`);
  await stat(target);
  if (!tenure.lasts) return;
  await place.put(`${first.directory}/${name}`, target);
  for (const { path } of run) await place.remove(path);
}

/** Removes files that were written last before `oldest` (ms). */
async function sweep(folder: string, oldest: number): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const found = await stat(file).catch(() => null);
    if (found !== null && found.mtimeMs < oldest) await rm(file, { force: true });
  }
}

function dateBefore(today: string, days: number): string {
  return new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10);
}
