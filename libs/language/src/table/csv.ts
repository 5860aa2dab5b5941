import { CsvError, parse } from 'csv-parse/sync';
import type { Source } from '../source/source.js';
import type { Findings, Position, Problem } from '../diagnostic.js';
import type { RawRow, RawTable } from './raw-table.js';

/** A cell as it is read, and where it ends: a line from 1, and bytes of UTF-8 from the top of the file. */
interface CsvCell {
  readonly text: string;
  readonly line: number;
  readonly endByte: number;
}

/**
 * Reads comma-separated values (RFC 4180): the first line names the columns, blanks around cells do not count, empty lines
 * are skipped. Null when the file cannot be read as such; that, and rows that are longer or shorter than the header, are
 * reported.
 */
export function readCsv(source: Source, findings: Findings): RawTable | null {
  const lines = readCells(source, findings);
  if (lines === null) return null;
  const [header, ...rows] = lines;
  if (header === undefined) {
    findings.error({ file: source.file, line: 1, col: 1 }, EMPTY);
    return null;
  }
  const columns = header.map(({ text }, index) => ({ name: text, at: startAfter(source, header[index - 1]) }));
  return { columns, rows: rows.flatMap((row) => rowOf(source.file, row, columns.length, findings) ?? []) };
}

const EMPTY: Problem = {
  code: 'bad-table',
  message: 'the table is empty',
  remedy: 'begin with a line that names the columns, as in agent_id,team',
};

/** All cells, line by line; null when quotes do not match, which was reported. */
function readCells(source: Source, findings: Findings): CsvCell[][] | null {
  const lines: CsvCell[][] = [];
  try {
    parse(source.text, {
      bom: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      // Called for each cell: the only place that tells where it stands.
      cast: (cell, { index, lines: line, bytes: endByte }) => {
        if (index === 0) lines.push([]);
        lines.at(-1)?.push({ text: cell, line, endByte });
        return cell;
      },
    });
  } catch (error) {
    findings.error(startAfter(source, lines.at(-1)?.at(-1)), problemOf(error));
    return null;
  }
  return lines.filter((cells) => cells.length > 1 || cells[0]?.text !== '');
}

/** Only quotes can be wrong. */
function problemOf(error: unknown): Problem {
  const isOpen = error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED';
  const cell = error instanceof CsvError && typeof error['column'] === 'number' ? error['column'] + 1 : 1;
  const message = isOpen ? `the quote of cell ${cell} is not closed` : `cell ${cell} has a quote in its middle`;
  return { code: 'bad-table', message, remedy: 'put the whole cell in quotes, and write a quote within as ""' };
}

function rowOf(file: string, row: readonly CsvCell[], count: number, findings: Findings): RawRow | null {
  const [first] = row;
  const at = { file, line: first === undefined ? 1 : first.line - (first.text.match(/\n/g) ?? []).length, col: 1 };
  if (row.length === count) return { cells: row.map(({ text }) => (text === '' ? null : text)), at };
  findings.error(at, {
    code: 'bad-table',
    message: `this row has ${counted(row.length, 'cell')}, and the header has ${counted(count, 'column')}`,
    remedy: 'write one cell for each column; one with a comma in it is put in quotes',
  });
  return null;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Where the cell after this one begins, of the same line or the next; the first cell of all after none. */
function startAfter({ file, text }: Source, before: CsvCell | undefined): Position {
  if (before === undefined) return { file, line: 1, col: 1 };
  // A byte order mark is counted among the bytes, and dropped when they are decoded.
  const read = new TextDecoder().decode(new TextEncoder().encode(text).slice(0, before.endByte));
  const rest = text.slice(text.indexOf(read) + read.length);
  const start = read + (/^(,[ \t]*|\s*)/.exec(rest)?.[0] ?? '');
  return {
    file,
    line: start.split(/\r\n|\n|\r/).length,
    col: start.length - Math.max(start.lastIndexOf('\n'), start.lastIndexOf('\r')),
  };
}
