import type { DuckDBConnection } from '@duckdb/node-api';
import { parquet, quoted } from './duck.js';
import { type Extent, filesIn, liveFiles } from './files.js';
import { RECEIPT_ORDER } from './parquet-file.js';
import type { ArchivePlace } from './places/place.js';

export interface ArchiveReaderOptions {
  readonly place: ArchivePlace;
  readonly duck: DuckDBConnection;
  readonly extent?: Extent;
  /** Told how much of the archive is read, 0 to 1, now and then. */
  readonly onShare?: (share: number) => void;
}

const HOUR_MS = 3_600_000;

/** Files may be made into others while they are read; so often it is looked anew for what has become of them. */
const TRIES = 5;

/**
 * What an archive holds for the engine, events and outages, as lines of the record (`libs/event` reads their bodies), in
 * the order of receipt. A day is read by the hour, so that no more than an hour's rows are ever put in order at once.
 */
export async function* archivedLines(options: ArchiveReaderOptions): AsyncGenerator<string> {
  const { place, duck, extent = {}, onShare } = options;
  const files = await liveFiles(place, extent);
  const dates = [...new Set(files.map(({ date }) => date))].sort();
  for (const [index, date] of dates.entries()) {
    const folders = new Set(files.filter((file) => file.date === date).map(({ directory }) => directory));
    const day = new Day(place, [...folders]);
    for (let hour = 0; hour < 24; hour += 1) {
      yield* linesOfHour(duck, day, Date.parse(date) + hour * HOUR_MS);
      onShare?.((index + (hour + 1) / 24) / dates.length);
    }
  }
}

/** The folders of a date, and the files that are in them. */
class Day {
  private found: readonly string[] | null = null;

  constructor(
    private readonly place: ArchivePlace,
    private readonly folders: readonly string[],
  ) {}

  async files(): Promise<readonly string[]> {
    if (this.found !== null) return this.found;
    const files = [];
    for (const folder of this.folders) files.push(...(await filesIn(this.place, folder)).live);
    this.found = await this.place.fetch(files);
    return this.found;
  }

  /** Looks again when it is asked for its files next. */
  forget(): void {
    this.found = null;
  }
}

/** Kind, receipt (ms), receipt for the agent, body, replica and sequence. */
type Found = readonly [string, bigint, bigint | null, string, string, bigint];

async function* linesOfHour(duck: DuckDBConnection, day: Day, from: number): AsyncGenerator<string> {
  let last: Found | null = null;
  for (let tries = 1; ; tries += 1) {
    try {
      for await (const row of rowsOfHour(duck, await day.files(), { from, after: last })) {
        last = row;
        yield lineOf(row);
      }
      return;
    } catch (error) {
      if (tries === TRIES) throw error;
      day.forget();
    }
  }
}

/** The rows of an hour that begins at `from` (ms), behind the one `after` which the rest is wanted. */
async function* rowsOfHour(
  duck: DuckDBConnection,
  files: readonly string[],
  { from, after }: { readonly from: number; readonly after: Found | null },
): AsyncGenerator<Found> {
  if (files.length === 0) return;
  const bounds = `received_at >= ${timestamp(from)} AND received_at < ${timestamp(from + HOUR_MS)}`;
  const result = await duck.stream(
    `SELECT kind, epoch_ms(received_at), epoch_ms(agent_received_at), raw, replica, sequence
     FROM ${parquet(files)}
     WHERE kind IN ('event', 'outage') AND ${bounds} ${after === null ? '' : `AND ${isBehind(after)}`}
     ORDER BY ${RECEIPT_ORDER}`,
  );
  for await (const rows of result.yieldRows()) yield* rows as unknown as Found[];
}

function isBehind([, receivedAt, , , replica, sequence]: Found): string {
  return `(${RECEIPT_ORDER}) > (${timestamp(receivedAt)}, ${quoted(replica)}, ${sequence})`;
}

function timestamp(ms: number | bigint): string {
  return `make_timestamp(${BigInt(ms) * 1000n})`;
}

function lineOf([kind, receivedAt, agentReceivedAt, raw]: Found): string {
  if (kind === 'outage') return raw;
  const ofAgent = agentReceivedAt === null ? '' : `,"agentReceivedAt":${agentReceivedAt}`;
  return `{"receivedAt":${receivedAt}${ofAgent},"event":${raw}}`;
}
