import { EVENT_FIELDS, EVENT_TYPES } from '@app/event';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCalendar } from '../calendar/calendar.js';
import type { Scope, Value } from '../catalog.js';
import { Findings } from '../diagnostic.js';
import { compileExpression } from './compile.js';
import { FUNCTIONS } from './functions.js';
import type { KnownData } from './known-data.js';
import { MACROS } from './macros.js';
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
  ...['0', '1', '-2.5', 'minute', 'null', 'true', 'false', "''", "'AWAY'", "'UTC'", '[]', "['AWAY', null]"],
  // Numbers at the edges of what a double is.
  ...['-0.0', '5e-324', '1e308', '-1.7976931348623157e308', '9007199254740993', '8640000000001', '2147483648'],
  // Texts that mean something elsewhere.
  ...["'\\u0000'", "'\\ud800'", "'__proto__'", "'constructor'", "'Infinity'", "'1e999'", `'${'a'.repeat(300)}'`],
];

const OPERATORS = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', '&&', '||', 'in'];

/** A call of each function in each of its forms, with the least and some more arguments: none can be forgotten. */
const CALLS_OF_FUNCTIONS = [...FUNCTIONS.values()].flatMap(({ name, form, least, most }) =>
  [least, Math.min(most, least + 1)].flatMap((count) => {
    const all = Array.from({ length: count }, () => '$');
    const asCall = form === 'method' ? [] : [`${name}(${all.join(', ')})`];
    return form === 'call' ? asCall : [...asCall, `$.${name}(${all.slice(1).join(', ')})`];
  }),
);

const CALLS_OF_MACROS = [...MACROS.keys()].flatMap((name) => [`[$, $].${name}(x, $)`, `$.${name}(x, x == $)`]);

/** Those whose names and patterns must be constant. */
const CALLS_WITH_CONSTANTS = [
  "hour_of($, 'UTC')",
  "weekday_of($, 'Europe/Berlin')",
  "$.matches('^(A|B)+[^x]*$')",
  "lookup('t', $, 'cell')",
  "elapsed('c', $, $)",
  "after('c', $, $)",
];

const FORMS = [
  ...['!$', '-$', '$[$]', '[$, $]', '$ ? $ : $', '$ ? ($ ? $ : $) : $'],
  ...['[$, $].map(x, x + $)', '[$].map(x, [$].exists(y, x == y))', 'has(event.uid)'],
  ...['age(agent.since) > 5', '-1e9 <= age($)', 'age($)'],
];

const CALLS = [...CALLS_OF_FUNCTIONS, ...CALLS_OF_MACROS, ...CALLS_WITH_CONSTANTS, ...FORMS];

/** Expressions of every kind, most of them with types that go together at least somewhere. */
const expression = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(...LEAVES),
    fc
      .tuple(tie('any'), fc.constantFrom(...OPERATORS), tie('any'))
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    fc
      .tuple(fc.constantFrom(...CALLS), fc.array(tie('any'), { minLength: 5, maxLength: 5 }))
      .map(([call, parts]) => filled(call, parts)),
  ),
})).any;

/** A form with an expression in each of its places. */
function filled(form: string, parts: readonly string[]): string {
  let next = 0;
  // The dollar at the end of a pattern is no place.
  return `(${form.replace(/\$(?!')/g, () => parts[next++ % parts.length] ?? 'null')})`;
}

type Typed = Record<'number' | 'time' | 'text' | 'truth', string>;

/** Expressions whose types go together, so that nearly all of them are evaluated. */
const typed = fc.letrec<Typed>((tie) => {
  const of = (forms: readonly string[], ...types: (keyof Typed)[]): fc.Arbitrary<string> =>
    fc
      .tuple(fc.constantFrom(...forms), ...types.map((type) => tie(type)))
      .map(([form, ...parts]) => filled(form, parts));
  const choice = (type: keyof Typed): fc.Arbitrary<string> =>
    fc.tuple(tie('truth'), tie(type), tie(type)).map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`);
  const limits = { maxDepth: 4, depthSize: 'small' } as const;
  return {
    number: fc.oneof(
      limits,
      fc.constantFrom('0', '1', '-0.0', '-2.5', '1e308', '5e-324', 'minute', 'null', 'agent.count', 'event.maxSlots'),
      of(['$ + $', '$ - $', '$ * $', '$ / $', '$ % $', 'max($, $)', 'coalesce($, $)', '-$'], 'number', 'number'),
      of(['$ - $', "elapsed('c', $, $)"], 'time', 'time'),
      of(["hour_of($, 'Europe/Berlin')", "weekday_of($, 'UTC')", 'double($)', 'int($)'], 'time'),
      of(['size($)', 'double($)', 'int($)', '[$].size()'], 'text'),
      of(['[$, $][$]', '[$, $].map(x, x * 2)[$]'], 'number', 'number', 'number'),
      choice('number'),
    ),
    time: fc.oneof(
      limits,
      fc.constantFrom('event.time', 'event.effectiveTtr', 'agent.since'),
      of(['$ + $', '$ - $', "after('c', $, $)"], 'time', 'number'),
      choice('time'),
    ),
    text: fc.oneof(
      limits,
      fc.constantFrom("''", "'AWAY'", "'__proto__'", "'1e999'", 'null', 'agent.name', 'event.uid', 'event.state'),
      of(['$ + $', 'coalesce($, $)'], 'text', 'text'),
      of(["lookup('t', $, 'cell')"], 'text'),
      of(['string($)', "lookup('t', $, 'cell')"], 'number'),
      choice('text'),
    ),
    truth: fc.oneof(
      limits,
      fc.constantFrom('true', 'false', 'null', 'agent.open', 'event.isAssigned', 'age(agent.since) >= 5'),
      of(['$ < $', '$ >= $', '$ == $', '$ in [$, null]'], 'number', 'number'),
      of(['$ == $', '$ != $', '$.startsWith($)', '$.contains($)', '$ < $'], 'text', 'text'),
      of(["$.matches('(A|B)*[A-Z_]+')", '[$].all(x, x != null)', 'bool($)'], 'text'),
      of(['$ && $', '$ || $', '!$', '$ == $'], 'truth', 'truth'),
      choice('truth'),
    ),
  };
});

const wellTyped = fc.oneof(typed.number, typed.time, typed.text, typed.truth);

const anyValue: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double(),
  fc.integer(),
  fc.string({ unit: 'binary', maxLength: 5 }),
  fc.constantFrom('\ud800', '__proto__', 'a'.repeat(9000), -0, 2 ** 53, 8.64e15 + 1, -8.64e15 - 1),
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

/** Compiles an expression and evaluates it; whether it could be compiled. Throws when something is not as it should be. */
function tryOut(text: string, over: Scope): boolean {
  const findings = new Findings();
  const source = { text, positionAt: (offset: number) => ({ file: 'x', line: 1, col: offset + 1 }) };
  const compiled = compileExpression(source, 'label', VOCABULARY, findings);
  expect(compiled === null).toBe(findings.sorted('error').length > 0);
  if (compiled === null) return false;
  const value = compiled.evaluate(over);
  const isScalar = value === undefined || value === null || ['string', 'boolean', 'number'].includes(typeof value);
  expect(isScalar).toBe(true);
  return true;
}

describe('an expression, over any event and state,', () => {
  it('compiles or is reported, and then gives a value or no result', () => {
    let compiledCount = 0;
    const property = fc.property(expression, scope, (text, over) => {
      compiledCount += Number(tryOut(text, over));
    });
    fc.assert(property, { numRuns: 2000 });
    expect(compiledCount).toBeGreaterThan(200);
  });

  it('gives a value or no result when its types go together', () => {
    let compiledCount = 0;
    const property = fc.property(wellTyped, scope, (text, over) => {
      compiledCount += Number(tryOut(text, over));
    });
    fc.assert(property, { numRuns: 1000 });
    expect(compiledCount).toBeGreaterThan(750);
  });
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
