import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Source } from '../source/source.js';
import type { Findings, Position, Problem } from '../diagnostic.js';
import { didYouMean } from '../nearest-name.js';
import type { RawColumn, RawRow, RawTable } from './raw-table.js';
import type { Cell } from './table.js';

/** A file under way. */
interface Reading {
  readonly document: Document.Parsed;
  readonly positionOf: (node: Node | null) => Position;
  readonly findings: Findings;
}

/**
 * Reads a list of rows, each a map of columns to cells; the first row names the columns, and what a later one leaves out is
 * null. Cells count as they are written: an agent's id of twenty digits stays whole. Null when the file is no such list;
 * what is wrong is reported.
 */
export function readYamlRows({ file, text }: Source, findings: Findings): RawTable | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'failsafe' });
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), col: Math.max(col, 1) };
  };
  for (const error of [...document.errors, ...document.warnings].slice(0, 1)) {
    const message = error.message.replace(/\s+/g, ' ').replace(/[.:]$/, '');
    findings.error(positionAt(error.pos[0]), { code: 'yaml', message, remedy: 'correct the YAML' });
    return null;
  }
  const reading = { document, findings, positionOf: (node: Node | null) => positionAt(node?.range?.[0] ?? 0) };
  const list = resolved(reading, document.contents);
  if (isSeq(list)) return tableOf(reading, list);
  findings.error(reading.positionOf(list), NO_LIST);
  return null;
}

const NO_LIST: Problem = {
  code: 'bad-table',
  message: 'the table is no list of rows',
  remedy: 'write a row as - { agent_id: a1, team: Sales }',
};

const EMPTY: Problem = { ...NO_LIST, message: 'the table is empty' };

function tableOf(reading: Reading, list: YAMLSeq): RawTable | null {
  const { items } = list;
  const maps = items.flatMap((item) => {
    const node = resolved(reading, item);
    if (isMap(node)) return [node];
    reading.findings.error(reading.positionOf(node), {
      ...NO_LIST,
      message: 'a row is a map of columns to cells, and this is none',
    });
    return [];
  });
  const [first] = maps;
  if (first === undefined) {
    if (items.length === 0) reading.findings.error(reading.positionOf(list), EMPTY);
    return null;
  }
  const columns = first.items.map(({ key }) => {
    const node = resolved(reading, key);
    return { name: textOf(node) ?? '', at: reading.positionOf(node) };
  });
  return { columns, rows: maps.map((map) => rowOf(reading, map, columns)) };
}

function rowOf(reading: Reading, map: YAMLMap, columns: readonly RawColumn[]): RawRow {
  const { findings, positionOf } = reading;
  const names = columns.map((column) => column.name);
  const cells: Cell[] = names.map(() => null);
  for (const { key, value } of map.items) {
    const keyNode = resolved(reading, key);
    const name = textOf(keyNode) ?? '';
    const index = names.indexOf(name);
    if (index < 0) findings.error(positionOf(keyNode), unknownColumn(name, names));
    else cells[index] = cellOf(reading, resolved(reading, value), name);
  }
  return { cells, at: positionOf(map) };
}

function unknownColumn(name: string, names: readonly string[]): Problem {
  return {
    code: 'unknown-name',
    message: `"${name}" is not a column: the first row has none of that name`,
    remedy: didYouMean(name, names, `its columns are ${names.join(', ')}; add one to the first row`),
  };
}

function cellOf({ findings, positionOf }: Reading, node: Node | null, column: string): Cell {
  if (node === null || isScalar(node)) return textOf(node);
  findings.error(positionOf(node), {
    code: 'bad-table',
    message: `the cell of "${column}" is a ${isSeq(node) ? 'list' : 'map'}`,
    remedy: 'a cell is a text: write a list as one text, as in "sales billing"',
  });
  return null;
}

/** The text of a scalar as it is written; what YAML takes for null, and the empty text, are no cell. */
function textOf(node: Node | null): Cell {
  if (!isScalar(node)) return null;
  // Everything is a text in the schema that it was read with.
  const text = typeof node.value === 'string' ? node.value.trim() : '';
  return text === '' || (node.type === 'PLAIN' && /^(~|null|Null|NULL)$/.test(text)) ? null : text;
}

function resolved({ document }: Pick<Reading, 'document'>, value: unknown): Node | null {
  if (isAlias(value)) return value.resolve(document) ?? null;
  return isScalar(value) || isMap(value) || isSeq(value) ? value : null;
}
