import { type Calendar, createCalendar } from '../calendar/calendar.js';
import { readHours } from '../calendar/opening-hours.js';
import type { Definitions, TableDefinition } from '../definition/definitions.js';
import type { Findings, Problem } from '../diagnostic.js';
import { calendarKey, type KnownData, tableKey } from '../expression/known-data.js';
import type { Zones } from '../expression/zones.js';
import { readTable } from '../table/read-table.js';
import { type Table, tableText } from '../table/table.js';
import { tableFileBeside, type TableSource } from '../table/table-files.js';

/** The tables and calendars of a catalog, and what each of them says, under the key by which expressions read it. */
export interface PlannedData {
  readonly data: KnownData;
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads the tables and calendars of all files. What is wrong with them is reported. */
export function planData(
  definitions: Definitions,
  sources: readonly TableSource[],
  zones: Zones,
  findings: Findings,
): PlannedData {
  const tables = new Map<string, Table | null>();
  const calendars = new Map<string, Calendar | null>();
  const texts = new Map<string, string>();
  for (const definition of definitions.tables) {
    const table = tableOf(definition, sources, findings);
    tables.set(definition.name, table);
    if (table !== null) texts.set(tableKey(definition.name), tableText(table));
  }
  for (const definition of definitions.calendars) {
    const hours = definition.body && readHours(definition, definition.body, zones, findings);
    calendars.set(definition.name, hours && createCalendar(hours));
    texts.set(calendarKey(definition.name), JSON.stringify(definition.body));
  }
  return { data: { tables, calendars, complete: definitions.complete }, texts };
}

function tableOf(
  { body, positionOf }: TableDefinition,
  sources: readonly TableSource[],
  findings: Findings,
): Table | null {
  if (body === null) return null;
  const at = positionOf('file');
  const file = tableFileBeside(at.file, body.file);
  if (file === null) {
    findings.error(at, leadsElsewhere(body.file));
    return null;
  }
  const source = sources.find((each) => each.file === file);
  if (source !== undefined && 'text' in source) return readTable(source, findings);
  findings.error(at, unreadable(body.file, source?.unreadable ?? 'there is no such file'));
  return null;
}

function leadsElsewhere(name: string): Problem {
  return {
    code: 'bad-table',
    message: `"${name}" is no file that a table can have`,
    remedy: 'name a .csv or .yaml file beside this one or in a folder below, as in tables/agents.csv',
  };
}

function unreadable(name: string, why: string): Problem {
  const message = `the table's file "${name}" cannot be read: ${why}`;
  return { code: 'bad-table', message, remedy: 'put it beside this file, as UTF-8 text' };
}
