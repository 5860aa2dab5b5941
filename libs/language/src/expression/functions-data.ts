import type { Calendar } from '../calendar/calendar.js';
import { didYouMean } from '../nearest-name.js';
import type { Table } from '../table/table.js';
import type { PlanContext } from './context.js';
import { type FunctionSpec, type Misuse, strict } from './function-spec.js';
import { calendarKey, tableKey } from './known-data.js';
import { BROKEN, constantValue, converted, isNumeric, type Item, type Term } from './term.js';

/** Functions of tables and calendars. */
export const DATA_FUNCTIONS: readonly FunctionSpec[] = [
  {
    name: 'lookup',
    usage: "lookup('table', key, 'column')",
    meaning: 'The cell of the row whose first column is the key; null when there is none.',
    form: 'call',
    least: 3,
    most: 3,
    plan: (args, context) => {
      const found = tableNamed(args[0], context);
      return 'misuse' in found ? found.misuse : planLookup(args, found.it);
    },
  },
  calendarFunction('elapsed', {
    usage: "elapsed('calendar', from, to)",
    meaning: 'The open seconds of the calendar between two times.',
    type: 'number',
    last: 'time',
    reckon: (calendar, from, to) => inSeconds(calendar.elapsed(from, to)),
  }),
  calendarFunction('after', {
    usage: "after('calendar', time, seconds)",
    meaning: 'The time at which so many open seconds have passed after the time.',
    type: 'time',
    last: 'number',
    reckon: (calendar, time, seconds) => calendar.after(time, Math.round(seconds * 1000)) ?? undefined,
  }),
];

function inSeconds(ms: number | null): number | undefined {
  return ms === null ? undefined : ms / 1000;
}

/** Something named by a constant text; null when it is broken. */
type Named<T> = { readonly it: T | null } | { readonly misuse: Misuse };

function named<T>(
  kind: 'table' | 'calendar',
  name: Term | undefined,
  all: ReadonlyMap<string, T | null>,
  context: PlanContext,
): Named<T> {
  const text = name?.constant === true ? constantValue(name) : undefined;
  if (typeof text !== 'string') {
    const problem = `% is no constant text, and a ${kind} is known by its name`;
    return { misuse: { code: 'not-constant', problem, remedy: `name a ${kind} in quotes` } };
  }
  const it = all.get(text);
  if (it === undefined && context.vocabulary.data.complete) {
    const remedy = didYouMean(text, all.keys(), `define it in ${kind}s:`);
    return { misuse: { code: 'unknown-name', problem: `there is no ${kind} %`, remedy } };
  }
  context.reads.add(kind === 'table' ? tableKey(text) : calendarKey(text));
  return { it: it ?? null };
}

function tableNamed(name: Term | undefined, context: PlanContext): Named<Table> {
  return named('table', name, context.vocabulary.data.tables, context);
}

function planLookup([, key, column]: readonly Term[], table: Table | null): Term | Misuse {
  if (key === undefined || column === undefined) return BROKEN;
  if (key.type !== 'string' && key.type !== 'number' && key.type !== 'null') {
    return { argument: 1, problem: 'a key is a text or a number, and % is neither' };
  }
  const name = column.constant ? constantValue(column) : undefined;
  if (typeof name !== 'string') {
    const problem = '% is no constant text, and a column is known by its name';
    return { argument: 2, code: 'not-constant', problem, remedy: 'name a column in quotes' };
  }
  if (table === null) return BROKEN;
  const index = table.columns.indexOf(name);
  if (index < 0) {
    const remedy = didYouMean(name, table.columns, `its columns are ${table.columns.join(', ')}`);
    return { argument: 2, code: 'unknown-name', problem: 'the table has no column %', remedy };
  }
  return strict('string', [key], ([item]) => table.rows.get(String(item))?.[index] ?? null);
}

interface CalendarCall {
  readonly usage: string;
  readonly meaning: string;
  readonly type: 'number' | 'time';
  /** What the third argument is. */
  readonly last: 'number' | 'time';
  /** Of ms and, where the last one is a number, that number. */
  readonly reckon: (calendar: Calendar, time: number, last: number) => number | undefined;
}

function calendarFunction(name: string, { usage, meaning, type, last, reckon }: CalendarCall): FunctionSpec {
  return {
    name,
    usage,
    meaning,
    form: 'call',
    least: 3,
    most: 3,
    plan: ([calendarName, from, to], context) => {
      const found = named('calendar', calendarName, context.vocabulary.data.calendars, context);
      if ('misuse' in found) return found.misuse;
      if (from === undefined || to === undefined) return BROKEN;
      if (!isNumeric(from.type)) return { argument: 1, problem: `${name}() takes a time, and % is none` };
      const word = last === 'time' ? 'a time' : 'a number of seconds';
      const fits = last === 'time' ? isNumeric(to.type) : to.type === 'number' || to.type === 'null';
      if (!fits) return { argument: 2, problem: `${name}() takes ${word}, and % is none` };
      const { it: calendar } = found;
      if (calendar === null) return BROKEN;
      const times = [
        { ...from, run: converted(from, 'time') },
        { ...to, run: converted(to, last) },
      ];
      return strict(type, times, ([a, b]) => (isNumber(a) && isNumber(b) ? reckon(calendar, a, b) : undefined));
    },
  };
}

function isNumber(item: Item | undefined): item is number {
  return typeof item === 'number';
}
