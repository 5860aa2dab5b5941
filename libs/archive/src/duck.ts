import { mkdir } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';

export interface DuckOptions {
  /** Where what does not fit into memory goes. */
  readonly tempFolder: string;
  /** The most memory (MB); default 512. */
  readonly memoryMb?: number;
  readonly threads?: number;
}

/** DuckDB in this process, with nothing in it, that fetches no extensions. It is loaded here: ingestion does without. */
export async function openDuck({ tempFolder, memoryMb = 512, threads = 1 }: DuckOptions): Promise<DuckDBConnection> {
  await mkdir(tempFolder, { recursive: true });
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${memoryMb}MB`,
    temp_directory: tempFolder,
    autoinstall_known_extensions: 'false',
    preserve_insertion_order: 'true',
  });
  return instance.connect();
}

/** A text within SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The expression that reads these files as one table, with account and date from their folders. */
export function parquet(files: readonly string[]): string {
  const types = `hive_partitioning = true, hive_types = {'account_id': VARCHAR, 'date': DATE}`;
  return `read_parquet([${files.map(quoted).join(', ')}], ${types}, union_by_name = true)`;
}
