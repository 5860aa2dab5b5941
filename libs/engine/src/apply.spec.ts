import { describe, expect, it } from '@jest/globals';
import { catalogOf, type EventStep, type Step, tell, type Telling } from '../../../test/support/story.js';

const catalog = catalogOf(`
events:
  conversation:
    Answered: { on: MessageAgentEvent, when: conversation.waitingSince != null }
    FirstAnswered: { on: Answered, when: conversation.answers == null }
state:
  conversation:
    waitingSince:
      type: time
      set:
        - { on: MessageConsumerEvent, to: "coalesce(conversation.waitingSince, event.time)" }
        - { on: [Answered, ConversationEndEvent], to: null }
    answers: { type: number, set: [ { on: Answered, add: 1 } ] }
    view:
      type: string
      set:
        - { on: AppActionEvent, to: event.viewName }
    shown:
      since: conversation.view == 'shown'
metrics:
  - { name: answers_total, help: h, type: counter, for: conversation, on: [Answered, FirstAnswered, MessageAgentEvent] }
  - { name: first_total, help: h, type: counter, for: conversation, on: FirstAnswered }
  - { name: waiting, help: h, type: gauge, over: conversation, when: conversation.waitingSince != null }
  - { name: wait_seconds, help: h, type: histogram, for: conversation, on: Answered, value: event.time - conversation.waitingSince, buckets: [5] }
  - { name: given, help: h, type: gauge, over: conversation, when: conversation.answers != null, value: conversation.answers, aggregate: sum, labels: { view: conversation.view } }
  - { name: shown_seconds, help: h, type: gauge, over: conversation, when: conversation.shown != null, value: age(conversation.shown), aggregate: max }
`);

const asks = (at: number, more: object = {}): EventStep => ({
  at,
  type: 'MessageConsumerEvent',
  conversation: 'c',
  ...more,
});
const says = (at: number, more: object = {}): EventStep => ({
  at,
  type: 'MessageAgentEvent',
  conversation: 'c',
  ...more,
});
const views = (at: number, viewName: string, more: object = {}): EventStep => ({
  at,
  type: 'AppActionEvent',
  conversation: 'c',
  viewName,
  ...more,
});

interface Story {
  name: string;
  steps: Step[];
  telling?: Telling;
  want: string[];
}

const ONE_WAIT = (seconds: number): string[] => [
  `wait_seconds_bucket{le="5"} ${seconds <= 5 ? 1 : 0}`,
  'wait_seconds_bucket{le="+Inf"} 1',
  `wait_seconds_sum ${seconds}`,
  'wait_seconds_count 1',
];

const STORIES: Story[] = [
  {
    name: 'metrics see the state before, gauges the state after',
    steps: [asks(1), asks(3), says(9)],
    want: ['answers_total 1', 'first_total 1', 'given{view=""} 1', ...ONE_WAIT(8), 'waiting 0'],
  },
  {
    name: 'one event evaluates a rule once, whatever names it matches',
    steps: [says(1), asks(2), says(3)],
    want: ['answers_total 2', 'first_total 1', 'given{view=""} 1', ...ONE_WAIT(1), 'waiting 0'],
  },
  {
    name: 'a late event counts on the present state and overwrites nothing newer',
    steps: [views(1, 'one'), views(5, 'five'), views(3, 'three', { received: 6 }), asks(7), says(6, { received: 8 })],
    want: ['answers_total 1', 'first_total 1', 'given{view="five"} 1', 'waiting 1'],
  },
  {
    name: 'a late add still adds',
    steps: [asks(1), says(2), views(9, 'v'), asks(3, { received: 9 }), says(4, { received: 10 })],
    want: [
      'answers_total 2',
      'first_total 1',
      'given{view="v"} 2',
      'wait_seconds_bucket{le="5"} 2',
      'wait_seconds_bucket{le="+Inf"} 2',
      'wait_seconds_sum 2',
      'wait_seconds_count 2',
      'waiting 0',
    ],
  },
  {
    name: 'a duplicate changes nothing',
    steps: [
      asks(1, { uid: 'x' }),
      asks(1, { uid: 'x' }),
      says(4, { uid: 'y' }),
      says(4, { uid: 'y' }),
      asks(2, { uid: 'x', received: 9 }),
    ],
    want: ['answers_total 1', 'first_total 1', 'given{view=""} 1', ...ONE_WAIT(3), 'waiting 0'],
  },
  {
    name: 'held events are put in order: ties by type, then uid',
    steps: [
      says(4, { uid: 'b', received: 4.1 }),
      asks(4, { uid: 'c', received: 4.2 }),
      asks(2, { uid: 'd', received: 4.25 }),
    ],
    telling: { holdMs: 250 },
    want: ['answers_total 1', 'first_total 1', 'given{view=""} 1', ...ONE_WAIT(2), 'waiting 0'],
  },
  {
    name: 'one that comes after the hold is late',
    steps: [says(4, { received: 4.1 }), asks(2, { received: 4.351 })],
    telling: { holdMs: 250 },
    want: ['answers_total 1', 'waiting 1'],
  },
  {
    name: 'since: keeps when a condition became true, and age() reads the clock',
    steps: [views(1, 'shown'), views(4, 'shown'), asks(5), views(6, 'hidden'), views(8, 'shown'), asks(9)],
    telling: { until: 20.5 },
    want: ['shown_seconds 12.5', 'waiting 1'],
  },
  {
    name: 'more than 72 h late creates no entity, but counts',
    steps: [says(0, { received: 72 * 3600 + 0.001 })],
    want: ['answers_total 1'],
  },
  {
    name: '72 h late does',
    steps: [asks(0, { received: 72 * 3600 })],
    want: ['waiting 1'],
  },
];

describe('applying events', () => {
  it.each(STORIES)('$name', async ({ steps, telling, want }) => {
    expect(await tell(catalog, steps, telling)).toEqual(want);
  });
});

describe('what has no result', () => {
  const odd = catalogOf(`
state:
  agent:
    weight: { type: number, set: [ { on: AgentSnapshotEvent, to: event.assignedWeight / event.maxSlots } ] }
metrics:
  - { name: load, help: h, type: gauge, over: agent, value: agent.weight, labels: { agent: agent.id } }
  - { name: seen_total, help: h, type: counter, for: agent, on: AgentSnapshotEvent, value: 1 / event.maxSlots }
  - { name: less_total, help: h, type: counter, for: agent, on: AgentSnapshotEvent, value: 2 - event.maxSlots }
`);
  const snapshot = (at: number, maxSlots: number | null): Step => ({
    at,
    type: 'AgentSnapshotEvent',
    agent: 'a',
    assignedWeight: 1,
    maxSlots,
  });
  it.each([
    {
      name: 'a division by zero: the rule does nothing',
      steps: [snapshot(1, 4), snapshot(2, 0)],
      want: ['less_total 2', 'load{agent="a"} 0.25', 'seen_total 0.25'],
    },
    { name: 'null is no value, and ordinary', steps: [snapshot(1, 4), snapshot(2, null)], want: ['seen_total 0.25'] },
    {
      name: 'a negative observation is dropped',
      steps: [snapshot(1, 1), snapshot(2, 3)],
      want: ['less_total 1', 'load{agent="a"} 0.333333', 'seen_total 1.333333'],
    },
  ])('$name', async ({ steps, want }) => {
    expect(await tell(odd, steps)).toEqual(want);
  });
});

describe('forgetting', () => {
  const brief = catalogOf(`
state:
  conversation:
    asks: { type: number, set: [ { on: MessageConsumerEvent, add: 1 } ] }
forget: { conversation: conversation.lastEventAt + 10 }
metrics:
  - { name: asked, help: h, type: gauge, over: conversation, value: conversation.asks, labels: { conversation: conversation.id } }
  - { name: asks_total, help: h, type: counter, for: conversation, on: MessageConsumerEvent }
`);
  it.each([
    {
      name: 'removes gauges, never a counter',
      steps: [asks(1), asks(2, { conversation: 'd' })],
      until: 11,
      want: ['asked{conversation="d"} 1', 'asks_total 2'],
    },
    {
      name: 'what comes later begins anew',
      steps: [asks(1), asks(2), asks(20)],
      until: 20,
      want: ['asked{conversation="c"} 1', 'asks_total 3'],
    },
    {
      name: 'an event at the last moment keeps it',
      steps: [asks(1), asks(11)],
      until: 12,
      want: ['asked{conversation="c"} 2', 'asks_total 2'],
    },
  ])('$name', async ({ steps, until, want }) => {
    expect(await tell(brief, steps, { until })).toEqual(want);
  });

  it('an event more than 72 h late brings nothing back, even when its own time forgets the entity', async () => {
    const hour = 3600;
    const slow = catalogOf(`
forget: { conversation: conversation.lastEventAt + 100 * hour }
metrics:
  - { name: known, help: h, type: gauge, over: conversation }
  - { name: asks_total, help: h, type: counter, for: conversation, on: MessageConsumerEvent }
`);
    const steps = [asks(0), asks(5, { received: 80 * hour }), asks(100 * hour + 10, { received: 179 * hour })];
    expect(await tell(slow, steps)).toEqual(['asks_total 3', 'known 0']);
  });
});
