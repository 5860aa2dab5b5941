/** A table of the catalog: rows found by their key, the cell of the first column. Cells are texts. */
export interface Table {
  /** The names of all columns; the first one is that of the keys. */
  readonly columns: readonly string[];
  /** By key, the row's cells in the order of the columns; an empty cell is null. */
  readonly rows: ReadonlyMap<string, readonly Cell[]>;
}

/** A text, or null where nothing is written. */
export type Cell = string | null;

/** Beyond these a table belongs into a database. The first is the size of its file in bytes. */
export const LARGEST_TABLE_BYTES = 8 * 2 ** 20;
export const MOST_ROWS = 100_000;
export const MOST_COLUMNS = 64;

/** All that a table says, as text: two tables with the same text give the same cells. */
export function tableText({ columns, rows }: Table): string {
  return JSON.stringify([columns, [...rows.values()]]);
}
