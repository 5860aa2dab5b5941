import { describe, expect, it } from '@jest/globals';
import { readTests } from '@app/language';
import { catalogOf } from '../../../../test/support/story.js';
import { runTest } from './run-test.js';

const catalog = catalogOf(`
events:
  conversation:
    Missed: { at: conversation.respondBy }
    Met: { on: TTRStatusEvent, when: event.effectiveTtr == null && conversation.respondBy != null }
state:
  conversation:
    open:
      type: bool
      default: false
      set:
        - { on: ConversationRequestEvent, to: true }
        - { on: ConversationEndEvent, to: false }
    respondBy: { type: time, set: [{ on: TTRStatusEvent, to: event.effectiveTtr }] }
metrics:
  - { name: missed_total, help: M., type: counter, for: conversation, on: Missed }
  - { name: met_total, help: M., type: counter, for: conversation, on: Met }
  - { name: messages_total, help: M., type: counter, for: conversation, on: MessageAgentEvent, labels: { agent_id: event.agentId } }
  - { name: age_seconds, help: A., type: gauge, over: conversation, when: conversation.open, value: age(conversation.lastEventAt), aggregate: max }
  - { name: length, help: L., type: histogram, for: conversation, on: AppActionEvent, value: event.maxSlots, buckets: [1, 10] }
  - { name: _open, help: O., type: gauge, over: conversation, when: conversation.open }
  - { name: open_thirds, help: T., type: gauge, formula: value(_open) / 3 }
`);

/** The differences that a test finds, as `subject: want / got`. */
async function differences(events: readonly string[], expectations: readonly string[]): Promise<readonly string[]> {
  const text = [
    'tests:',
    '  - name: t',
    '    events:',
    ...events.map((event) => `      - { ${event} }`),
    '    expect:',
    ...expectations.map((expectation) => `      - { ${expectation} }`),
  ].join('\n');
  const { tests, diagnostics } = readTests({ file: 't.test.yaml', text }, catalog);
  expect(diagnostics).toEqual([]);
  const results = await Promise.all(tests.map((test) => runTest(catalog, test)));
  return results.flatMap((result) =>
    result.differences.map(({ subject, want, got }) => `${subject}: ${want} / ${got}`),
  );
}

const REQUEST = 'at: 0s, type: ConversationRequestEvent, conversation: c';
const DEADLINE = 'at: 0s, type: TTRStatusEvent, conversation: c, effectiveTtr: 60s';

describe('a test', () => {
  it.each([
    {
      name: 'fires timers up to the instant, and not beyond',
      events: [DEADLINE],
      expectations: [
        'at: 59.999s, metric: missed_total, samples: []',
        'at: 60s, metric: missed_total, samples: [{ value: 1 }]',
      ],
    },
    {
      name: 'takes what is received at the instant before the timers of the instant',
      events: [DEADLINE, 'at: 60s, type: TTRStatusEvent, conversation: c'],
      expectations: [
        'at: 60s, metric: missed_total, samples: []',
        'at: 60s, metric: met_total, samples: [{ value: 1 }]',
      ],
    },
    {
      name: 'looks without changing what comes after',
      events: [
        'at: 0s, receivedAt: 30s, type: TTRStatusEvent, conversation: c, effectiveTtr: 60s',
        'at: 59s, receivedAt: 80s, type: TTRStatusEvent, conversation: c',
      ],
      expectations: [
        'at: 70s, metric: missed_total, samples: [{ value: 1 }]',
        'at: 80s, metric: missed_total, samples: []',
        'at: 80s, metric: met_total, samples: [{ value: 1 }]',
      ],
    },
    {
      name: 'goes on from one instant to the next, whatever the order in which they are looked at',
      events: [DEADLINE, 'at: 70s, type: TTRStatusEvent, conversation: c, effectiveTtr: 90s'],
      expectations: [
        'at: 95s, metric: missed_total, samples: [{ value: 2 }]',
        'at: 65s, metric: missed_total, samples: [{ value: 1 }]',
        'at: 70s, conversation: c, state: { respondBy: 90s }',
        'at: 50s, metric: missed_total, samples: []',
      ],
    },
    {
      name: 'puts events of one time in order, however they are written',
      events: [
        'at: 5s, type: ConversationEndEvent, conversation: c',
        'at: 5s, type: ConversationRequestEvent, conversation: c',
      ],
      expectations: ['at: 5s, conversation: c, state: { open: false }'],
    },
    {
      name: 'leaves out what is received later',
      events: ['at: 5s, receivedAt: 9s, type: ConversationRequestEvent, conversation: c'],
      expectations: [
        'at: 8s, conversation: c, state: { open: false, lastEventAt: null }',
        'at: 9s, conversation: c, state: { open: true, lastEventAt: 5s }',
      ],
    },
    {
      name: 'counts what has the same uid once',
      events: Array.from({ length: 2 }, () => 'at: 1s, type: MessageAgentEvent, conversation: c, agent: a, uid: u'),
      expectations: ['at: 1s, metric: messages_total, samples: [{ labels: { agent_id: a }, value: 1 }]'],
    },
    {
      name: 'reads ages at the instant',
      events: [REQUEST],
      expectations: ['at: 2m, metric: age_seconds, samples: [{ value: 120 }]'],
    },
    {
      name: 'looks at metrics that are not exported, and at formulas to the sixth digit',
      events: [REQUEST],
      expectations: [
        'at: 1s, metric: _open, samples: [{ value: 1 }]',
        'at: 1s, metric: open_thirds, samples: [{ value: 0.333333 }]',
      ],
    },
    {
      name: 'compares buckets as Prometheus counts them',
      events: [1, 2, 20].map((slots, at) => `at: ${at}, type: AppActionEvent, conversation: c, maxSlots: ${slots}`),
      expectations: ['at: 9s, metric: length, samples: [{ count: 3, sum: 23, buckets: { 1: 1, 10: 2, +Inf: 3 } }]'],
    },
  ])('$name', async ({ events, expectations }) => {
    expect(await differences(events, expectations)).toEqual([]);
  });

  it('fails with each difference', async () => {
    const events = [
      REQUEST,
      'at: 1s, type: MessageAgentEvent, conversation: c, agent: a',
      'at: 2s, type: AppActionEvent, conversation: c, maxSlots: 2.000001',
    ];
    const expectations = [
      'at: 2s, metric: messages_total, samples: [{ labels: { agent_id: b }, value: 1 }]',
      'at: 2s, metric: length, samples: [{ sum: 2, buckets: { 1: 1 } }]',
      'at: 2s, metric: open_thirds, samples: [{ value: 0.3333 }]',
      'at: 2s, metric: age_seconds, samples: []',
      'at: 2s, conversation: c, state: { open: false, respondBy: 1s, lastEventAt: 2s }',
      'at: 2s, agent: a, state: { lastEventAt: null, id: b }',
    ];
    expect(await differences(events, expectations)).toEqual([
      'messages_total{agent_id="b"}: 1 / no such sample',
      'messages_total{agent_id="a"}: no such sample / 1',
      'length: sum 2, le 1 1 / sum 2.000001, le 1 0',
      'open_thirds: 0.3333 / 0.3333333333333333',
      'age_seconds: no such sample / 0',
      'conversation c, open: false / true',
      'conversation c, respondBy: 1s / null',
      'agent a, id: "b" / "a"',
      'agent a, lastEventAt: null / 1s',
    ]);
  });
});
