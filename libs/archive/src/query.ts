import type { DuckDBConnection } from '@duckdb/node-api';
import { parquet } from './duck.js';
import type { ArchiveFile } from './layout.js';
import { COLUMNS } from './parquet-file.js';
import type { ArchivePlace } from './places/place.js';

/**
 * Makes files of an archive a table `receipts`, a row for each time that something was received, and a view `events`, a row
 * for each event: its first receipt.
 */
export async function attach(
  place: ArchivePlace,
  duck: DuckDBConnection,
  files: readonly ArchiveFile[],
): Promise<void> {
  if (files.length === 0)
    await duck.run(`CREATE OR REPLACE TABLE receipts (${COLUMNS}, account_id VARCHAR, date DATE)`);
  else await duck.run(`CREATE OR REPLACE VIEW receipts AS FROM ${parquet(await place.fetch(files))}`);
  await duck.run(`CREATE OR REPLACE VIEW events AS SELECT * FROM receipts WHERE kind = 'event'
    QUALIFY row_number() OVER (PARTITION BY account_id, type, uid, conversation_id, agent_id
      ORDER BY received_at, replica, sequence) = 1`);
}
