import type { DuckDBConnection } from '@duckdb/node-api';
import { parquet, quoted } from './duck.js';
import { filesIn } from './files.js';
import { type ArchiveJob, byDirectory, keyOf } from './jobs.js';
import { type ArchiveFile, fileName } from './layout.js';
import { appendRows } from './parquet-rows.js';
import { COLUMNS, makeFile } from './parquet-file.js';
import type { ArchivePlace } from './places/place.js';
import type { ArchiveRow, QueuedRow } from './row.js';

/** Who writes: see {@link FileFacts}. */
export interface WriterTenure {
  readonly number: number;
  readonly epoch: number;
  /** Jobs up to this number may have been written in an epoch before. */
  readonly before: number;
  /** False as soon as it is known that another writes. */
  readonly lasts: boolean;
}

/** What was written. */
export interface Written {
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
}

/** The rows of a folder that were given, and what is there of it. */
interface Folder {
  readonly directory: string;
  readonly jobs: readonly ArchiveJob[];
  readonly live: readonly ArchiveFile[];
}

/**
 * Writes jobs that follow one another in the archive's queue, a file for each folder that they concern. Each file is there
 * whole or not at all, and its name says which jobs it holds; so a job that comes again, after some of its folders were
 * written, adds to each only what is not there. Where the job does not tell whether a row was written (a spool brings it, or
 * another epoch may have), its key does.
 */
export class ArchiveWriter {
  constructor(
    private readonly place: ArchivePlace,
    private readonly duck: DuckDBConnection,
  ) {}

  /**
   * Resolves when all rows are safely there; or when nothing of them may be written, as their numbers stand for other jobs
   * already (a Redis was put back to an earlier state). When it rejects, the same may be written again.
   */
  async write(tenure: WriterTenure, jobs: readonly ArchiveJob[]): Promise<Written | 'numbers in use'> {
    let written: Written = { rows: 0, files: 0, bytes: 0 };
    for (const [directory, own] of byDirectory(jobs)) {
      const { live } = await filesIn(this.place, directory);
      const reached = Math.max(0, ...live.filter(({ epoch }) => epoch === tenure.epoch).map(({ to }) => to));
      const again = own.filter(({ number }) => number <= reached);
      if (!(await this.hold(tenure, { directory, jobs: again, live }))) return 'numbers in use';
      const fresh = own.filter(({ number }) => number > reached);
      const rows = await this.newOf(tenure, { directory, jobs: fresh, live });
      if (rows.length === 0) continue;
      const from = Math.max(jobs[0]?.number ?? 0, reached + 1);
      const facts = { epoch: tenure.epoch, from, to: jobs.at(-1)?.number ?? 0, tenure: tenure.number, level: 0 };
      const bytes = await this.file(tenure, `${directory}/${fileName(facts)}`, rows);
      written = { rows: written.rows + rows.length, files: written.files + 1, bytes: written.bytes + bytes };
    }
    return written;
  }

  /** Whether all rows of these jobs are in the files whose names say so, or somewhere, where that tells nothing. */
  private async hold(tenure: WriterTenure, { jobs, live }: Folder): Promise<boolean> {
    const [from, to] = [jobs[0]?.number ?? 0, jobs.at(-1)?.number ?? 0];
    const meant = live.filter((file) => file.epoch === tenure.epoch && file.from <= to && from <= file.to);
    const { doubtful, certain } = parted(tenure, jobs);
    const known = await this.keysIn(meant, certain);
    if (!certain.every((row) => known.has(keyOf(row)))) return false;
    const anywhere = await this.keysIn(live, doubtful);
    return doubtful.every((row) => anywhere.has(keyOf(row)));
  }

  /** The rows of these jobs that are not in the folder, each once. */
  private async newOf(tenure: WriterTenure, { jobs, live }: Folder): Promise<readonly ArchiveRow[]> {
    const { doubtful, certain } = parted(tenure, jobs);
    const known = new Set([...(await this.keysIn(live, doubtful)), ...certain.map(keyOf)]);
    const fresh = doubtful.filter((row) => {
      const key = keyOf(row);
      if (known.has(key)) return false;
      known.add(key);
      return true;
    });
    return [...certain, ...fresh];
  }

  /** The keys in these files that these rows could have. */
  private async keysIn(files: readonly ArchiveFile[], rows: readonly ArchiveRow[]): Promise<ReadonlySet<string>> {
    if (rows.length === 0 || files.length === 0) return new Set();
    const local = await this.place.fetch(files);
    const bounds = boundsOf(rows);
    const replicas = [...new Set(rows.map(({ replica }) => replica))].map(quoted).join(', ');
    const found = await this.duck.runAndReadAll(
      `SELECT replica, sequence FROM ${parquet(local)}
       WHERE sequence BETWEEN ${bounds.least} AND ${bounds.most} AND replica IN (${replicas})`,
    );
    return new Set(
      found.getRows().map(([replica, sequence]) => keyOf({ replica: String(replica), sequence: Number(sequence) })),
    );
  }

  private async file(tenure: WriterTenure, path: string, rows: readonly ArchiveRow[]): Promise<number> {
    await this.duck.run(`CREATE OR REPLACE TEMP TABLE receipts (${COLUMNS})`);
    await appendRows(this.duck, 'receipts', rows);
    const { local, bytes } = await makeFile(this.place, this.duck, { path, source: 'receipts' });
    await this.duck.run('DROP TABLE receipts');
    if (!tenure.lasts) throw new Error('another replica writes the archive now');
    await this.place.put(path, local);
    return bytes;
  }
}

/** The rows of jobs: those that were written if their job was, and those of which that is not known. */
function parted({ before }: WriterTenure, jobs: readonly ArchiveJob[]) {
  const [doubtful, certain]: [ArchiveRow[], ArchiveRow[]] = [[], []];
  const isDoubtful = (number: number, { spooled }: QueuedRow): boolean => spooled || number <= before;
  for (const { number, rows } of jobs) {
    for (const queued of rows) (isDoubtful(number, queued) ? doubtful : certain).push(queued.row);
  }
  return { doubtful, certain };
}

/** The least and the greatest sequence of the rows, which are some. */
function boundsOf(rows: readonly ArchiveRow[]): { readonly least: number; readonly most: number } {
  let [least, most] = [Infinity, -Infinity];
  for (const { sequence } of rows) [least, most] = [Math.min(least, sequence), Math.max(most, sequence)];
  return { least, most };
}
