import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuck } from '@app/archive';

/** DuckDB's memory; what does not fit goes to disk (MB). */
const MEMORY_MB = 1_024;

/** A DuckDB for one command; what it puts on disk goes with the process. */
export function duckForCommand(): ReturnType<typeof openDuck> {
  const tempFolder = mkdtempSync(join(tmpdir(), 'livemeter-duck-'));
  process.once('exit', () => rmSync(tempFolder, { recursive: true, force: true }));
  return openDuck({ tempFolder, memoryMb: MEMORY_MB });
}
