import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ArchiveWriter,
  decodeRow,
  type EncodedRow,
  openPlace,
  rowsOfSegment,
  segmentsIn,
  weightOf,
} from '@app/archive';
import { epochBesideQueue, SpooledNotes } from '@app/queue';
import { type Settings, spoolFolder } from '@app/telemetry';
import { refuseUnlessAtRest } from '../archive/at-rest.js';
import { duckForCommand } from '../archive/duck.js';
import { EXIT, type ExitCode, Failure, messageOf } from '../failure.js';
import { withRedis } from '../quarantine/redis.js';
import type { Terminal } from '../terminal.js';

/** What becomes a file together. */
const ENOUGH = { rows: 8_000, bytes: 4 * 1024 * 1024 };

export interface UnspoolAsked {
  /** None: that of the settings. */
  readonly folders: readonly string[];
  readonly archive: string | undefined;
}

/** Writes what waits in folders of spools into the archive. Throws a {@link Failure} when that must not, or cannot, be now. */
export function unspool(asked: UnspoolAsked, settings: Settings, terminal: Terminal): Promise<ExitCode> {
  const folders = asked.folders.length > 0 ? asked.folders : [spoolFolder(settings)];
  return withRedis(settings, async (redis) => {
    await refuseUnlessAtRest(redis, ['ingestion']);
    const address = asked.archive ?? settings.archive ?? '.livemeter/archive';
    const place = await openPlace(address, settings.archiveEndpoint);
    const tenure = { number: 0, epoch: await epochBesideQueue(redis), before: 0, lasts: true };
    const rows = new Rows(new ArchiveWriter(place, await duckForCommand()), tenure);
    const notes = new SpooledNotes(redis);
    for (const folder of folders) {
      const segments = await found(folder, asked.folders.length > 0);
      for (const [index, segment] of segments.entries()) {
        terminal.progress(`${folder}: ${index} of ${segments.length} files, ${rows.read} events`);
        const file = join(folder, segment);
        await rows.write(file).catch((error: unknown) => {
          throw new Failure(`${file} could not be archived in ${address}: ${messageOf(error)} — call this again`);
        });
        await rm(file, { force: true });
        await notes.forget([segment]);
      }
    }
    terminal.progress('');
    terminal.err(`${rows.read} events read, ${rows.written} of them new in ${address}`);
    return EXIT.good;
  });
}

/** The segments in a folder, which must be there where somebody has named it. */
async function found(folder: string, isNamed: boolean): Promise<readonly string[]> {
  try {
    if (isNamed) await access(folder);
    return await segmentsIn(folder);
  } catch (error) {
    throw new Failure(`${folder} cannot be read: ${messageOf(error)}`, EXIT.wrongUse);
  }
}

/** Rows of segments, on their way into the archive. */
class Rows {
  read = 0;
  written = 0;
  private job = 0;

  constructor(
    private readonly writer: ArchiveWriter,
    private readonly tenure: Parameters<ArchiveWriter['write']>[0],
  ) {}

  /** Resolves when all of a segment is in the archive. */
  async write(file: string): Promise<void> {
    let gathered: EncodedRow[] = [];
    let bytes = 0;
    for await (const row of rowsOfSegment(file)) {
      // Nobody was told that a line is stored that was cut off.
      if (row === null) continue;
      gathered.push(row);
      bytes += weightOf(row);
      if (gathered.length < ENOUGH.rows && bytes < ENOUGH.bytes) continue;
      await this.store(gathered);
      [gathered, bytes] = [[], 0];
    }
    await this.store(gathered);
  }

  /** Part of it may have come through the queue: it is written as what a spool brings. */
  private async store(encoded: readonly EncodedRow[]): Promise<void> {
    if (encoded.length === 0) return;
    this.job += 1;
    const rows = encoded.map((one) => ({ ...decodeRow(one), spooled: true }));
    const written = await this.writer.write(this.tenure, [{ number: this.job, rows }]);
    if (written === 'numbers in use') throw new Error('somebody else writes there with the same numbers');
    this.read += rows.length;
    this.written += written.rows;
  }
}
