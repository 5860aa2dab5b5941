import { describe, expect, it } from '@jest/globals';
import { catalogOf, type Step, tell, type Telling } from '../../../test/support/story.js';

const catalog = catalogOf(`
events:
  conversation:
    Breached: { at: conversation.respondBy }
state:
  conversation:
    respondBy:
      type: time
      set:
        - { on: TTRStatusEvent, to: event.effectiveTtr }
        - { on: ConversationEndEvent, to: null }
    agent:
      type: string
      set:
        - { on: ParticipantAgentAddEvent, to: event.agentId }
metrics:
  - { name: breaches_total, help: h, type: counter, for: conversation, on: Breached, labels: { agent: conversation.agent } }
  - { name: breach_delay_seconds_total, help: h, type: counter, for: conversation, on: Breached, value: event.time - conversation.respondBy }
  - { name: x_total, help: h, type: counter, for: conversation, on: MessageAgentEvent, labels: { agent: conversation.agent } }
`);

const deadline = (at: number, by: number | null, more: object = {}): Step => ({
  at,
  type: 'TTRStatusEvent',
  conversation: 'c',
  effectiveTtr: by === null ? null : by * 1000,
  ...more,
});
const joins = (at: number, agent: string, more: object = {}): Step => ({
  at,
  type: 'ParticipantAgentAddEvent',
  conversation: 'c',
  agent,
  ...more,
});
const writes = (at: number, more: object = {}): Step => ({ at, type: 'MessageAgentEvent', conversation: 'c', ...more });

interface Story {
  name: string;
  steps: Step[];
  telling?: Telling;
  want: string[];
}

const STORIES: Story[] = [
  {
    name: 'a deadline that passes is counted once, by the agent at the deadline',
    steps: [joins(1, 'a1'), deadline(2, 10), joins(11, 'a2'), joins(12, 'a3')],
    want: ['breach_delay_seconds_total 0', 'breaches_total{agent="a1"} 1'],
  },
  {
    name: 'an event at the armed time itself clears it',
    steps: [deadline(2, 10), deadline(10, null), joins(11, 'a')],
    want: [],
  },
  {
    name: 'one a millisecond later does not',
    steps: [deadline(2, 10), deadline(10.001, null), joins(11, 'a')],
    want: ['breach_delay_seconds_total 0', 'breaches_total{agent=""} 1'],
  },
  {
    name: 'it fires once per armed time, however often that is set again',
    steps: [deadline(2, 10), deadline(11, null), deadline(12, 10), deadline(13, 10), joins(14, 'a')],
    want: ['breach_delay_seconds_total 0', 'breaches_total{agent=""} 1'],
  },
  {
    name: 'a moved deadline counts at its new time only',
    steps: [deadline(2, 10), deadline(9, 20), joins(15, 'a1'), joins(21, 'a2')],
    want: ['breach_delay_seconds_total 0', 'breaches_total{agent="a1"} 1'],
  },
  {
    name: 'one that is past already fires directly after the event that set it, before another event of that time',
    steps: [joins(1, 'a1'), deadline(20, 10, { uid: 'a' }), deadline(20, null, { uid: 'b' }), joins(30, 'a2')],
    want: ['breach_delay_seconds_total 10', 'breaches_total{agent="a1"} 1'],
  },
  {
    name: 'with no later event the clock fires it at armed time + lag + hold: a moment earlier it has not',
    steps: [
      joins(1, 'a1', { received: 101 }),
      deadline(2, 10, { received: 102 }),
      writes(50, { conversation: 'other', received: 110.25 }),
      joins(10, 'a2', { received: 110.25 }),
    ],
    telling: { holdMs: 250 },
    want: ['breach_delay_seconds_total 0', 'breaches_total{agent="a2"} 1', 'x_total{agent=""} 1'],
  },
  {
    name: 'a millisecond later it has, for the agent of the armed time; the event then comes after',
    steps: [
      joins(1, 'a1', { received: 101 }),
      deadline(2, 10, { received: 102 }),
      deadline(9, null, { received: 110.251 }),
    ],
    telling: { holdMs: 250 },
    want: ['breach_delay_seconds_total 0', 'breaches_total{agent="a1"} 1'],
  },
  {
    name: 'a conversation that comes whole out of a backlog makes no false breach',
    steps: [
      deadline(0, 600, { received: 3600 }),
      deadline(590, null, { received: 4190 }),
      deadline(700, 1000, { received: 4300 }),
      deadline(999, null, { received: 4599 }),
    ],
    want: [],
  },
  {
    name: 'while ingestion was away, and as long again, the clock fires nothing',
    steps: [
      joins(1, 'a1'),
      deadline(2, 15),
      { outage: [10, 20] },
      deadline(14, null, { received: 29 }),
      joins(100, 'a2'),
    ],
    want: [],
  },
  {
    name: 'after that it does',
    steps: [
      joins(1, 'a1'),
      deadline(2, 15),
      { outage: [10, 20] },
      deadline(14, null, { received: 30.001 }),
      joins(100, 'a2'),
    ],
    want: ['breach_delay_seconds_total 0', 'breaches_total{agent="a1"} 1'],
  },
  {
    name: 'after a short outage for 5 s',
    steps: [deadline(2, 12), { outage: [10, 11] }, deadline(11.5, null, { received: 16 }), joins(100, 'a2')],
    want: [],
  },
  {
    name: 'after a long one for 330 s',
    steps: [deadline(2, 500), { outage: [10, 1010] }, deadline(499, null, { received: 1340.001 }), joins(1400, 'a2')],
    want: ['breach_delay_seconds_total 0', 'breaches_total{agent=""} 1'],
  },
  {
    name: 'and when the next one falls into that time, on to the end of both',
    steps: [
      deadline(2, 15),
      { outage: [10, 20] },
      { outage: [25, 26] },
      deadline(14, null, { received: 31 }),
      joins(100, 'a2'),
    ],
    want: [],
  },
  {
    name: 'what was due before the outage is fired for its time',
    steps: [joins(1, 'a1'), deadline(2, 9), { outage: [10, 20] }, deadline(8, null, { received: 21 }), joins(99, 'a2')],
    want: ['breach_delay_seconds_total 0', 'breaches_total{agent="a1"} 1'],
  },
  {
    name: 'a late event fires no timer, but re-arms them',
    steps: [
      joins(1, 'a1'),
      writes(50),
      deadline(20, 30, { received: 51 }),
      writes(45, { received: 51 }),
      writes(60, { received: 52 }),
    ],
    want: ['breach_delay_seconds_total 0', 'breaches_total{agent="a1"} 1', 'x_total{agent="a1"} 3'],
  },
  {
    name: 'a timer that a late event arms does not fire with another late event',
    steps: [joins(1, 'a1'), writes(50), joins(45, 'a2', { received: 51 }), deadline(20, 30, { received: 51.1 })],
    telling: { holdMs: 250 },
    want: ['breach_delay_seconds_total 0', 'breaches_total{agent="a2"} 1', 'x_total{agent="a1"} 1'],
  },
  {
    name: 'nor directly after the one that arms it for a time already past',
    steps: [joins(1, 'a1'), writes(50), joins(45, 'a2', { received: 51 }), deadline(20, 10, { received: 51.1 })],
    telling: { holdMs: 250 },
    want: ['breach_delay_seconds_total 10', 'breaches_total{agent="a2"} 1', 'x_total{agent="a1"} 1'],
  },
  {
    name: 'a late event does not put off what the clock fires',
    steps: [deadline(2, 200), joins(100, 'a1'), writes(50, { received: 190 }), deadline(200, null, { received: 201 })],
    want: ['breach_delay_seconds_total 0', 'breaches_total{agent="a1"} 1', 'x_total{agent="a1"} 1'],
  },
  {
    name: 'nor does a sender whose clock is ahead bring it forward',
    steps: [deadline(100, 200, { received: 90 }), deadline(200, null, { received: 195 })],
    want: [],
  },
  {
    name: 'timers up to the end of a replay fire, later ones do not',
    steps: [deadline(1, 10), deadline(1, 20, { conversation: 'd' })],
    telling: { until: 10 },
    want: ['breach_delay_seconds_total 0', 'breaches_total{agent=""} 1'],
  },
  {
    name: 'they do not fire either while what is held at the end is released',
    steps: [deadline(1, 10.2), writes(10, { conversation: 'd', received: 10.2 })],
    telling: { holdMs: 250, until: 10 },
    want: ['x_total{agent=""} 1'],
  },
];

describe('timers', () => {
  it.each(STORIES)('$name', async ({ steps, telling, want }) => {
    expect(await tell(catalog, steps, telling)).toEqual(want);
  });
});

describe('a field that a timer sets', () => {
  const marked = catalogOf(`
events: { conversation: { Passed: { at: conversation.by } } }
state:
  conversation:
    by: { type: time, set: [ { on: TTRStatusEvent, to: event.effectiveTtr } ] }
    view: { type: string, set: [ { on: Passed, to: "'passed'" }, { on: AppActionEvent, to: event.viewName } ] }
metrics:
  - { name: open, help: h, type: gauge, over: conversation, labels: { view: conversation.view } }
`);
  const views = (at: number, more: object = {}): Step => ({
    at,
    type: 'AppActionEvent',
    conversation: 'c',
    viewName: 'shown',
    ...more,
  });
  it.each([
    { name: 'keeps it against events of that time', steps: [deadline(20, 20), views(20)], until: 20, want: 'passed' },
    { name: 'gives it up to the next time', steps: [deadline(20, 20), views(20.001)], until: 21, want: 'shown' },
    {
      name: 'gives it up to a later event of the time at which it was armed too late',
      steps: [deadline(20, 10), views(20)],
      until: 21,
      want: 'shown',
    },
    {
      name: 'keeps it against a late event',
      steps: [deadline(2, 10), deadline(20, null), views(9, { received: 21 })],
      until: 21,
      want: 'passed',
    },
  ])('$name', async ({ steps, until, want }) => {
    expect(await tell(marked, steps, { until })).toEqual([`open{view="${want}"} 1`]);
  });
});
