import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from './duck.js';
import { filesIn } from './files.js';
import { grouped } from './jobs.js';
import { type ArchiveFile, fileName, utcDate } from './layout.js';
import { makeFile } from './parquet-file.js';
import type { ArchivePlace } from './places/place.js';
import type { WriterTenure } from './writer.js';

export interface UpkeepOptions {
  readonly place: ArchivePlace;
  readonly duck: DuckDBConnection;
  /** Files come to about so many bytes; default 128 MiB. */
  readonly targetBytes?: number;
  /** So many small files of a day that is not over are made into one; default 16. */
  readonly enough?: number;
}

/** Who keeps an archive in shape: who writes it. */
export interface UpkeepTenure extends WriterTenure {
  /**
   * Whether it lasts now, by asking. Nothing is removed without: whoever was overtaken without having heard of it may hold
   * for dead what its successor counts upon. What was listed before it still lasted holds nothing of a successor.
   */
  confirm(): Promise<boolean>;
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
  tenure: UpkeepTenure,
  { today, keepDays }: { readonly today: string; readonly keepDays: number | null },
): Promise<Upkeep> {
  const { place } = options;
  await sweep(place.workFolder, Date.now() - LEFT_MS);
  const { live, dead } = await filesIn(place, '');
  let [merged, made] = [0, 0];
  if (!(await tenure.confirm())) return { merged, made, expired: 0 };
  await removeAll(place, dead);
  const oldest = keepDays === null ? '' : utcDate(Date.parse(today) - keepDays * 86_400_000);
  const [old, kept] = [live.filter(({ date }) => date < oldest), live.filter(({ date }) => date >= oldest)];
  await removeAll(place, old);
  for (const run of runsOf(kept, options, today)) {
    if (!(await merge(options, tenure, run))) break;
    merged += run.length;
    made += 1;
  }
  return { merged, made, expired: old.length };
}

async function removeAll(place: ArchivePlace, files: readonly ArchiveFile[]): Promise<void> {
  for (const { path } of files) await place.remove(path);
}

/** Small files of one folder that follow one another, where they are enough to be worth the work. */
function runsOf(files: readonly ArchiveFile[], options: UpkeepOptions, today: string): ArchiveFile[][] {
  const { targetBytes = 128 * 1024 * 1024, enough = 16 } = options;
  const runs: ArchiveFile[][] = [];
  for (const own of grouped(files, ({ directory, epoch }) => `${directory} ${epoch}`).values()) {
    let run: ArchiveFile[] = [];
    let bytes = 0;
    const end = (): void => {
      const isOver = (own[0]?.date ?? today) < today;
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

/** Makes files into one; false when it is not for us any more. */
async function merge(
  { place, duck }: UpkeepOptions,
  tenure: UpkeepTenure,
  run: readonly ArchiveFile[],
): Promise<boolean> {
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined) return true;
  const level = Math.max(...run.map((file) => file.level)) + 1;
  const name = fileName({ epoch: first.epoch, from: first.from, to: last.to, tenure: tenure.number, level });
  const path = `${first.directory}/${name}`;
  const files = (await place.fetch(run)).map(quoted).join(', ');
  const source = `read_parquet([${files}], hive_partitioning = false, union_by_name = true)`;
  const { local } = await makeFile(place, duck, { path, source });
  if (!tenure.lasts) return false;
  await place.put(path, local);
  // Else a successor may count upon the parts; to whom they are nothing, it removes them.
  if (!(await tenure.confirm())) return false;
  await removeAll(place, run);
  return true;
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
