import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from './duck.js';
import type { ArchivePlace } from './places/place.js';

/** The columns of a file, as DuckDB makes them. Account and date stand in the folder's name. */
export const COLUMNS = `received_at TIMESTAMP, agent_received_at TIMESTAMP, event_time TIMESTAMP, kind VARCHAR, type VARCHAR,
  uid VARCHAR, conversation_id VARCHAR, agent_id VARCHAR, source VARCHAR, reason VARCHAR, detail VARCHAR,
  raw VARCHAR, raw_base64 VARCHAR, replica VARCHAR, sequence BIGINT`;

/** The order within a file: that of receipt. */
export const RECEIPT_ORDER = 'received_at, replica, sequence';

/** Row groups are small, so that an hour of a day can be read without the rest. */
const FORMAT = 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000';

/** A file that is not in its place yet. */
export interface MadeFile {
  readonly local: string;
  readonly bytes: number;
}

/** Makes the file for `path` of what `source` (a table, or what can stand for one in SQL) holds, in the work folder. */
export async function makeFile(
  { workFolder }: ArchivePlace,
  duck: DuckDBConnection,
  { path, source }: { readonly path: string; readonly source: string },
): Promise<MadeFile> {
  await mkdir(workFolder, { recursive: true });
  const local = join(workFolder, path.replaceAll('/', ' '));
  await duck.run(`COPY (FROM ${source} ORDER BY ${RECEIPT_ORDER}) TO ${quoted(local)} (${FORMAT})`);
  return { local, bytes: (await stat(local)).size };
}
