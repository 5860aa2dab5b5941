import type { DuckDBConnection } from '@duckdb/node-api';
import { parquet } from './duck.js';
import { type Extent, liveFiles } from './files.js';
import { type ArchiveFile, partsOf } from './layout.js';
import { type ArchivePlace, cacheOf } from './places/place.js';
import { RECEIPT_ORDER } from './writer.js';

export interface ArchiveReaderOptions {
  readonly place: ArchivePlace;
  readonly duck: DuckDBConnection;
  readonly extent?: Extent;
  /** Told how much of the archive is read, 0 to 1, now and then. */
  readonly onShare?: (share: number) => void;
}

const HOUR_MS = 3_600_000;

/**
 * What an archive holds for the engine, events and outages, as lines of the record (`libs/event` reads their bodies), in
 * the order of receipt. A day is read by the hour, so that no more than an hour's rows are ever put in order at once.
 */
export async function* archivedLines(options: ArchiveReaderOptions): AsyncGenerator<string> {
  const { place, duck, extent = {}, onShare } = options;
  const files = await liveFiles(place, extent);
  const dates = [...new Set(files.map((file) => partsOf(file.directory)?.date ?? ''))].sort();
  for (const [index, date] of dates.entries()) {
    const own = files.filter((file) => partsOf(file.directory)?.date === date);
    const local = await place.fetch(own, cacheOf(place));
    for (let hour = 0; hour < 24; hour += 1) {
      yield* linesOfHour(duck, local, Date.parse(date) + hour * HOUR_MS);
      onShare?.((index + (hour + 1) / 24) / dates.length);
    }
  }
}

async function* linesOfHour(duck: DuckDBConnection, files: readonly string[], from: number): AsyncGenerator<string> {
  const bounds = `received_at >= make_timestamp(${from * 1000}) AND received_at < make_timestamp(${(from + HOUR_MS) * 1000})`;
  const result = await duck.stream(
    `SELECT kind, epoch_ms(received_at), epoch_ms(agent_received_at), raw FROM ${parquet(files)}
     WHERE kind IN ('event', 'outage') AND ${bounds} ORDER BY ${RECEIPT_ORDER}`,
  );
  for await (const rows of result.yieldRows()) {
    for (const [kind, receivedAt, agentReceivedAt, raw] of rows) {
      yield kind === 'outage' ? String(raw) : recordLine(Number(receivedAt), agentReceivedAt, String(raw));
    }
  }
}

function recordLine(receivedAt: number, agentReceivedAt: unknown, raw: string): string {
  const ofAgent = agentReceivedAt === null ? '' : `,"agentReceivedAt":${Number(agentReceivedAt)}`;
  return `{"receivedAt":${receivedAt}${ofAgent},"event":${raw}}`;
}

/** The first and the last date of what is archived, the number of files and their bytes; null when there is nothing. */
export function spanOf(files: readonly ArchiveFile[]) {
  const dates = files.map((file) => partsOf(file.directory)?.date ?? '').sort();
  const [first] = dates;
  const last = dates.at(-1);
  if (first === undefined || last === undefined) return null;
  return { first, last, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}
