import { describe, expect, it } from '@jest/globals';
import { Findings, formatDiagnostic } from '../diagnostic.js';
import { compileExpression, type Want } from './compile.js';
import { NO_DATA } from './known-data.js';
import { entityVocabulary, stateReadable } from './vocabulary.js';
import { createZones } from './zones.js';

const VOCABULARY = entityVocabulary({
  entity: 'conversation',
  fields: new Map([
    ['waitingSince', stateReadable('time', 0)],
    ['open', stateReadable('bool', 1)],
    ['transfers', stateReadable('number', 2)],
  ]),
  complete: true,
  readsEvent: true,
  allowsAge: true,
  zones: createZones(),
  data: NO_DATA,
});

function errorsOf(text: string, want: Want): readonly string[] {
  const findings = new Findings();
  const source = { text, positionAt: (offset: number) => ({ file: 'x', line: 1, col: offset + 1 }) };
  compileExpression(source, want, VOCABULARY, findings);
  return findings.sorted('error').map(formatDiagnostic);
}

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
    ['lookup("t", "k", "c")', 'x:1:8: unknown-name: there is no table "t" — define it in tables:'],
    [
      'rate(1)',
      'x:1:1: unknown-function: rate() reads a metric, and only a formula can — make a metric with formula: of it',
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
    expect(errorsOf(expr, wanted)).toEqual([want].flat());
  });
});
