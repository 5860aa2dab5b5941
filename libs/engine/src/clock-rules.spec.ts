import { describe, expect, it } from '@jest/globals';
import { catalogOf, type Step, tell, type Telling } from '../../../test/support/story.js';

const catalog = catalogOf(`
events: { conversation: { Breached: { at: conversation.respondBy } } }
state:
  conversation:
    respondBy: { type: time, set: [ { on: TTRStatusEvent, to: event.effectiveTtr } ] }
    agent: { type: string, set: [ { on: ParticipantAgentAddEvent, to: event.agentId } ] }
metrics:
  - { name: breaches_total, help: h, type: counter, for: conversation, on: Breached, labels: { agent: conversation.agent } }
`);

const deadline = (at: number, by: number | null, received = at, more: object = {}): Step => ({
  at,
  type: 'TTRStatusEvent',
  conversation: 'c',
  effectiveTtr: by === null ? null : by * 1000,
  received,
  ...more,
});
const joins = (at: number, agent: string, received = at): Step => ({
  at,
  type: 'ParticipantAgentAddEvent',
  conversation: 'c',
  agent,
  received,
});
/** Something else in the partition, which moves its clock. */
const elsewhere = (received: number): Step => ({
  at: received,
  type: 'MessageConsumerEvent',
  conversation: 'other',
  received,
});

const HOLD: Telling = { holdMs: 250, partitions: 1 };
const NONE: string[] = [];
const by = (agent: string): string[] => [`breaches_total{agent="${agent}"} 1`];

/** Each rule about clock, lag and outages, and what happens to the numbers of this story when it is taken out. */
const RULES: { rule: string; without: string; steps: Step[]; want: string[]; telling?: Telling }[] = [
  {
    rule: 'the clock fires a timer only after the hold',
    without: 'a clearing event that was overtaken within the hold comes too late: a false breach',
    steps: [deadline(2, 10), elsewhere(10.2), deadline(9.9, null, 10.25), elsewhere(11)],
    want: NONE,
  },
  {
    rule: 'before the clock fires a timer, what is held at or before its time is released',
    without: 'the clearing event is there, but held: a false breach',
    steps: [deadline(2, 10), deadline(9.9, null, 10.2), elsewhere(10.3), elsewhere(11)],
    want: NONE,
  },
  {
    rule: 'the clock fires a timer at its time + lag + hold',
    without: 'a conversation out of a backlog is called overdue before its own answer was read: a false breach',
    steps: [deadline(0, 60, 3600), elsewhere(3658), deadline(59, null, 3659), elsewhere(3700)],
    want: NONE,
  },
  {
    rule: 'the lag is that of the last event in order, not of a late one',
    without: 'a straggler of an hour ago puts off the breach, and a later event takes the blame',
    steps: [deadline(2, 10), joins(3, 'a1'), joins(1, 'a0', 3601), elsewhere(3602)],
    want: by('a1'),
  },
  {
    rule: 'what is due before an event is received is done before it',
    without: 'an event that came after the deadline clears it: a lost breach',
    steps: [deadline(2, 10), deadline(9, null, 10.3)],
    want: by(''),
  },
  {
    rule: 'an event of the very instant at which a timer is due comes first',
    without: 'the order of two things of one millisecond depends on the batch: a false breach',
    steps: [deadline(2, 10), deadline(9, null, 10.25), elsewhere(11)],
    want: NONE,
  },
  {
    rule: 'while no ingestion was ready, and as long again, the clock fires nothing',
    without: 'what the sender could not deliver counts as missed: a false breach',
    steps: [deadline(2, 15), { outage: [10, 20] }, elsewhere(21), deadline(14, null, 29), elsewhere(40)],
    want: NONE,
  },
  {
    rule: 'the quiet time ends',
    without: 'a deadline that was missed in an outage is never counted: a lost breach',
    steps: [deadline(2, 15), { outage: [10, 20] }, elsewhere(31), deadline(14, null, 31)],
    want: by(''),
  },
  {
    rule: 'an event after the deadline proves it missed, in the quiet time, too',
    without: 'the breach is counted for whoever is assigned when the quiet time ends',
    steps: [joins(1, 'a1'), deadline(2, 15), { outage: [10, 20] }, joins(16, 'a2', 22), elsewhere(60)],
    want: by('a1'),
  },
  {
    rule: 'a deadline fires once per armed time, across a quiet time as well',
    without: 'it fires by the event and again by the clock: a doubled breach',
    steps: [
      joins(1, 'a1'),
      deadline(2, 15),
      { outage: [10, 20] },
      deadline(16, null, 22, { uid: 'x' }),
      deadline(17, 15, 23, { uid: 'y' }),
      elsewhere(60),
    ],
    want: by('a1'),
  },
  {
    rule: 'a breach counts for its own time, whenever the backlog is read',
    without: 'it counts for whoever is assigned when it is noticed',
    steps: [joins(1, 'a1', 7200), deadline(2, 10, 7200.1), joins(11, 'a2', 7200.2), elsewhere(9000)],
    want: by('a1'),
  },
];

describe('the rules of the clock', () => {
  it.each(RULES)('$rule (else $without)', async ({ steps, want, telling }) => {
    const lines = await tell(catalog, steps, { ...HOLD, until: 0, ...telling });
    expect(lines.filter((line) => line.startsWith('breaches_total'))).toEqual(want);
  });
});
