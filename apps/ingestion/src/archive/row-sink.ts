import type { EncodedRow } from '@app/archive';
import { ARCHIVE, type PartitionProducer, QueueUnavailable } from '@app/queue';
import { OCCURRENCES, type Telemetry } from '@app/telemetry';
import type { RowSink } from './archive.js';
import { type Spool, SpoolRefused } from './spool.js';

/** How often it is looked whether what waits on disk can go on (ms). */
const DRAIN_EVERY_MS = 1_000;

export interface QueuedRowsParts {
  readonly producer: Pick<PartitionProducer<EncodedRow>, 'add'>;
  readonly spool: Spool;
  /** Notes in Redis which segments are on disk, as they are when it has answered. */
  readonly note: (segments: () => readonly string[]) => Promise<void>;
  /** Whether as much waits in Redis as may. */
  readonly isFull: () => boolean;
  readonly telemetry: Telemetry;
}

/** Puts rows into the archive's queue, or on disk while too many wait there or Redis takes none. */
export class QueuedRows implements RowSink {
  private timer: NodeJS.Timeout | null = null;
  private draining: Promise<void> | null = null;
  private stopped = false;
  /** What is noted of the disk; null: nobody knows. */
  private noted: readonly string[] | null = null;

  constructor(private readonly parts: QueuedRowsParts) {}

  async add(rows: readonly EncodedRow[]): Promise<void> {
    if (this.parts.isFull()) return this.keep(rows);
    try {
      await this.send(rows);
    } catch (error) {
      // What may be in the queue must not be on disk, too.
      if (!(error instanceof QueueUnavailable) || error.outcome !== 'refused') throw error;
      await this.keep(rows);
    }
  }

  /** Brings what waits on disk into the queue, from now on and whenever there is room. */
  start(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.draining = this.drain()
        .catch((error: unknown) => this.parts.telemetry.report(OCCURRENCES.spoolFailed, {}, { err: error }))
        .finally(() => this.start());
    }, DRAIN_EVERY_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.parts.spool.close();
    await this.draining;
  }

  private async drain(): Promise<void> {
    const { spool, isFull } = this.parts;
    const { segments } = spool;
    // As long as there are any: a Redis that was lost has lost the notes, too.
    if (segments.length > 0 || this.noted?.length !== 0) await this.note();
    await spool.drain(
      (rows) => this.send(rows),
      () => !isFull(),
    );
  }

  /** It is tried again as long as something is on disk: nobody has to wait for a Redis that is away. */
  private async note(): Promise<void> {
    const { spool, note } = this.parts;
    this.noted = null;
    const segments = (): readonly string[] => [...spool.segments];
    await note(segments).then(
      () => (this.noted = segments()),
      () => undefined,
    );
  }

  private async keep(rows: readonly EncodedRow[]): Promise<void> {
    const { spool, telemetry } = this.parts;
    try {
      await spool.append(rows);
      if (spool.segments.some((segment) => this.noted?.includes(segment) !== true)) await this.note();
      telemetry.report(OCCURRENCES.archiveSpooling, {}, {}, rows.length);
    } catch (error) {
      telemetry.report(OCCURRENCES.spoolFailed, {}, { err: error });
      // What may be on disk must not be in the queue, too.
      if (!(error instanceof SpoolRefused)) throw error;
      await this.send(rows);
    }
  }

  private async send(rows: readonly EncodedRow[]): Promise<void> {
    await this.parts.producer.add(
      ARCHIVE,
      rows.map((data) => ({ at: 0, data })),
    );
  }
}
