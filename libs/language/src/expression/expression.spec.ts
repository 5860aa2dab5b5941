import { describe, expect, it } from '@jest/globals';
import type { Scope, Value } from '../catalog.js';
import { Findings, formatDiagnostic } from '../diagnostic.js';
import { compileExpression, type Want } from './compile.js';
import { EMPTY_SCOPE } from './term.js';
import { entityVocabulary, stateReadable } from './vocabulary.js';
import { createZones } from './zones.js';

const FIELDS = [
  ['waitingSince', 'time', 10_000],
  ['respondBy', 'time', null],
  ['open', 'bool', true],
  ['closed', 'bool', null],
  ['transfers', 'number', 3],
  ['zero', 'number', 0],
  ['nothing', 'number', null],
  ['name', 'string', 'Ada'],
  ['nobody', 'string', null],
] as const;

const SCOPE: Scope = {
  state: FIELDS.map(([, , value]) => value),
  now: 70_000,
  event: {
    ...EMPTY_SCOPE.event,
    type: 'MessageAgentEvent',
    time: 12_345,
    receivedAt: 12_500,
    accountId: 'acc',
    agentId: 'a1',
    state: 'AWAY',
    isAssigned: false,
    assignedWeight: 7.5,
    maxSlots: 10,
  },
};

const VOCABULARY = entityVocabulary({
  entity: 'conversation',
  fields: new Map(FIELDS.map(([name, type], index) => [name, stateReadable(type, index)])),
  complete: true,
  readsEvent: true,
  allowsAge: true,
  zones: createZones(),
});

function compile(
  text: string,
  want: Want,
): { evaluate: ((scope: Scope) => Value | undefined) | null; errors: string[] } {
  const findings = new Findings();
  const source = { text, positionAt: (offset: number) => ({ file: 'x', line: 1, col: offset + 1 }) };
  const compiled = compileExpression(source, want, VOCABULARY, findings);
  return { evaluate: compiled?.evaluate ?? null, errors: findings.sorted('error').map(formatDiagnostic) };
}

function evaluate(text: string, want: Want = 'label'): Value | undefined | string[] {
  const { evaluate: run, errors } = compile(text, want);
  return run === null ? errors : run(SCOPE);
}

const NO_RESULT = undefined;

describe('a value', () => {
  it.each<[expr: string, want: Value | undefined]>([
    // Numbers are doubles.
    ['1 / 3', 1 / 3],
    ['60 == 60.0', true],
    ['7 % 4', 3],
    ['-7 % 4', -3],
    ['2 * 3 - 4 / 8', 5.5],
    ['0x10 + 1e2', 116],
    ['minute + hour + day', 90_060],
    ['3 * day', 259_200],
    ['-(2)', -2],
    ['event.assignedWeight / event.maxSlots', 0.75],
    // Times are seconds to the user, exact to the millisecond.
    ['event.time', 12.345],
    ['event.time - conversation.waitingSince', 2.345],
    ['event.receivedAt - event.time', 0.155],
    ['event.time + 1.5', 13.845],
    ['1 + event.time', 13.345],
    ['event.time - 0.0004', 12.345],
    ['event.time + minute - event.time', 60],
    ['100 - event.time', 87.655],
    ['-event.time', -12.345],
    ['event.time * 2', 24.69],
    ['event.time > 12.3', true],
    ['event.time == 12.345', true],
    ['event.time > conversation.waitingSince', true],
    ['max(event.time, conversation.waitingSince)', 12.345],
    ['max(event.time, 100)', 100],
    ['string(event.time)', '12.345'],
    // Null is ordinary.
    ['null', null],
    ['conversation.nothing + 1', null],
    ['1 - conversation.nothing', null],
    ['conversation.nothing * conversation.nothing', null],
    ['conversation.nothing / 0', null],
    ['-conversation.nothing', null],
    ['null + 1', null],
    ['event.time - conversation.respondBy', null],
    ['conversation.respondBy + minute', null],
    ['conversation.nobody + "x"', null],
    ['conversation.nothing < 1', false],
    ['conversation.nothing >= 0', false],
    ['conversation.respondBy <= event.time', false],
    ['null < null', false],
    ['conversation.nothing == null', true],
    ['conversation.nothing != null', false],
    ['conversation.transfers == null', false],
    ['conversation.transfers != null', true],
    ['conversation.nothing == 1', false],
    ['conversation.nothing != 1', true],
    ['null == null', true],
    ['conversation.nobody == conversation.nobody', true],
    ['coalesce(conversation.nothing, 5)', 5],
    ['coalesce(null, conversation.nothing)', null],
    ['coalesce(conversation.waitingSince, event.time)', 10],
    ['max(conversation.nothing, 2)', 2],
    ['min(conversation.nothing, 2, 1)', 1],
    ['max(conversation.nothing, null)', null],
    ['has(event.agentId)', true],
    ['has(event.conversationId)', false],
    // Where a truth value is expected, null is false.
    ['conversation.closed && true', false],
    ['true && conversation.closed', false],
    ['conversation.closed || true', true],
    ['conversation.closed || conversation.closed', false],
    ['!conversation.closed', true],
    ['!null', true],
    ['conversation.closed ? 1 : 2', 2],
    ['null ? 1 : 2', 2],
    ['event.isAssigned != false', false],
    ['conversation.open ? event.time : null', 12.345],
    ['conversation.open ? null : event.time', null],
    ['conversation.open ? event.time : 0', 12.345],
    // No result: what cannot be computed.
    ['1 / 0', NO_RESULT],
    ['1 / conversation.zero', NO_RESULT],
    ['1 % 0', NO_RESULT],
    ['0 / 0', NO_RESULT],
    ['1e308 * 10', NO_RESULT],
    ['1 / 0 == 1', NO_RESULT],
    ['coalesce(1 / 0, 1)', NO_RESULT],
    ['max(1 / 0, 1)', NO_RESULT],
    ['"n" + string(1 / 0)', NO_RESULT],
    ['1 / 0 > 1 ? 1 : 2', NO_RESULT],
    ['!(1 / 0 > 1)', NO_RESULT],
    ['1 / 0 > 1 || true', NO_RESULT],
    ['1 / 0 > 1 && false', NO_RESULT],
    ['has(event.agentId) && 1 / 0 > 1', NO_RESULT],
    ['double("abc")', NO_RESULT],
    ['double("")', NO_RESULT],
    ['bool("yes")', NO_RESULT],
    ['[1, 2][2]', NO_RESULT],
    ['[1, 2][0.5]', NO_RESULT],
    ['hour_of(event.time, conversation.name)', NO_RESULT],
    // What need not be evaluated is not.
    ['false && 1 / 0 > 1', false],
    ['true || 1 / 0 > 1', true],
    ['true ? 1 : 1 / 0', 1],
    ['coalesce(1, 1 / 0)', 1],
    // Texts.
    ['"a" + \'b\'', 'ab'],
    ['conversation.name < "B"', true],
    ['size("äöü👍")', 4],
    ['"abc".size()', 3],
    ['conversation.name.startsWith("A")', true],
    ['conversation.name.endsWith("a")', true],
    ['conversation.name.contains("x")', false],
    ['conversation.nobody.contains("x")', null],
    ['string(1.5) + string(true) + string("x")', '1.5truex'],
    ['string(conversation.nothing)', null],
    ['double("1.5e1")', 15],
    ['int("-12")', -12],
    ['int(3.9)', 3],
    ['int(-3.9)', -3],
    ['bool("true") && !bool("0")', true],
    ['conversation.name.matches("^A.a$")', true],
    ['matches(conversation.name, "d")', true],
    // Lists and macros.
    ['event.state in ["AWAY", "OFFLINE"]', true],
    ['event.agentName in ["AWAY", null]', true],
    ['event.time in [12.345]', true],
    ['conversation.transfers in []', false],
    ['size([1, 2, 3])', 3],
    ['[1, 2] == [1, 2]', true],
    ['[event.time, conversation.respondBy][1]', null],
    ['["a", "b"][1]', 'b'],
    ['[1, 2, 3].all(x, x > 0)', true],
    ['[1, 2, 3].exists(x, x > 2)', true],
    ['[1, 2, 3].exists_one(x, x > 1)', false],
    ['[1, 2, 3].filter(x, x > 1)[0]', 2],
    ['[1, 2, 3].map(x, x * 2)[2]', 6],
    ['[1, 2, 3].map(x, x > 1, x * 2)[0]', 4],
    ['[1, 2].all(x, [3, 4].all(y, x < y))', true],
    ['[0, 1].exists(x, 1 / x > 0)', NO_RESULT],
    ['[event.time].exists(event, event > 12)', true],
    // Zones.
    ['hour_of(event.time, "UTC")', 0],
    ['hour_of(1700000000, "Europe/Berlin")', 23],
    ['weekday_of(1700000000, "UTC")', 2],
    ['weekday_of(1700000000 + 5 * day, "UTC")', 7],
    ['hour_of(conversation.respondBy, "UTC")', null],
    ['hour_of(1e300, "UTC")', NO_RESULT],
    // Ages: now is 70 s, waiting since 10 s.
    ['age(conversation.waitingSince) >= 60', true],
    ['age(conversation.waitingSince) > minute', false],
    ['age(conversation.waitingSince) <= 60', true],
    ['age(conversation.waitingSince) < 60', false],
    ['60 <= age(conversation.waitingSince)', true],
    ['age(conversation.respondBy) < 60', false],
    ['age(conversation.respondBy) >= -60', false],
    ['!(age(conversation.respondBy) < 60)', true],
    // Comments and lines.
    ['1 +\n 2 // three', 3],
  ])('%s', (expr, want) => {
    expect(evaluate(expr)).toEqual(want);
  });
});

describe('a value for its place', () => {
  it.each<[expr: string, wanted: Want, want: Value | undefined]>([
    ['event.time', 'time', 12_345],
    ['event.time', 'number', 12.345],
    ['event.time', 'label', 12.345],
    ['event.time + 1.5', 'time', 13_845],
    ['12.3456', 'time', 12_346],
    ['coalesce(conversation.respondBy, 5)', 'time', 5000],
    ['conversation.open ? event.time : 0', 'time', 12_345],
    ['null', 'time', null],
    ['conversation.closed', 'condition', false],
    ['null', 'condition', false],
    ['conversation.open', 'condition', true],
    ['conversation.closed', 'bool', null],
    ['1 / 0 > 0', 'condition', undefined],
  ])('%s as %s', (expr, wanted, want) => {
    expect(evaluate(expr, wanted)).toEqual(want);
  });
});

describe('a value of a surprising type', () => {
  it.each<[expr: string]>([
    ['conversation.transfers + 1'],
    ['conversation.transfers == 3'],
    ['has(conversation.transfers)'],
  ])('%s has no result', (expr) => {
    const state = FIELDS.map(([name, , value]) => (name === 'transfers' ? 'three' : value));
    expect(compile(expr, 'label').evaluate?.({ ...SCOPE, state })).toBeUndefined();
    expect(compile(expr, 'label').evaluate?.({ ...SCOPE, state: [] })).toBeUndefined();
  });
});

describe('a broken expression', () => {
  it.each<[expr: string, want: string | string[], wanted?: Want]>([
    ['', 'x:1:1: syntax: the expression is empty — write null for no value'],
    ['1 +', 'x:1:4: syntax: unexpected token: EOF — the expression ends too early: complete it'],
    ['a & b', 'x:1:3: syntax: unexpected character: & — write && for and, || for or'],
    ['event.time = 1', 'x:1:12: syntax: unexpected character: = — equality is written =='],
    ["'a", 'x:1:1: syntax: unterminated string — close the quote'],
    ['if', 'x:1:1: syntax: reserved identifier: if — this word is reserved: use another name'],
    ['{"a": 1}', 'x:1:1: syntax: a map is not part of the language — write conditions with ?: instead'],
    ['1u', 'x:1:1: syntax: 1u is not part of the language — write a plain number or a text'],
    [
      'convId',
      `x:1:1: unknown-name: "convId" is not a name that can stand here — did you mean "event.conversationId"?`,
    ],
    ['XYZ', `x:1:1: unknown-name: "XYZ" is not a name that can stand here — a text is put in quotes: 'XYZ'`],
    ['event', 'x:1:1: wrong-type: event is not a value by itself — name one of its fields, as in event.time'],
    ['event.convId', 'x:1:7: unknown-name: "convId" is not a field of event — did you mean "conversationId"?'],
    [
      'event.tme - conversation.waitingSinc',
      [
        'x:1:7: unknown-name: "tme" is not a field of event — did you mean "time"?',
        'x:1:26: unknown-name: "waitingSinc" is not a field of conversation — did you mean "waitingSince"?',
      ],
    ],
    [
      'agent.state',
      'x:1:1: not-readable-here: a rule of conversation cannot read agent.*: each entity has its own order of events — keep what you need in a field of conversation, set from the event',
    ],
    [
      'event.time.x',
      'x:1:1: syntax: a field of event.time is not part of the language — fields are those of event, conversation and agent',
    ],
    ['coalece(1, 2)', 'x:1:1: unknown-function: there is no function coalece() — did you mean "coalesce"?'],
    [
      'lookup("t", "k", "c")',
      'x:1:1: not-supported-yet: the function lookup() is not supported yet — leave it out for now',
    ],
    ['max(1)', 'x:1:1: wrong-arguments: max() is not called so — write max(a, b)'],
    ['max("a", 1)', 'x:1:5: wrong-arguments: max() compares numbers or times, and "a" is none — write max(a, b)'],
    ['coalesce(1, "a")', 'x:1:13: wrong-arguments: coalesce() wants values of one type — write coalesce(a, b, …)'],
    ['startsWith("a", "b")', "x:1:1: wrong-arguments: startsWith() is not called so — write text.startsWith('part')"],
    [
      '"a".startsWith(1)',
      "x:1:16: wrong-arguments: startsWith() is for texts, and 1 is not — write text.startsWith('part')",
    ],
    [
      'hour_of(event.time, "Europe/Berln")',
      `x:1:21: unknown-zone: there is no time zone "Europe/Berln" — zones are named as in 'Europe/Berlin' or 'UTC'`,
    ],
    ['has(1)', 'x:1:1: wrong-arguments: has() takes one field — write has(event.agentId), or event.agentId != null'],
    [
      '1 + "a"',
      'x:1:1: wrong-type: + does not go with a number (1) and a text ("a") — turn the other side into text with string(…)',
    ],
    [
      '"a" * 2',
      'x:1:1: wrong-type: * does not go with a text ("a") and a number (2) — turn the text into a number with double(…), or compare texts',
    ],
    [
      'event.state == 1',
      'x:1:1: wrong-type: == does not go with a text (event.state) and a number (1) — compare values of one type',
    ],
    [
      'event.isAssigned == "true"',
      'x:1:1: wrong-type: == does not go with a truth value (event.isAssigned) and a text ("true") — compare values of one type',
    ],
    [
      'true < false',
      'x:1:1: wrong-type: < does not go with a truth value (true) and a truth value (false) — use values that go together',
    ],
    [
      'event.state in "AWAY"',
      'x:1:1: wrong-type: in does not go with a text (event.state) and a text ("AWAY") — its right side is a list of such values, as in x in ["a", "b"]',
    ],
    [
      'true ? 1 : "a"',
      'x:1:1: wrong-type: ?: does not go with a number (1) and a text ("a") — both branches must have one type; null goes with every type',
    ],
    [
      'event.maxSlots && event.state',
      [
        'x:1:1: wrong-type: a truth value is wanted, and event.maxSlots is a number — compare it, as in event.maxSlots != null',
        'x:1:19: wrong-type: a truth value is wanted, and event.state is a text — compare it, as in event.state != null',
      ],
    ],
    ['-event.state', 'x:1:2: wrong-type: - wants a number, and event.state is a text — negate a number'],
    ['[1, "a"]', 'x:1:1: wrong-type: the elements of a list must have one type — make a list of each type'],
    ['[1]', 'x:1:1: wrong-type: a text, a number or a truth value is wanted, and [1] is a list — take one element'],
    ['"a"[0]', 'x:1:1: wrong-type: "a"[0] does not take an element of a list by its number — write [a, b][0]'],
    ['[1].all(x)', 'x:1:1: wrong-arguments: all() is not used so — write list.all(x, condition)'],
    [
      '"a".all(x, x)',
      'x:1:1: wrong-arguments: all() goes over a list, and "a" is a text — write list.all(x, condition)',
    ],
    [
      '[1].all(x, [1].all(y, [1].all(z, true)))',
      'x:1:23: too-large: macros are nested more than 2 deep — write the expression without them',
    ],
    [
      '"a".matches("(a")',
      `x:1:13: bad-pattern: the pattern "(a" cannot be used: a ( is not closed — use literals, [sets], ., |, ( ), * + ? {n,m}, ^ $ and \\b \\d \\w \\s`,
    ],
    [
      '"a".matches(event.state)',
      "x:1:13: not-constant: the pattern of matches() must be constant, and event.state is not — write it out: text.matches('^[a-z]+$')",
    ],
    [
      'age(conversation.waitingSince)',
      'x:1:1: age-misplaced: age() can only be the whole value of an over: metric, or be compared with a constant in its when — write value: age(…), or in when: age(…) >= 5 * minute; elsewhere subtract times',
    ],
    [
      'age(conversation.waitingSince) > conversation.transfers',
      'x:1:34: not-constant: age() is compared with conversation.transfers, which is no constant number of seconds — compare it with a constant such as 5 * minute',
    ],
    [
      'age(conversation.open) > 1',
      'x:1:5: wrong-arguments: age() takes a time, and conversation.open is a truth value — give it a time field',
    ],
    ['age() > 1', 'x:1:1: wrong-arguments: age() takes one time — write age(t)'],
    [
      'event.maxSlots',
      'x:1:1: wrong-type: a condition is wanted, and event.maxSlots is a number — compare it, as in event.maxSlots != null',
      'condition',
    ],
    ['event.state', 'x:1:1: wrong-type: a time is wanted, and event.state is a text — give a time, or null', 'time'],
    [
      'event.maxSlots',
      'x:1:1: wrong-type: a text is wanted, and event.maxSlots is a number — turn it into text with string(…)',
      'string',
    ],
    [
      'event.maxSlots',
      'x:1:1: wrong-type: a truth value is wanted, and event.maxSlots is a number — compare it, as in x == y',
      'bool',
    ],
    [
      '1 + '.repeat(600) + '1',
      'x:1:1: too-large: the expression is longer than 2000 characters — move parts of it into own events or fields',
    ],
    [
      '1+'.repeat(300) + '1',
      'x:1:1: too-large: the expression is too large: exceeded maxAstNodes (500) — move parts of it into own events or fields',
    ],
    [
      '('.repeat(40) + '1' + ')'.repeat(40),
      'x:1:33: too-large: the expression is too large: exceeded maxDepth (32) — move parts of it into own events or fields',
    ],
    [
      '!'.repeat(1999) + 'x',
      'x:1:1500: too-large: the expression is too large: exceeded maxAstNodes (500) — move parts of it into own events or fields',
    ],
  ])('%s', (expr, want, wanted = 'label') => {
    expect(compile(expr, wanted).errors).toEqual([want].flat());
  });
});
