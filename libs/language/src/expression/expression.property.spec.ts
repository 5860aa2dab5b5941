import { EVENT_FIELDS, EVENT_TYPES } from '@app/event';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCalendar } from '../calendar/calendar.js';
import type { Scope, Value } from '../catalog.js';
import { Findings } from '../diagnostic.js';
import { compileExpression } from './compile.js';
import type { KnownData } from './known-data.js';
import { EMPTY_SCOPE } from './term.js';
import { entityVocabulary, stateReadable } from './vocabulary.js';
import { createZones } from './zones.js';

const FIELDS = [
  ['since', 'time'],
  ['count', 'number'],
  ['name', 'string'],
  ['open', 'bool'],
] as const;

const DATA: KnownData = {
  tables: new Map([['t', { columns: ['key', 'cell'], rows: new Map([['AWAY', ['AWAY', null]]]) }]]),
  calendars: new Map([
    [
      'c',
      createCalendar({
        zone: 'America/New_York',
        week: Array.from({ length: 7 }, () => [{ from: 60, to: 150 }]),
        closed: new Set([0]),
      }),
    ],
  ]),
  complete: true,
};

const VOCABULARY = entityVocabulary({
  entity: 'agent',
  fields: new Map(FIELDS.map(([name, type], index) => [name, stateReadable(type, index)])),
  complete: true,
  readsEvent: true,
  allowsAge: true,
  zones: createZones(),
  data: DATA,
});

const LEAVES = [
  ...Object.keys(EVENT_FIELDS).map((name) => `event.${name}`),
  ...FIELDS.map(([name]) => `agent.${name}`),
  ...['0', '1', '-2.5', '1e308', 'minute', 'null', 'true', 'false', "''", "'AWAY'", "'UTC'", '[]', "['AWAY', null]"],
];

const OPERATORS = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', '&&', '||', 'in'];

const CALLS = [
  ...['max($, $)', 'min($, $)', 'coalesce($, $)', 'string($)', 'double($)', 'int($)', 'bool($)', 'size($)', '!$', '-$'],
  ...[
    "hour_of($, 'UTC')",
    'weekday_of($, $)',
    '$.startsWith($)',
    '$.contains($)',
    "$.matches('^A+$')",
    '$[$]',
    '[$, $]',
  ],
  ...[
    '$ ? $ : $',
    '[$].all(x, x == $)',
    '[$, $].map(x, x + $)',
    '[$].filter(x, $)',
    'age(agent.since) > 5',
    'has(event.uid)',
    "lookup('t', $, 'cell')",
    "elapsed('c', $, $)",
    "after('c', $, $)",
  ],
];

/** Expressions of every kind, most of them with types that go together at least somewhere. */
const expression = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(...LEAVES),
    fc
      .tuple(tie('any'), fc.constantFrom(...OPERATORS), tie('any'))
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    fc
      .tuple(fc.constantFrom(...CALLS), tie('any'), tie('any'), tie('any'))
      .map(([call, ...parts]) => `(${parts.reduce((text, part) => text.replace('$', () => part), call)})`),
  ),
})).any;

const anyValue: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double(),
  fc.integer(),
  fc.string({ unit: 'binary', maxLength: 5 }),
);

/** A scope whose values need not even have the types that were declared. */
const scope: fc.Arbitrary<Scope> = fc
  .tuple(
    fc.array(anyValue, { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...Object.keys(EVENT_FIELDS)), anyValue),
    fc.nat(),
  )
  .map(([state, event, now]) => ({
    state,
    now,
    event: { ...EMPTY_SCOPE.event, type: EVENT_TYPES[0], ...(event as Partial<Scope['event']>) },
  }));

it('compiles or reports, and what compiles gives a value or no result, over any event and state', () => {
  let compiledCount = 0;
  fc.assert(
    fc.property(expression, scope, (text, over) => {
      const findings = new Findings();
      const source = { text, positionAt: (offset: number) => ({ file: 'x', line: 1, col: offset + 1 }) };
      const compiled = compileExpression(source, 'label', VOCABULARY, findings);
      expect(compiled === null).toBe(findings.sorted('error').length > 0);
      if (compiled === null) return;
      compiledCount += 1;
      const value = compiled.evaluate(over);
      const isScalar = value === undefined || value === null || ['string', 'boolean', 'number'].includes(typeof value);
      expect(isScalar).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(compiledCount).toBeGreaterThan(200);
});

it('reports whatever text it is given', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'()[]{}.,?:!-+*/%<>=&|"\'\\ \n#ax1'), maxLength: 30 }), (text) => {
      const findings = new Findings();
      const source = { text, positionAt: () => ({ file: 'x', line: 1, col: 1 }) };
      const compiled = compileExpression(source, 'label', VOCABULARY, findings);
      expect(compiled === null).toBe(findings.sorted('error').length > 0);
    }),
    { numRuns: 1000 },
  );
});
