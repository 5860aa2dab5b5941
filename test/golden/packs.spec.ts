import { describe, expect, it } from '@jest/globals';
import { shippedCatalog } from '../support/shipped.js';
import { type EventStep, type Step, tell, type Telling } from '../support/story.js';

const catalog = shippedCatalog();

type More = Partial<EventStep>;
const of = (type: EventStep['type']) => (at: number, more: More = {}): Step => ({ at, type, conversation: 'c', ...more });
const request = of('ConversationRequestEvent');
const end = of('ConversationEndEvent');
const asks = of('MessageConsumerEvent');
const ttr = of('TTRStatusEvent');
const deadline = (at: number, by: number): Step => ttr(at, { effectiveTtr: by * 1000 });
const joins = (at: number, agent: string, isAssigned: boolean | null = true): Step =>
  of('ParticipantAgentAddEvent')(at, { agent, isAssigned });
const leaves = (at: number, agent: string): Step => of('ParticipantAgentLeaveEvent')(at, { agent });
const says = (at: number, agent: string, isAssigned: boolean | null = true): Step =>
  of('MessageAgentEvent')(at, { agent, isAssigned });
const snapshot = (at: number, agent: string, weight: number | null, slots: number | null): Step => ({
  at,
  type: 'AgentSnapshotEvent',
  agent,
  agentName: `Agent ${agent}`,
  assignedWeight: weight,
  maxSlots: slots,
  assignedConversations: 3,
});
const state = (at: number, agent: string, is: EventStep['state']): Step => ({
  at,
  type: 'AgentStateChangedEvent',
  agent,
  state: is as never,
});

interface Story {
  name: string;
  steps: Step[];
  telling?: Telling;
  want: Record<string, string[]>;
}

/** The samples of one metric without buckets, written `labels value`; a histogram's as `labels count sum`. */
function samplesOf(lines: readonly string[], metric: string): string[] {
  const plain = lines.filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `));
  const sums = lines.filter((line) => line.startsWith(`${metric}_sum`));
  const counts = lines.filter((line) => line.startsWith(`${metric}_count`));
  const value = (line: string | undefined): string => line?.slice(line.lastIndexOf(' ') + 1) ?? '';
  const labels = (line: string): string => /\{(.*)\}/.exec(line)?.[1] ?? '';
  return [
    ...plain.map((line) => `${labels(line)} ${value(line)}`.trim()),
    ...sums.map((line, index) => `${labels(line)} ${value(counts[index])} ${value(line)}`.trim()),
  ];
}

const RESPONSE_TIME: Story[] = [
  {
    name: 'an ordinary conversation: the run of consumer messages is timed from its first',
    steps: [request(0), asks(1), asks(5), joins(10, 'a1'), says(30, 'a1'), says(31, 'a1'), asks(40), says(45, 'a1')],
    want: {
      consumer_wait_seconds: ['agent_id="a1" 2 34'],
      agent_response_time_seconds: ['agent_id="a1" 2 25'],
      first_response_time_seconds: ['agent_id="a1" 1 29'],
      conversations_awaiting_response: [],
    },
  },
  {
    name: 'a transfer: the new agent is measured from the assignment',
    steps: [request(0), joins(0, 'a1'), asks(10), leaves(20, 'a1'), joins(25, 'a2'), says(40, 'a2')],
    want: {
      consumer_wait_seconds: ['agent_id="a1" 0 0', 'agent_id="a2" 1 30'],
      agent_response_time_seconds: ['agent_id="a1" 0 0', 'agent_id="a2" 1 15'],
    },
  },
  {
    name: 'a participant who is not assigned answers nothing',
    steps: [request(0), joins(0, 'a1'), asks(10), joins(11, 'm', false), says(12, 'm', false), says(15, 'a1', null)],
    want: { consumer_wait_seconds: ['agent_id="a1" 1 5', 'agent_id="m" 0 0'] },
  },
  {
    name: 'a message of the assigned agent counts as the assignment when nobody was',
    steps: [asks(10), says(15, 'a1'), asks(20), says(23, 'a1')],
    want: { agent_response_time_seconds: ['agent_id="a1" 2 8'] },
  },
  {
    name: 'a resumed conversation has a first response of its own',
    steps: [request(0), asks(1), says(3, 'a1'), leaves(4, 'a1'), end(4), request(100), asks(110), says(150, 'a2')],
    want: { first_response_time_seconds: ['agent_id="a1" 1 2', 'agent_id="a2" 1 40'] },
  },
  {
    name: 'a late message from before the wait is no answer, and no first response',
    steps: [request(0), asks(10), of('MessageAgentEvent')(8, { agent: 'a1', received: 11 }), says(15, 'a1')],
    want: {
      consumer_wait_seconds: ['agent_id="a1" 1 5'],
      first_response_time_seconds: ['agent_id="a1" 1 5'],
    },
  },
  {
    name: 'who waits is counted by the assigned agent, and the longest wait is the oldest',
    steps: [
      request(0),
      asks(5),
      asks(2, { conversation: 'd' }),
      joins(6, 'a1'),
      asks(7, { conversation: 'ended' }),
      end(8, { conversation: 'ended' }),
    ],
    telling: { until: 100 },
    want: {
      conversations_awaiting_response: ['agent_id="" 1', 'agent_id="a1" 1'],
      longest_awaiting_response_seconds: ['98'],
    },
  },
];

const TTR: Story[] = [
  {
    name: 'cleared in time',
    steps: [request(0), joins(1, 'a1'), deadline(2, 60), ttr(60), end(70)],
    want: {
      ttr_breaches_total: ['agent_id="a1" 0'],
      ttr_deadlines_met_total: ['agent_id="a1" 1'],
      ttr_overrun_seconds: [],
    },
  },
  {
    name: 'missed, and cleared later by another agent',
    steps: [request(0), joins(1, 'a1'), deadline(2, 60), leaves(70, 'a1'), joins(80, 'a2'), ttr(90.5)],
    want: {
      ttr_breaches_total: ['agent_id="a1" 1', 'agent_id="a2" 0'],
      ttr_deadlines_met_total: ['agent_id="a1" 0', 'agent_id="a2" 0'],
      ttr_overrun_seconds: ['agent_id="a2" 1 30.5'],
    },
  },
  {
    name: 'a deadline that is replaced is neither met nor missed',
    steps: [request(0), deadline(2, 60), deadline(50, 120), end(110)],
    want: { ttr_breaches_total: ['agent_id="" 0'], ttr_deadlines_met_total: ['agent_id="" 1'] },
  },
  {
    name: 'nobody was assigned at the deadline',
    steps: [request(0), deadline(2, 60), joins(61, 'a1'), end(62)],
    want: { ttr_breaches_total: ['agent_id="" 1'], ttr_overrun_seconds: ['agent_id="a1" 1 2'] },
  },
  {
    name: 'a late clearing from before the deadline clears nothing',
    steps: [request(0), deadline(10, 60), ttr(5, { received: 12 }), end(50)],
    want: { ttr_deadlines_met_total: ['agent_id="" 1'] },
  },
  {
    name: 'due soon',
    steps: [request(0), joins(0, 'a1'), deadline(0, 1000)],
    telling: { until: 700 },
    want: { conversations_due_soon: ['agent_id="a1" 1'], conversations_overdue: [] },
  },
  {
    name: 'not due soon yet',
    steps: [request(0), joins(0, 'a1'), deadline(0, 1000)],
    telling: { until: 699.999 },
    want: { conversations_due_soon: [], conversations_overdue: [] },
  },
  {
    name: 'overdue from the deadline on',
    steps: [request(0), joins(0, 'a1'), deadline(0, 1000)],
    telling: { until: 1000 },
    want: {
      conversations_due_soon: [],
      conversations_overdue: ['agent_id="a1" 1'],
      ttr_breaches_total: ['agent_id="a1" 1'],
    },
  },
  {
    name: 'no longer overdue when cleared, moved or ended',
    steps: [
      request(0),
      deadline(0, 10),
      ttr(20),
      request(0, { conversation: 'd' }),
      ttr(0, { conversation: 'd', effectiveTtr: 10_000 }),
      ttr(20, { conversation: 'd', effectiveTtr: 900_000 }),
      request(0, { conversation: 'e' }),
      ttr(0, { conversation: 'e', effectiveTtr: 10_000 }),
      end(20, { conversation: 'e' }),
    ],
    want: { conversations_overdue: [], ttr_breaches_total: ['agent_id="" 3'] },
  },
];

const AGENT_LOAD: Story[] = [
  {
    name: 'load of agents and of the account',
    steps: [
      state(0, 'a1', 'ONLINE'),
      snapshot(1, 'a1', 3, 4),
      snapshot(1, 'a2', 6, 5),
      snapshot(1, 'a3', 1, 0),
      snapshot(1, 'a4', null, 4),
      state(2, 'a2', 'ONLINE'),
      state(2, 'a4', 'AWAY'),
    ],
    want: {
      agent_load_ratio: ['agent_id="a1" 0.75', 'agent_id="a2" 1.2'],
      agent_assigned_weight: ['agent_id="a1" 3', 'agent_id="a2" 6', 'agent_id="a3" 1'],
      agent_max_slots: ['agent_id="a1" 4', 'agent_id="a2" 5', 'agent_id="a3" 0', 'agent_id="a4" 4'],
      agents_present: ['4'],
      agents_overloaded: ['1'],
      account_load_ratio: ['1'],
      account_available_slots: ['1'],
      agent_info: ['a1', 'a2', 'a3', 'a4'].map((id) => `agent_id="${id}",agent_name="Agent ${id}" 1`),
    },
  },
  {
    name: 'a null in the newest snapshot is no value, not the older one',
    steps: [snapshot(1, 'a1', 3, 4), snapshot(31, 'a1', null, 4)],
    want: { agent_load_ratio: [], agent_assigned_weight: [], agent_max_slots: ['agent_id="a1" 4'], agents_present: ['1'] },
  },
  {
    name: 'gone 90 s after the last snapshot',
    steps: [snapshot(1, 'a1', 3, 4), snapshot(31, 'a1', 4, 4)],
    telling: { until: 121 },
    want: { agent_load_ratio: [], agents_present: ['0'], agents_overloaded: ['0'], account_load_ratio: [] },
  },
  {
    name: 'still there a millisecond before',
    steps: [snapshot(1, 'a1', 3, 4), snapshot(31, 'a1', 4, 4)],
    telling: { until: 120.999 },
    want: { agent_load_ratio: ['agent_id="a1" 1'], agents_present: ['1'] },
  },
];

describe.each([
  ['response-time', RESPONSE_TIME],
  ['ttr', TTR],
  ['agent-load', AGENT_LOAD],
])('pack %s', (_pack, stories) => {
  it.each(stories)('$name', async ({ steps, telling, want }) => {
    const lines = await tell(catalog, steps, telling);
    const got = Object.fromEntries(Object.keys(want).map((metric) => [metric, samplesOf(lines, metric)]));
    expect(got).toEqual(want);
  });
});
