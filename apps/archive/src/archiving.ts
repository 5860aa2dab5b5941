import { join } from 'node:path';
import {
  type ArchiveJob,
  type ArchivePlace,
  ArchiveWriter,
  decodeRow,
  type EncodedRow,
  keepUp,
  openDuck,
  utcDate,
} from '@app/archive';
import type { Batch, Clock, Tenure } from '@app/queue';
import { OCCURRENCES, type Settings, type Telemetry } from '@app/telemetry';
import type { Measures } from './measures.js';

export interface ArchivingParts {
  readonly place: ArchivePlace;
  readonly settings: Pick<Settings, 'archiveKeepDays'>;
  readonly clock: Clock;
  readonly measures: Measures;
  readonly telemetry: Telemetry;
}

/** How often the archive is kept in shape (ms). */
const UPKEEP_EVERY_MS = 300_000;

/** DuckDB's memory, for writing and for making small files into large ones (MB). */
const MEMORY_MB = { writing: 64, upkeep: 128 };

/** Stores what comes out of the archive's queue, and keeps the archive in shape meanwhile. */
export class Archiving {
  /** What went wrong last, in words, until it goes well again. */
  trouble: string | null = null;
  private tenure: Tenure | null = null;
  private timer: NodeJS.Timeout | null = null;
  private upkeep: Promise<void> | null = null;
  private stopped = false;

  private constructor(
    private readonly parts: ArchivingParts,
    private readonly writer: ArchiveWriter,
    private readonly duck: Awaited<ReturnType<typeof openDuck>>,
  ) {}

  static async open(parts: ArchivingParts): Promise<Archiving> {
    const tempFolder = join(parts.place.workFolder, 'sorting');
    const writing = await openDuck({ tempFolder, memoryMb: MEMORY_MB.writing });
    const upkeep = await openDuck({ tempFolder, memoryMb: MEMORY_MB.upkeep });
    return new Archiving(parts, new ArchiveWriter(parts.place, writing), upkeep);
  }

  /** Stores batches; when it rejects, they may come again. */
  async process(tenure: Tenure, batches: readonly Batch<EncodedRow>[]): Promise<'stored' | 'numbers in use'> {
    this.tenure = tenure;
    const jobs = batches.map(({ id, items }): ArchiveJob => ({
      number: Number(id),
      rows: items.map(({ data }) => decodeRow(data)),
    }));
    const written = await this.writer.write(tenure, jobs);
    if (written === 'numbers in use') return written;
    this.trouble = null;
    this.parts.measures.wrote(written, newestReceiptOf(jobs));
    return 'stored';
  }

  /** Hears of what went wrong while writing. */
  failed(during: 'write' | 'upkeep', error: unknown): void {
    this.trouble = error instanceof Error ? error.message : String(error);
    this.parts.telemetry.report(
      OCCURRENCES.archiveFailed,
      { during },
      { err: error, archive: this.parts.place.address },
    );
  }

  /** Keeps the archive in shape from now on, while this replica writes it. */
  start(everyMs = UPKEEP_EVERY_MS): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.upkeep = this.keepUp()
        .catch((error: unknown) => {
          // At the end Redis can be asked no more.
          if (!this.stopped) this.failed('upkeep', error);
        })
        .finally(() => this.start(everyMs));
    }, everyMs);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.upkeep;
  }

  private async keepUp(): Promise<void> {
    const { place, clock, settings, measures } = this.parts;
    const { tenure } = this;
    if (tenure?.lasts !== true) return;
    const today = utcDate(clock.now());
    const done = await keepUp({ place, duck: this.duck }, tenure, { today, keepDays: settings.archiveKeepDays });
    measures.keptUp(done);
    this.trouble = null;
  }
}

/** When the newest of the rows was received (ms); 0 where there are none. */
function newestReceiptOf(jobs: readonly ArchiveJob[]): number {
  let newest = 0;
  for (const { rows } of jobs) for (const { row } of rows) newest = Math.max(newest, row.receivedAt);
  return newest;
}
