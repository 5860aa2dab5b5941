import { attach, type ArchiveFile, type Extent, liveFiles } from '@app/archive';
import type { Settings } from '@app/telemetry';
import { type OpenArchive, openArchive } from '../archive/open.js';
import { EXIT, type ExitCode, Failure, messageOf } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { csvLine, type QueryFormat, TABLE_MAX, tableText } from './query.js';

export interface Asked {
  readonly sql: string;
  readonly archive: string | undefined;
  readonly extent: Extent;
  readonly format: QueryFormat;
}

/** Files may become others while they are read; so often it is asked anew. */
const TRIES = 3;

/** Asks the archive and prints the rows. Throws a {@link Failure} with what DuckDB says of SQL that it cannot run. */
export async function query(asked: Asked, settings: Settings, terminal: Terminal): Promise<ExitCode> {
  const sql = asked.sql === '-' ? await textOf(terminal.stdin) : asked.sql;
  const archive = await openArchive(asked.archive, asked.extent, settings);
  let printed = false;
  const watched = { ...terminal, out: (text: string) => ((printed = true), terminal.out(text)) };
  for (let tries = 1; ; tries += 1) {
    const files = await liveFiles(archive.place, archive.extent);
    try {
      await attach(archive.place, archive.duck, files);
      const result = await archive.duck.stream(sql);
      await print(result.columnNames(), result.yieldRowsJson(), asked.format, watched);
      return EXIT.good;
    } catch (error) {
      if (!(await haveChanged(archive, files))) throw new Failure(messageOf(error), EXIT.wrongUse);
      if (printed || tries === TRIES) throw new Failure('the archive was put in order meanwhile — ask again');
    }
  }
}

/** Whether some of the files are gone: they were made into others, or have become too old. */
async function haveChanged({ place, extent }: OpenArchive, files: readonly ArchiveFile[]): Promise<boolean> {
  const now = new Set((await liveFiles(place, extent)).map(({ path }) => path));
  return files.some(({ path }) => !now.has(path));
}

type Pages = AsyncIterable<readonly (readonly unknown[])[]>;

async function print(names: readonly string[], pages: Pages, format: QueryFormat, terminal: Terminal): Promise<void> {
  if (format === 'table') return printTable(names, pages, terminal);
  if (format === 'csv') await terminal.out(csvLine(names));
  for await (const rows of pages) {
    const lines = rows.map((row) =>
      format === 'csv'
        ? csvLine(row)
        : `${JSON.stringify(Object.fromEntries(names.map((name, i) => [name, row[i]])))}\n`,
    );
    await terminal.out(lines.join(''));
  }
}

async function printTable(names: readonly string[], pages: Pages, terminal: Terminal): Promise<void> {
  const shown: (readonly unknown[])[] = [];
  let all = 0;
  for await (const rows of pages) {
    all += rows.length;
    shown.push(...rows.slice(0, TABLE_MAX - shown.length));
  }
  await terminal.out(tableText(names, shown));
  if (all > shown.length)
    terminal.err(`${all} rows, of which ${shown.length} are shown: --format csv or json prints all`);
}

async function textOf(input: AsyncIterable<Buffer | string>): Promise<string> {
  let text = '';
  for await (const chunk of input) text += chunk.toString();
  return text;
}
