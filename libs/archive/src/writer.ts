import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, timestampValue } from '@duckdb/node-api';
import { parquet, quoted } from './duck.js';
import { type ArchiveFile, directoryOf, fileName, parseFile, sift } from './layout.js';
import { type ArchivePlace, cacheOf } from './places/place.js';
import type { ArchiveRow } from './row.js';

/** Rows of one job of the queue. */
export interface ArchiveJob {
  readonly number: number;
  readonly rows: readonly ArchiveRow[];
}

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

/** The columns of a file, as DuckDB makes them. Account and date stand in the folder's name. */
export const COLUMNS = `received_at TIMESTAMP, agent_received_at TIMESTAMP, event_time TIMESTAMP, kind VARCHAR, type VARCHAR,
  uid VARCHAR, conversation_id VARCHAR, agent_id VARCHAR, source VARCHAR, reason VARCHAR, detail VARCHAR,
  raw VARCHAR, raw_base64 VARCHAR, replica VARCHAR, sequence BIGINT`;

/** The order within a file: that of receipt. */
export const RECEIPT_ORDER = 'received_at, replica, sequence';

/**
 * Writes jobs that follow one another in the archive's queue, a file for each folder that they concern. Each file is there
 * whole or not at all, and its name says which jobs it holds; so a job that comes again, after some of its folders were
 * written, adds to each only what is not there.
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
      const { live, dead } = sift(await this.filesOf(directory));
      const reached = Math.max(0, ...live.filter(({ epoch }) => epoch === tenure.epoch).map(({ to }) => to));
      const again = own.filter(({ number }) => number <= reached);
      if (again.length > 0 && !(await this.hold(live, again, tenure))) return 'numbers in use';
      const fresh = await this.unknownOf(
        tenure,
        live,
        own.filter(({ number }) => number > reached),
      );
      if (fresh.some(({ rows }) => rows.length > 0)) {
        const from = Math.max(jobs[0]?.number ?? 0, reached + 1);
        const facts = { epoch: tenure.epoch, from, to: jobs.at(-1)?.number ?? 0, tenure: tenure.number, level: 0 };
        written = plus(written, await this.file(tenure, `${directory}/${fileName(facts)}`, fresh));
      }
      for (const { path } of dead) await this.place.remove(path);
    }
    return written;
  }

  /** Whether all rows of these jobs are in the files whose names say so. */
  private async hold(
    files: readonly ArchiveFile[],
    jobs: readonly ArchiveJob[],
    { epoch }: WriterTenure,
  ): Promise<boolean> {
    const [from, to] = [jobs[0]?.number ?? 0, jobs.at(-1)?.number ?? 0];
    const meant = files.filter((file) => file.epoch === epoch && file.from <= to && from <= file.to);
    const known = await this.keysIn(meant, jobs);
    return jobs.every(({ rows }) => rows.every((row) => known.has(keyOf(row))));
  }

  /** The jobs without what an epoch before has written of them. */
  private async unknownOf(
    { before, epoch }: WriterTenure,
    files: readonly ArchiveFile[],
    jobs: readonly ArchiveJob[],
  ): Promise<readonly ArchiveJob[]> {
    const others = files.filter((file) => file.epoch !== epoch);
    if (others.length === 0 || !jobs.some(({ number }) => number <= before)) return jobs;
    const known = await this.keysIn(others, jobs);
    return jobs.map(({ number, rows }) => ({ number, rows: rows.filter((row) => !known.has(keyOf(row))) }));
  }

  /** The keys in these files that rows of these jobs could have. */
  private async keysIn(files: readonly ArchiveFile[], jobs: readonly ArchiveJob[]): Promise<ReadonlySet<string>> {
    const bounds = boundsOf(jobs);
    if (bounds === null || files.length === 0) return new Set();
    const local = await this.place.fetch(files, cacheOf(this.place));
    const found = await this.duck.runAndReadAll(
      `SELECT replica, sequence FROM ${parquet(local)} WHERE sequence BETWEEN ${bounds.least} AND ${bounds.most}`,
    );
    return new Set(found.getRows().map(([replica, sequence]) => `${String(sequence)} ${String(replica)}`));
  }

  private async filesOf(directory: string) {
    const stored = await this.place.list(directory);
    return stored.map(({ path, bytes }) => parseFile(path, bytes)).filter((file) => file !== null);
  }

  private async file(tenure: WriterTenure, path: string, jobs: readonly ArchiveJob[]): Promise<Written> {
    const { workFolder } = this.place;
    await mkdir(workFolder, { recursive: true });
    const local = join(workFolder, path.replaceAll('/', ' '));
    await this.duck.run(`CREATE OR REPLACE TEMP TABLE receipts (${COLUMNS})`);
    const rows = jobs.flatMap((job) => job.rows);
    await this.append(rows);
    await this.duck.run(`COPY (FROM receipts ORDER BY ${RECEIPT_ORDER}) TO ${quoted(local)} (${PARQUET_FORMAT})`);
    await this.duck.run('DROP TABLE receipts');
    const bytes = (await stat(local)).size;
    if (!tenure.lasts) throw new Error('another replica writes the archive now');
    await this.place.put(path, local);
    return { rows: rows.length, files: 1, bytes };
  }

  private async append(rows: readonly ArchiveRow[]): Promise<void> {
    const appender = await this.duck.createAppender('receipts');
    const text = (value: string | null): void =>
      value === null ? appender.appendNull() : appender.appendVarchar(value);
    const time = (ms: number | null): void =>
      ms === null ? appender.appendNull() : appender.appendTimestamp(timestampValue(BigInt(ms) * 1000n));
    for (const row of rows) {
      [row.receivedAt, row.agentReceivedAt, row.eventTime].forEach(time);
      [row.kind, row.type, row.uid, row.conversationId, row.agentId, row.source, row.reason, row.detail].forEach(text);
      [row.raw, row.rawBase64, row.replica].forEach(text);
      appender.appendBigInt(BigInt(row.sequence));
      appender.endRow();
    }
    appender.closeSync();
  }
}

/** How files are written. Row groups are small, so that an hour of a day can be read without the rest. */
export const PARQUET_FORMAT = 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000';

/** The least and the greatest sequence of the rows; null where there are none. */
function boundsOf(jobs: readonly ArchiveJob[]): { readonly least: number; readonly most: number } | null {
  let [least, most] = [Infinity, -Infinity];
  for (const { rows } of jobs) {
    for (const { sequence } of rows) [least, most] = [Math.min(least, sequence), Math.max(most, sequence)];
  }
  return most < least ? null : { least, most };
}

function keyOf({ replica, sequence }: ArchiveRow): string {
  return `${sequence} ${replica}`;
}

function plus(a: Written, b: Written): Written {
  return { rows: a.rows + b.rows, files: a.files + b.files, bytes: a.bytes + b.bytes };
}

/** Per folder, the jobs with the rows that belong there. */
function byDirectory(jobs: readonly ArchiveJob[]): Map<string, ArchiveJob[]> {
  const found = new Map<string, ArchiveJob[]>();
  for (const { number, rows } of jobs) {
    const own = new Map<string, ArchiveRow[]>();
    for (const row of rows) {
      const directory = directoryOf(row.accountId, row.receivedAt);
      const others = own.get(directory);
      if (others === undefined) own.set(directory, [row]);
      else others.push(row);
    }
    for (const [directory, of] of own) {
      const job = { number, rows: of };
      const others = found.get(directory);
      if (others === undefined) found.set(directory, [job]);
      else others.push(job);
    }
  }
  return found;
}
