import type { DuckDBConnection } from '@duckdb/node-api';
import { parquet } from './duck.js';
import { type Extent, liveFiles } from './files.js';
import { type ArchivePlace, cacheOf } from './places/place.js';
import { COLUMNS } from './writer.js';

/**
 * Makes the archive a table `receipts`, a row for each time that something was received, and a view `events`, a row for
 * each event: its first receipt. Returns how many files stand behind them.
 */
export async function attach(place: ArchivePlace, duck: DuckDBConnection, extent: Extent = {}): Promise<number> {
  const files = await liveFiles(place, extent);
  if (files.length === 0) await duck.run(`CREATE TABLE receipts (${COLUMNS}, account_id VARCHAR, date DATE)`);
  else await duck.run(`CREATE VIEW receipts AS FROM ${parquet(await place.fetch(files, cacheOf(place)))}`);
  await duck.run(`CREATE VIEW events AS SELECT * FROM receipts WHERE kind = 'event'
    QUALIFY row_number() OVER (PARTITION BY account_id, type, uid, conversation_id, agent_id
      ORDER BY received_at, replica, sequence) = 1`);
  return files.length;
}
