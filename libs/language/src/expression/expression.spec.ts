import { describe, expect, it } from '@jest/globals';
import type { Scope, Value } from '../catalog.js';
import { Findings, formatDiagnostic } from '../diagnostic.js';
import { compileExpression, type Want } from './compile.js';
import { NO_DATA } from './known-data.js';
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
  data: NO_DATA,
});

function compile(text: string, want: Want): ((scope: Scope) => Value | undefined) | null {
  const findings = new Findings();
  const source = { text, positionAt: (offset: number) => ({ file: 'x', line: 1, col: offset + 1 }) };
  const compiled = compileExpression(source, want, VOCABULARY, findings);
  expect(findings.sorted('error').map(formatDiagnostic)).toEqual([]);
  return compiled?.evaluate ?? null;
}

function evaluate(text: string, want: Want = 'label'): Value | undefined {
  return compile(text, want)?.(SCOPE);
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
    expect(compile(expr, 'label')?.({ ...SCOPE, state })).toBeUndefined();
    expect(compile(expr, 'label')?.({ ...SCOPE, state: [] })).toBeUndefined();
  });
});
