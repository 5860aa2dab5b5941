import { describe, expect, it } from '@jest/globals';
import { type Catalog, compileCatalog, formatDiagnostic } from '../index.js';
import { readTests } from './read-tests.js';

function catalogOf(text: string): Catalog {
  const compiled = compileCatalog([{ file: 'm.yaml', text }]);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(formatDiagnostic).join('\n'));
  return compiled.catalog;
}

const catalog = catalogOf(
  'metrics:\n  - { name: conversations_total, help: C., type: counter, for: conversation, on: ConversationRequestEvent }\n',
);

const read = (text: string) => readTests({ file: 'a.test.yaml', text }, catalog);

/** A test with this event. */
const withEvent = (event: string): string =>
  `tests:\n  - name: t\n    events:\n      - { ${event} }\n    expect: [{ at: 1, agent: a, state: {} }]\n`;

const TIME = 'it must be a time: seconds, or a text such as 90s, 1m30s or 1h';

/** How a value that YAML read is told. */
function shown(yaml: string): string {
  if (yaml === 'null') return 'empty';
  if (yaml === '""' || yaml === '-1' || yaml === 'true') return yaml;
  return yaml === '1e12' ? '1000000000000' : `"${yaml}"`;
}

describe('a file of tests', () => {
  it.each([
    {
      name: 'nothing',
      yaml: '',
      want: ['1:1: missing-key: a test file has no "tests" — add tests: it must be a list of tests'],
    },
    {
      name: 'a misspelt key',
      yaml: 'tset:\n  - { name: t }\n',
      want: ['1:1: unknown-key: "tset" is not a key of a test file — did you mean "tests"?'],
    },
    {
      name: 'what is no YAML',
      yaml: 'tests: [\n',
      want: [
        '2:1: yaml: Flow sequence in block collection must be sufficiently indented and end with a ] — correct the YAML; an expression may need quotes',
      ],
    },
    {
      name: 'a test without parts',
      yaml: 'tests:\n  - {}\n',
      want: [
        '2:5: missing-key: a test has no "events" — add events: it must be a list of events',
        '2:5: missing-key: a test has no "expect" — add expect: it must be a list of expectations',
        '2:5: missing-key: a test has no "name" — add name: it must be a text',
      ],
    },
    {
      name: 'two tests of one name',
      yaml: 'tests:\n  - { name: t, events: [], expect: [{ at: 0, agent: a, state: {} }] }\n  - { name: t, events: [], expect: [] }\n',
      want: ['3:36: wrong-shape: "expect" is an empty list — it must be a list of expectations'],
    },
    {
      name: 'two tests of one name, otherwise good',
      yaml: `tests:\n${'  - { name: t, events: [], expect: [{ at: 0, agent: a, state: {} }] }\n'.repeat(2)}`,
      want: [
        '3:13: duplicate: another test of this file is named "t", too — give each test a name that says what it shows',
      ],
    },
    {
      name: 'an unknown key of a test',
      yaml: 'tests:\n  - { name: t, event: [], expect: [{ at: 0, agent: a, state: {} }] }\n',
      want: ['2:16: unknown-key: "event" is not a key of a test — did you mean "events"?'],
    },

    // Events.
    {
      name: 'an unknown type',
      yaml: withEvent('at: 0, type: MessageAgent, agent: a'),
      want: ['4:24: wrong-shape: "type" is "MessageAgent" — did you mean "MessageAgentEvent"?'],
    },
    {
      name: 'an own event',
      yaml: withEvent('at: 0, type: Zzz, agent: a'),
      want: [
        '4:24: wrong-shape: "type" is "Zzz" — it must be ConversationRequestEvent, ParticipantAgentAddEvent, AgentStateChangedEvent, AgentSnapshotEvent, MessageConsumerEvent, MessageAgentEvent, TTRStatusEvent, AppActionEvent, ParticipantAgentLeaveEvent or ConversationEndEvent',
      ],
    },
    {
      name: 'an unknown field',
      yaml: withEvent('at: 0, type: MessageAgentEvent, agent: a, isAsigned: true'),
      want: ['4:53: unknown-key: "isAsigned" is not a key of an event — did you mean "isAssigned"?'],
    },
    {
      name: 'an unknown state of an agent',
      yaml: withEvent('at: 0, type: AgentStateChangedEvent, agent: a, state: ONLIN'),
      want: ['4:65: wrong-shape: "state" is "ONLIN" — did you mean "ONLINE"?'],
    },
    {
      name: 'no time',
      yaml: withEvent('type: MessageAgentEvent, agent: a'),
      want: [`4:9: missing-key: an event has no "at" — add at: ${TIME}`],
    },
    ...['soon', '5 s', '1s1m', '-1s', '""', '-1', 'true', 'null', '1e12'].map((time) => ({
      name: `the time ${time}`,
      yaml: withEvent(`at: ${time}, type: MessageAgentEvent, agent: a`),
      want: [`4:15: wrong-shape: "at" is ${shown(time)} — ${TIME}`],
    })),
    {
      name: 'a deadline as it is cleared on the wire',
      yaml: withEvent('at: 0, type: TTRStatusEvent, conversation: c, effectiveTtr: -1'),
      want: [`4:71: wrong-shape: "effectiveTtr" is -1 — ${TIME}; null when it is cleared`],
    },
    {
      name: 'an id that YAML takes for a number',
      yaml: withEvent('at: 0, type: MessageAgentEvent, agent: 7'),
      want: ['4:50: wrong-shape: "agent" is 7 — it must be a text; put a number in quotes'],
    },
    {
      name: 'nobody',
      yaml: withEvent('at: 0, type: MessageAgentEvent'),
      want: [
        '4:9: missing-key: an event belongs to a conversation, an agent or both, and this one to none — add conversation: or agent: with an id',
      ],
    },
    {
      name: 'an id twice',
      yaml: withEvent('at: 0, type: MessageAgentEvent, agent: a, agentId: a'),
      want: ['4:53: conflicting-keys: "agent" is short for "agentId", and both are there — leave out one of them'],
    },
    {
      name: 'received before it happens',
      yaml: withEvent('at: 5, receivedAt: 4s, type: MessageAgentEvent, agent: a'),
      want: [
        '4:30: wrong-shape: this event is received before it happens — leave out receivedAt, or give a later time',
      ],
    },
  ])('$name is told of', ({ yaml, want }) => {
    const { tests, diagnostics } = read(yaml);
    expect(diagnostics.map(formatDiagnostic)).toEqual(want.map((line) => `a.test.yaml:${line}`));
    expect(tests).toEqual([]);
  });
});

describe('an event', () => {
  it.each([
    ['0', 0],
    ['1.5', 1500],
    ['0s', 0],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['1m30s', 90_000],
    ['1h', 3_600_000],
    ['2d', 172_800_000],
    ['250ms', 250],
  ])('has the time %s', (text, want) => {
    expect(read(withEvent(`at: ${text}, type: MessageAgentEvent, agent: a`)).tests[0]?.events[0]?.time).toBe(want);
  });
});
