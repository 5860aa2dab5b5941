import type { Source } from '../source/source.js';
import { Findings, type Position, type Problem } from '../diagnostic.js';
import { readCsv } from './csv.js';
import type { RawColumn, RawRow, RawTable } from './raw-table.js';
import { type Cell, LARGEST_TABLE_BYTES, MOST_COLUMNS, MOST_ROWS, type Table } from './table.js';
import { readYamlRows } from './yaml-rows.js';

/** A file may be wrong from top to bottom: the first mistakes tell enough. */
const MOST_FINDINGS = 20;

/** Reads a table's file by the end of its name, `.csv` or else YAML. Null when it is no table; what is wrong is reported. */
export function readTable(source: Source, findings: Findings): Table | null {
  const own = new Findings();
  const table = tableOf(source, own);
  const errors = own.sorted('error');
  for (const error of errors.slice(0, MOST_FINDINGS)) findings.error(error, error);
  return errors.length > 0 ? null : table;
}

function tableOf(source: Source, findings: Findings): Table | null {
  const top = { file: source.file, line: 1, col: 1 };
  if (source.text.length > LARGEST_TABLE_BYTES) {
    findings.error(top, tooLarge(`is longer than ${LARGEST_TABLE_BYTES / 2 ** 20} MiB`));
    return null;
  }
  const raw = source.file.endsWith('.csv') ? readCsv(source, findings) : readYamlRows(source, findings);
  if (raw === null || !areGoodColumns(raw, findings)) return null;
  if (raw.rows.length > MOST_ROWS) findings.error(top, tooLarge(`has more than ${MOST_ROWS} rows`));
  return { columns: raw.columns.map((column) => column.name), rows: keyed(raw, findings) };
}

function tooLarge(what: string): Problem {
  return { code: 'too-large', message: `the table ${what}`, remedy: 'keep only the rows and columns that metrics use' };
}

function areGoodColumns({ columns }: RawTable, findings: Findings): boolean {
  const [first] = columns;
  const seen = new Map<string, Position>();
  const problems = columns.map((column) => {
    const earlier = seen.get(column.name);
    seen.set(column.name, column.at);
    return { at: column.at, problem: columnProblem(column, earlier !== undefined) };
  });
  if (first !== undefined && columns.length === 1) problems.push({ at: first.at, problem: onlyOne(first) });
  const excess = columns[MOST_COLUMNS];
  if (excess !== undefined)
    problems.push({ at: excess.at, problem: tooLarge(`has more than ${MOST_COLUMNS} columns`) });
  for (const { at, problem } of problems) if (problem !== null) findings.error(at, problem);
  return problems.every(({ problem }) => problem === null);
}

function columnProblem({ name }: RawColumn, isSecond: boolean): Problem | null {
  if (name === '') return { code: 'bad-table', message: 'a column has no name', remedy: 'name every column' };
  if (!isSecond) return null;
  return { code: 'duplicate', message: `two columns are called "${name}"`, remedy: 'rename one of them' };
}

function onlyOne({ name }: RawColumn): Problem {
  return {
    code: 'bad-table',
    message: `the table has one column, "${name}": there is nothing to look up`,
    remedy: 'the first column is the key, more follow it; in CSV they are separated by commas',
  };
}

function keyed({ columns, rows }: RawTable, findings: Findings): ReadonlyMap<string, readonly Cell[]> {
  const byKey = new Map<string, RawRow>();
  const column = columns[0]?.name ?? '';
  for (const row of rows) {
    const key = row.cells[0] ?? null;
    const earlier = key === null ? undefined : byKey.get(key);
    if (key === null) findings.error(row.at, noKey(column));
    else if (earlier !== undefined) findings.error(row.at, secondRow(column, key, earlier.at));
    else byKey.set(key, row);
  }
  return new Map([...byKey].map(([key, row]) => [key, row.cells]));
}

function noKey(column: string): Problem {
  return {
    code: 'bad-table',
    message: `this row has no "${column}", its key`,
    remedy: 'give it one, or remove the row',
  };
}

function secondRow(column: string, key: string, { line }: Position): Problem {
  const message = `the row with ${column} "${key}" is also in line ${line}`;
  return { code: 'duplicate', message, remedy: 'keep one of them: the first column is the key' };
}
