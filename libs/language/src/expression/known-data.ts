import type { Calendar } from '../calendar/calendar.js';
import type { Table } from '../table/table.js';

/** What no event carries: the tables and calendars of the catalog, by name. Null: its definition or file is broken. */
export interface KnownData {
  readonly tables: ReadonlyMap<string, Table | null>;
  readonly calendars: ReadonlyMap<string, Calendar | null>;
  /** False when a source could not be read: what is not known may be defined there. */
  readonly complete: boolean;
}

/** No tables, no calendars. */
export const NO_DATA: KnownData = { tables: new Map(), calendars: new Map(), complete: true };

/** The keys under which what an expression reads stands in {@link Compiled.reads}. */
export function tableKey(name: string): string {
  return `table ${name}`;
}

export function calendarKey(name: string): string {
  return `calendar ${name}`;
}
