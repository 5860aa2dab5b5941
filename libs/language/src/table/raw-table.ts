import type { Position } from '../diagnostic.js';
import type { Cell } from './table.js';

/** A table as its file has it, whatever the format: as many cells in each row as there are columns. */
export interface RawTable {
  readonly columns: readonly RawColumn[];
  readonly rows: readonly RawRow[];
}

/** A column's name and where it stands. */
export interface RawColumn {
  readonly name: string;
  readonly at: Position;
}

/** A row's cells and where it begins. */
export interface RawRow {
  readonly cells: readonly Cell[];
  readonly at: Position;
}
