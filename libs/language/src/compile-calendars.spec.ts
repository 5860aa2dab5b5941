import { describe, expect, it } from '@jest/globals';
import { compileCatalog, formatDiagnostic } from './index.js';

interface Case {
  readonly name: string;
  readonly yaml: string;
  /** The text of `agents.csv`. */
  readonly table?: string;
  readonly want: readonly string[];
}

const CSV = 'tables: { agents: { file: agents.csv } }\n';

function calendar(more: string): string {
  return `calendars:\n  office: { zone: Europe/Berlin, ${more} }\n`;
}

const CASES: readonly Case[] = [
  {
    name: 'a calendar of the wrong shape',
    yaml: 'calendars:\n  a: { zone: UTC }\n  b: { open: {}, hours: 5 }\n  c: { zone: UTC, open: { mon: 8 }, closed: 2026-12-25 }\n',
    want: [
      'a.yaml:2:6: missing-key: the calendar "a" has no "open" — add open: it must be a map of days to hours',
      'a.yaml:3:6: missing-key: the calendar "b" has no "zone" — add zone: it must be a text',
      'a.yaml:3:18: unknown-key: "hours" is not a key of the calendar "b" — its keys are zone, open, closed',
      'a.yaml:4:32: wrong-shape: "mon" is 8 — it must be a range of hours, or a list of them',
      'a.yaml:4:45: wrong-shape: "closed" is "2026-12-25" — it must be a list of dates',
    ],
  },
  {
    name: 'a zone that does not exist',
    yaml: 'calendars:\n  office: { zone: Europe/Berln, open: {} }\n',
    want: [
      `a.yaml:2:19: unknown-zone: there is no time zone "Europe/Berln" — zones are named as in 'Europe/Berlin' or 'UTC'`,
    ],
  },
  {
    name: 'days that do not exist',
    yaml: calendar('open: { monday: "08:00-18:00", mon-: "08:00-18:00", mon-tue-wed: "08:00-18:00", xyz: [] }'),
    want: [
      'a.yaml:2:42: bad-calendar: "monday" names no days of the week — did you mean "mon"?',
      'a.yaml:2:65: bad-calendar: "mon-" names no days of the week — did you mean "mon"?',
      'a.yaml:2:86: bad-calendar: "mon-tue-wed" names no days of the week — write a day as in mon, or days as in mon-fri',
      'a.yaml:2:114: bad-calendar: "xyz" names no days of the week — write a day as in mon, or days as in mon-fri',
    ],
  },
  {
    name: 'hours that are none',
    yaml: calendar('open: { mon: ["8-18", "08:00-24:01", "08:60-09:00", "18:00-08:00", "09:00-09:00"] }'),
    want: [
      'a.yaml:2:48: bad-calendar: "8-18" is no range of hours — write it as in "08:00-18:00"; a day ends at 24:00',
      'a.yaml:2:56: bad-calendar: "08:00-24:01" is no range of hours — write it as in "08:00-18:00"; a day ends at 24:00',
      'a.yaml:2:71: bad-calendar: "08:60-09:00" is no range of hours — write it as in "08:00-18:00"; a day ends at 24:00',
      'a.yaml:2:86: bad-calendar: "18:00-08:00" ends before it begins — what is open over midnight is written as two ranges: until 24:00, and from 00:00 of the next day',
      'a.yaml:2:101: bad-calendar: "09:00-09:00" ends before it begins — what is open over midnight is written as two ranges: until 24:00, and from 00:00 of the next day',
    ],
  },
  {
    name: 'hours that overlap',
    yaml: calendar('open: { mon-fri: ["08:00-12:00", "11:00-18:00"], fri-mon: "17:00-20:00" }'),
    want: [
      'a.yaml:2:67: bad-calendar: "11:00-18:00" overlaps "08:00-12:00" on mon — let the ranges of a day follow each other',
      'a.yaml:2:92: bad-calendar: "17:00-20:00" overlaps "11:00-18:00" on mon — let the ranges of a day follow each other',
    ],
  },
  {
    name: 'days that are closed',
    yaml: calendar('open: {}, closed: [2026-12-25, 2026-02-29, 25.12.2026, 2026-12-25, 2026-13-01]'),
    want: [
      'a.yaml:2:65: bad-calendar: "2026-02-29" is no date — write a day that exists as in "2026-12-25"',
      'a.yaml:2:77: bad-calendar: "25.12.2026" is no date — write a day that exists as in "2026-12-25"',
      'a.yaml:2:89: duplicate: the day "2026-12-25" is listed twice — list it once',
      'a.yaml:2:101: bad-calendar: "2026-13-01" is no date — write a day that exists as in "2026-12-25"',
    ],
  },

  // The use of calendars and tables.
  {
    name: 'names that are not known, once in each expression',
    yaml: `${CSV}${calendar('open: {}')}metrics:
  - { name: a, help: A., type: gauge, over: agent, labels: { team: "lookup('agents', agent.id, 'taem')" } }
  - { name: b, help: B., type: gauge, formula: value(a), by: { team: "lookup('agent', team, 'team')" } }
  - { name: c_total, help: C., type: counter, for: agent, on: AppActionEvent, value: "elapsed('ofice', 0, event.time)" }
`,
    table: 'agent_id,team\n',
    want: [
      `a.yaml:5:96: unknown-name: the table has no column 'taem' — did you mean "team"?`,
      `a.yaml:6:78: unknown-name: there is no table 'agent' — did you mean "agents"?`,
      `a.yaml:7:95: unknown-name: there is no calendar 'ofice' — did you mean "office"?`,
    ],
  },
  {
    name: 'what is broken says so once',
    yaml: `${CSV}calendars: { office: { zone: UTC } }
metrics:
  - { name: a, help: A., type: gauge, over: agent, labels: { team: "lookup('agents', agent.id, 'taem')" } }
  - { name: c_total, help: C., type: counter, for: agent, on: AppActionEvent, value: "elapsed('office', 0, event.time)" }
`,
    table: '',
    want: [
      'a.yaml:2:22: missing-key: the calendar "office" has no "open" — add open: it must be a map of days to hours',
      'agents.csv:1:1: bad-table: the table is empty — begin with a line that names the columns, as in agent_id,team',
    ],
  },
];

function tablesOf(text: string | undefined): readonly { file: string; text: string }[] {
  return text === undefined ? [] : [{ file: 'agents.csv', text }];
}

describe('of calendars the compiler tells', () => {
  it.each(CASES)('$name', ({ yaml, table, want }) => {
    const compiled = compileCatalog([{ file: 'a.yaml', text: yaml }], tablesOf(table));
    expect(compiled.ok ? [] : compiled.diagnostics.map(formatDiagnostic)).toEqual(want);
  });

  it('what is defined twice', () => {
    const sources = ['a.yaml', 'b.yaml'].map((file) => ({ file, text: CSV + calendar('open: {}') }));
    const compiled = compileCatalog(sources, tablesOf('a,b\n'));
    expect(compiled.ok ? [] : compiled.diagnostics.map(formatDiagnostic)).toEqual([
      'b.yaml:1:11: duplicate: the table "agents" is also defined at a.yaml:1:11 — define it in one place, or rename one',
      'b.yaml:3:3: duplicate: the calendar "office" is also defined at a.yaml:3:3 — define it in one place, or rename one',
    ]);
  });
});
