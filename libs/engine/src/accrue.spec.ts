import { describe, expect, it } from '@jest/globals';
import { catalogOf, type Step, tell, type Telling } from '../../../test/support/story.js';

const catalog = catalogOf(`
state:
  agent:
    state: { type: string, set: [ { on: AgentStateChangedEvent, to: event.state } ] }
    weight: { type: number, set: [ { on: AgentSnapshotEvent, to: event.assignedWeight } ] }
forget: { agent: agent.lastEventAt + 500 }
metrics:
  - { name: state_seconds_total, help: h, type: counter, over: agent, when: agent.state != null, labels: { state: agent.state } }
  - { name: weight_seconds_total, help: h, type: counter, over: agent, when: agent.state == 'ONLINE', value: agent.weight }
`);

const becomes = (at: number, state: 'ONLINE' | 'AWAY', more: object = {}): Step => ({
  at,
  type: 'AgentStateChangedEvent',
  agent: 'a',
  state,
  ...more,
});
const weighs = (at: number, assignedWeight: number, more: object = {}): Step => ({
  at,
  type: 'AgentSnapshotEvent',
  agent: 'a',
  assignedWeight,
  ...more,
});

interface Story {
  name: string;
  steps: Step[];
  telling?: Telling;
  want: string[];
}

const STORIES: Story[] = [
  {
    name: 'time in each state, up to the last event',
    steps: [becomes(0, 'ONLINE'), becomes(10.5, 'AWAY'), becomes(30, 'ONLINE')],
    want: ['state_seconds_total{state="AWAY"} 19.5', 'state_seconds_total{state="ONLINE"} 10.5'],
  },
  {
    name: 'a stretch without events is moved on each minute',
    steps: [becomes(0, 'AWAY')],
    telling: { until: 185 },
    want: ['state_seconds_total{state="AWAY"} 180'],
  },
  {
    name: 'a value accrues per second, exactly however the time is cut',
    steps: [becomes(0, 'ONLINE'), weighs(0.001, 0.333333), becomes(0.003, 'ONLINE'), becomes(90.004, 'AWAY')],
    want: [
      'state_seconds_total{state="AWAY"} 0',
      'state_seconds_total{state="ONLINE"} 90.004',
      'weight_seconds_total 30.000969',
    ],
  },
  {
    name: 'a late event takes nothing back: what it changes counts from now on',
    steps: [becomes(0, 'ONLINE'), weighs(100, 0), becomes(50, 'AWAY', { received: 101 }), weighs(110, 0)],
    want: ['state_seconds_total{state="AWAY"} 10', 'state_seconds_total{state="ONLINE"} 100', 'weight_seconds_total 0'],
  },
  {
    name: 'what would leave the range of a sum adds nothing, and holds up nothing',
    steps: [becomes(0, 'ONLINE'), weighs(0, 1), weighs(5, 9e12), weighs(15, 1), becomes(20, 'AWAY')],
    want: ['state_seconds_total{state="AWAY"} 0', 'state_seconds_total{state="ONLINE"} 20', 'weight_seconds_total 10'],
  },
  {
    name: 'a forgotten agent no longer accrues, and what has accrued stays',
    steps: [becomes(0, 'AWAY')],
    telling: { until: 100_000 },
    want: ['state_seconds_total{state="AWAY"} 500'],
  },
];

describe('counters over state', () => {
  it.each(STORIES)('$name', async ({ steps, telling, want }) => {
    expect(await tell(catalog, steps, telling)).toEqual(want);
  });

  it('accrue for months without events, in one step', async () => {
    const lasting = catalogOf(`
state: { agent: { state: { type: string, set: [ { on: AgentStateChangedEvent, to: event.state } ] } } }
forget: { agent: agent.lastEventAt + 90 * day }
metrics: [ { name: s_total, help: h, type: counter, over: agent, when: agent.state != null } ]
`);
    expect(await tell(lasting, [becomes(0, 'AWAY')], { until: 80 * 86_400 + 59 })).toEqual(['s_total 6912000']);
  });
});
