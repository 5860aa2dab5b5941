import { describe, expect, it } from '@jest/globals';
import { createCalendar } from '../calendar/calendar.js';
import type { Scope, Value } from '../catalog.js';
import { Findings, formatDiagnostic } from '../diagnostic.js';
import { type Compiled, compileExpression, type Want } from './compile.js';
import type { KnownData } from './known-data.js';
import { EMPTY_SCOPE } from './term.js';
import { entityVocabulary, stateReadable } from './vocabulary.js';
import { createZones } from './zones.js';

const OFFICE = createCalendar({
  zone: 'Europe/Berlin',
  week: Array.from({ length: 7 }, (_, weekday) => (weekday < 5 ? [{ from: 480, to: 1080 }] : [])),
  closed: new Set(),
});

const DATA: KnownData = {
  tables: new Map([
    [
      'agents',
      {
        columns: ['agent_id', 'team', 'weight'],
        rows: new Map([
          ['a1', ['a1', 'Sales', '1.5']],
          ['a2', ['a2', null, '2']],
          ['7', ['7', 'Billing', null]],
        ]),
      },
    ],
    ['broken', null],
  ]),
  calendars: new Map([
    ['office', OFFICE],
    ['never', createCalendar({ zone: 'UTC', week: [], closed: new Set() })],
    ['broken', null],
  ]),
  complete: true,
};

/** Friday, an hour before the office closes. */
const FRIDAY = Date.parse('2026-03-06T17:00+01:00');

const FIELDS = [
  ['id', 'string', 'a1'],
  ['friday', 'time', FRIDAY],
  ['monday', 'time', Date.parse('2026-03-09T09:00+01:00')],
  ['none', 'time', null],
  ['number', 'number', 7],
  ['open', 'bool', true],
] as const;

const SCOPE: Scope = { ...EMPTY_SCOPE, state: FIELDS.map(([, , value]) => value) };

function compile(text: string, want: Want, data = DATA): { compiled: Compiled | null; errors: readonly string[] } {
  const findings = new Findings();
  const vocabulary = entityVocabulary({
    entity: 'agent',
    fields: new Map(FIELDS.map(([name, type], index) => [name, stateReadable(type, index)])),
    complete: true,
    readsEvent: true,
    allowsAge: false,
    zones: createZones(),
    data,
  });
  const source = { text, positionAt: (offset: number) => ({ file: 'x', line: 1, col: offset + 1 }) };
  const compiled = compileExpression(source, want, vocabulary, findings);
  return { compiled, errors: findings.sorted('error').map(formatDiagnostic) };
}

const NO_RESULT = undefined;

describe('an expression over tables and calendars', () => {
  it.each<[text: string, want: Value | undefined]>([
    ["lookup('agents', agent.id, 'team')", 'Sales'],
    ["lookup('agents', 'a2', 'team')", null],
    ["coalesce(lookup('agents', 'a2', 'team'), 'none')", 'none'],
    ["lookup('agents', 'a9', 'team')", null],
    ["lookup('agents', event.agentId, 'team')", null],
    ["lookup('agents', null, 'team')", null],
    ["lookup('agents', agent.number, 'team')", 'Billing'],
    ["lookup('agents', agent.id, 'agent_id')", 'a1'],
    ["double(lookup('agents', agent.id, 'weight')) * 2", 3],
    ["lookup('agents', agent.id, 'team') == 'Sales'", true],
    ["lookup('agents', lookup('agents', agent.id, 'agent_id'), 'team')", 'Sales'],
    ["lookup('agents', string(1 / (agent.number - 7)), 'team')", NO_RESULT],

    ["elapsed('office', agent.friday, agent.monday)", 7200],
    ["elapsed('office', agent.monday, agent.friday)", -7200],
    ["elapsed('office', agent.friday, agent.friday)", 0],
    ["elapsed('office', agent.friday, agent.none)", null],
    ["elapsed('office', agent.none, agent.monday) > 60", false],
    ["elapsed('office', agent.friday, agent.friday + 90 * day)", (1 + 64 * 10) * 3600],
    ["elapsed('office', agent.friday, agent.friday + 11 * 365 * day)", NO_RESULT],
    ["elapsed('never', agent.friday, agent.monday)", 0],
    ["elapsed('office', agent.friday, agent.friday / 0)", NO_RESULT],

    ["after('office', agent.friday, 2 * hour) == agent.monday", true],
    ["after('office', agent.monday, -2 * hour) == agent.friday", true],
    ["after('office', agent.friday, hour) - agent.friday", 3600],
    ["after('office', agent.friday, 0) == agent.friday", true],
    ["after('office', agent.friday, 0.0015) - agent.friday", 0.002],
    ["after('office', agent.friday, null)", null],
    ["after('office', agent.none, hour)", null],
    ["after('never', agent.friday, 1)", NO_RESULT],
    ["after('office', agent.friday, 1e300)", NO_RESULT],
    ["elapsed('office', agent.friday, after('office', agent.friday, 12345.678))", 12345.678],
  ])('%s', (text, want) => {
    const { compiled, errors } = compile(text, 'label');
    expect(errors).toEqual([]);
    expect(compiled?.evaluate(SCOPE)).toEqual(want);
  });

  it('gives a time in ms where a time is wanted', () => {
    const { compiled } = compile("after('office', agent.friday, 2 * hour)", 'time');
    expect(compiled?.evaluate(SCOPE)).toBe(Date.parse('2026-03-09T09:00+01:00'));
  });

  it('tells what it reads', () => {
    const { compiled } = compile("lookup('agents', agent.id, 'team') + string(elapsed('office', 0, 1))", 'label');
    expect([...(compiled?.reads ?? [])].sort()).toEqual(['agent.id', 'calendar office', 'table agents']);
  });
});

describe('a broken expression over tables and calendars', () => {
  it.each<[text: string, want: string | readonly string[]]>([
    ["lookup('agnts', agent.id, 'team')", `x:1:8: unknown-name: there is no table 'agnts' — did you mean "agents"?`],
    ["lookup('shifts', agent.id, 'team')", "x:1:8: unknown-name: there is no table 'shifts' — define it in tables:"],
    [
      "lookup('agents', agent.id, 'taem')",
      `x:1:28: unknown-name: the table has no column 'taem' — did you mean "team"?`,
    ],
    [
      "lookup('agents', agent.id, 'xyz')",
      "x:1:28: unknown-name: the table has no column 'xyz' — its columns are agent_id, team, weight",
    ],
    [
      'lookup(agent.id, agent.id, agent.id)',
      'x:1:8: not-constant: agent.id is no constant text, and a table is known by its name — name a table in quotes',
    ],
    [
      "lookup('agents', agent.id, agent.id)",
      'x:1:28: not-constant: agent.id is no constant text, and a column is known by its name — name a column in quotes',
    ],
    [
      "lookup('agents', agent.open, 'team')",
      "x:1:18: wrong-arguments: a key is a text or a number, and agent.open is neither — write lookup('table', key, 'column')",
    ],
    [
      "lookup('agents', agent.id)",
      "x:1:1: wrong-arguments: lookup() is not called so — write lookup('table', key, 'column')",
    ],
    [
      "elapsed('offce', agent.friday, agent.monday)",
      `x:1:9: unknown-name: there is no calendar 'offce' — did you mean "office"?`,
    ],
    [
      'after(7, agent.friday, agent.monday)',
      'x:1:7: not-constant: 7 is no constant text, and a calendar is known by its name — name a calendar in quotes',
    ],
    [
      "elapsed('office', agent.id, agent.monday)",
      "x:1:19: wrong-arguments: elapsed() takes a time, and agent.id is none — write elapsed('calendar', from, to)",
    ],
    [
      "elapsed('office', agent.friday, agent.open)",
      "x:1:33: wrong-arguments: elapsed() takes a time, and agent.open is none — write elapsed('calendar', from, to)",
    ],
    [
      "after('office', agent.friday, agent.monday)",
      "x:1:31: wrong-arguments: after() takes a number of seconds, and agent.monday is none — write after('calendar', time, seconds)",
    ],
    // What is broken elsewhere was reported there.
    ["lookup('broken', agent.id, 'team')", []],
    ["elapsed('broken', agent.friday, agent.monday)", []],
    ["lookup('broken', agent.idd, 'team')", 'x:1:24: unknown-name: "idd" is not a field of agent — did you mean "id"?'],
  ])('%s', (text, want) => {
    const { compiled, errors } = compile(text, 'label');
    expect(errors).toEqual([want].flat());
    expect(compiled).toBeNull();
  });

  it('is not blamed for what a file that cannot be read may define', () => {
    const { errors } = compile("lookup('other', agent.id, 'x')", 'label', { ...DATA, complete: false });
    expect(errors).toEqual([]);
  });
});
