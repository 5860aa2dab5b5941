import type { DuckDBConnection } from '@duckdb/node-api';
import type { ArchiveRow } from './row.js';

/** Appends rows to a table with the columns of a file. */
export async function appendRows(duck: DuckDBConnection, table: string, rows: readonly ArchiveRow[]): Promise<void> {
  const { timestampValue } = await import('@duckdb/node-api');
  const appender = await duck.createAppender(table);
  const text = (value: string | null): void => (value === null ? appender.appendNull() : appender.appendVarchar(value));
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
