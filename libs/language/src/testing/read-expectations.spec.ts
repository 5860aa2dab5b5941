import { describe, expect, it } from '@jest/globals';
import { type Catalog, compileCatalog, formatDiagnostic } from '../index.js';
import { readTests } from './read-tests.js';

const CATALOG = `
state:
  conversation:
    open: { type: bool, set: [{ on: ConversationRequestEvent, to: true }] }
    waitingSince: { type: time, set: [{ on: MessageConsumerEvent, to: event.time }] }
    writer: { type: string, set: [{ on: MessageAgentEvent, to: event.agentId }] }
    written: { type: number, set: [{ on: MessageAgentEvent, add: 1 }] }
metrics:
  - { name: messages_total, help: M., type: counter, for: conversation, on: MessageAgentEvent, labels: { agent_id: event.agentId } }
  - name: wait_seconds
    help: W.
    type: histogram
    for: conversation
    on: MessageAgentEvent
    value: event.time - conversation.waitingSince
    buckets: [5, 15]
  - { name: conversations_open, help: O., type: gauge, over: conversation, when: conversation.open }
`;

function catalogOf(text: string): Catalog {
  const compiled = compileCatalog([{ file: 'm.yaml', text }]);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(formatDiagnostic).join('\n'));
  return compiled.catalog;
}

const catalog = catalogOf(CATALOG);

const read = (text: string) => readTests({ file: 'a.test.yaml', text }, catalog);

/** A test with this expectation. */
const withExpectation = (expectation: string): string =>
  `tests:\n  - name: t\n    events:\n      - { at: 0, type: ConversationRequestEvent, conversation: c }\n    expect:\n      - { ${expectation} }\n`;

describe('an expectation', () => {
  it.each([
    {
      name: 'an expectation of nothing',
      yaml: withExpectation('at: 0'),
      want: [
        '6:9: missing-key: an expectation is about a metric, a conversation or an agent, and this one about none — add metric: with a name, or conversation: or agent: with an id',
      ],
    },
    {
      name: 'an expectation of two things',
      yaml: withExpectation('at: 0, metric: conversations_open, agent: a, samples: []'),
      want: [
        '6:46: conflicting-keys: an expectation is about one thing, and this one has "metric" and "agent" — write two expectations',
      ],
    },
    {
      name: 'a metric with a state',
      yaml: withExpectation('at: 0, metric: conversations_open, state: {}'),
      want: ['6:46: conflicting-keys: "state" does not go with "metric" — leave it out and use samples'],
    },
    {
      name: 'an agent with samples',
      yaml: withExpectation('at: 0, agent: a, samples: []'),
      want: ['6:28: conflicting-keys: "samples" does not go with "agent" — leave it out and use state'],
    },
    {
      name: 'a metric without samples',
      yaml: withExpectation('at: 0, metric: conversations_open'),
      want: ['6:9: missing-key: an expectation of a metric has no "samples" — add samples:, [] when it is absent'],
    },
    {
      name: 'a conversation without state',
      yaml: withExpectation('at: 0, conversation: c'),
      want: ['6:9: missing-key: an expectation of a conversation has no "state" — add state: with fields and values'],
    },
    {
      name: 'an unknown metric',
      yaml: withExpectation('at: 0, metric: conversation_open, samples: []'),
      want: ['6:26: unknown-name: there is no metric "conversation_open" — did you mean "conversations_open"?'],
    },
    {
      name: 'an unknown field of the state',
      yaml: withExpectation('at: 0, conversation: c, state: { waiting: null }'),
      want: ['6:44: unknown-name: "waiting" is not a field of conversation — did you mean "waitingSince"?'],
    },
    {
      name: 'a state that is no value',
      yaml: withExpectation('at: 0, conversation: c, state: { open: [] }'),
      want: ['6:50: wrong-shape: "open" is an empty list — it must be a text, a number, true, false or null'],
    },
    {
      name: 'values of other types',
      yaml: withExpectation('at: 0, conversation: c, state: { open: 1, waitingSince: soon, writer: 7, written: "7" }'),
      want: [
        '6:50: wrong-type: the field "open" is a truth value, and 1 is none — write a truth value, or null',
        '6:67: wrong-type: the field "waitingSince" is a time, and "soon" is none — write seconds, a text such as 90s, or null',
        '6:81: wrong-type: the field "writer" is a text, and 7 is none — write a text, or null',
        '6:93: wrong-type: the field "written" is a number, and "7" is none — write a number, or null',
      ],
    },

    // Samples.
    {
      name: 'an unknown label',
      yaml: withExpectation('at: 0, metric: messages_total, samples: [{ labels: { agent: a }, value: 1 }]'),
      want: ['6:64: unknown-label: "agent" is not a label of messages_total — did you mean "agent_id"?'],
    },
    {
      name: 'a label of a metric without any',
      yaml: withExpectation('at: 0, metric: conversations_open, samples: [{ labels: { agent: a }, value: 1 }]'),
      want: ['6:68: unknown-label: "agent" is not a label of conversations_open — it has none'],
    },
    {
      name: 'the label of the account',
      yaml: withExpectation('at: 0, metric: messages_total, samples: [{ labels: { account_id: a }, value: 1 }]'),
      want: [
        '6:64: unknown-label: "account_id" is not a label of messages_total — leave it out: a test has one account',
      ],
    },
    {
      name: 'a label that YAML takes for a number',
      yaml: withExpectation('at: 0, metric: messages_total, samples: [{ labels: { agent_id: 7 }, value: 1 }]'),
      want: ['6:74: wrong-shape: "agent_id" is 7 — it must be a text; put a number in quotes'],
    },
    {
      name: 'a counter with a sum',
      yaml: withExpectation('at: 0, metric: messages_total, samples: [{ sum: 1 }]'),
      want: ['6:54: conflicting-keys: messages_total is a counter, whose samples have no "sum" — use value'],
    },
    {
      name: 'a histogram with a value',
      yaml: withExpectation('at: 0, metric: wait_seconds, samples: [{ value: 1 }]'),
      want: ['6:52: conflicting-keys: wait_seconds is a histogram, whose samples have no "value" — use count and sum'],
    },
    {
      name: 'samples without a number',
      yaml: withExpectation('at: 0, metric: messages_total, samples: [{}]'),
      want: ['6:52: missing-key: a sample has no "value" — add value: with the number that it is to be'],
    },
    {
      name: 'a histogram without a number',
      yaml: withExpectation('at: 0, metric: wait_seconds, samples: [{}]'),
      want: ['6:50: missing-key: a sample of a histogram has no "count" or "sum" — add count: and sum:'],
    },
    {
      name: 'an unknown bound',
      yaml: withExpectation('at: 0, metric: wait_seconds, samples: [{ buckets: { 5: 1, 10: 1, +Inf: 1 } }]'),
      want: ['6:69: unknown-name: 10 is not a bucket bound of wait_seconds — its bounds are 5, 15 and +Inf'],
    },
    {
      name: 'one sample twice',
      yaml: withExpectation('at: 0, metric: conversations_open, samples: [{ value: 1 }, { value: 2 }]'),
      want: ['6:70: duplicate: a sample with the same labels stands above — leave out one of them'],
    },
  ])('$name is told of', ({ yaml, want }) => {
    const { tests, diagnostics } = read(yaml);
    expect(diagnostics.map(formatDiagnostic)).toEqual(want.map((line) => `a.test.yaml:${line}`));
    expect(tests).toEqual([]);
  });
});

describe('a good test', () => {
  it('is read with its places', () => {
    const { tests, diagnostics } = read(
      [
        'tests:',
        '  - name: the whole',
        '    events:',
        '      - { at: 1s, type: TTRStatusEvent, conversation: c, effectiveTtr: 1m }',
        '      - { at: 2s, receivedAt: 5s, type: AgentSnapshotEvent, agentId: a, uid: u, maxSlots: 4 }',
        '    expect:',
        '      - at: 10s',
        '        metric: wait_seconds',
        '        samples: [{ count: 1, sum: 8, buckets: { 15: 1, +Inf: 1 } }]',
        '      - { at: 10s, conversation: c, state: { waitingSince: 9s, open: null } }',
        '',
      ].join('\n'),
    );
    expect(diagnostics).toEqual([]);
    expect(tests).toEqual([
      {
        name: 'the whole',
        position: { file: 'a.test.yaml', line: 2, col: 11 },
        events: [
          expect.objectContaining({
            type: 'TTRStatusEvent',
            time: 1000,
            receivedAt: 1000,
            accountId: 'test',
            uid: 'event-000001',
            conversationId: 'c',
            agentId: null,
            effectiveTtr: 60_000,
          }),
          expect.objectContaining({ time: 2000, receivedAt: 5000, uid: 'u', agentId: 'a', maxSlots: 4 }),
        ],
        expectations: [
          {
            kind: 'samples',
            position: { file: 'a.test.yaml', line: 7, col: 9 },
            at: 10_000,
            metric: 'wait_seconds',
            samples: [
              {
                labels: [],
                value: null,
                count: 1,
                sum: 8,
                buckets: new Map([
                  [1, 1],
                  [2, 1],
                ]),
              },
            ],
          },
          {
            kind: 'state',
            position: { file: 'a.test.yaml', line: 10, col: 9 },
            at: 10_000,
            entity: 'conversation',
            id: 'c',
            fields: new Map<string, unknown>([
              ['waitingSince', 9000],
              ['open', null],
            ]),
          },
        ],
      },
    ]);
  });
});
