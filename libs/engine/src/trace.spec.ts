import { NOTHING_CARRIED } from '@app/event';
import { describe, expect, it } from '@jest/globals';
import { catalogOf, type EventStep, eventOf } from '../../../test/support/story.js';
import { MemoryStore } from './memory-store.js';
import { Partition } from './partition.js';
import type { TracedStep } from './trace.js';

const catalog = catalogOf(`
events:
  conversation:
    Answered: { on: MessageAgentEvent, when: conversation.waitingSince != null }
    Missed: { at: conversation.waitingSince + 60 }
state:
  conversation:
    waitingSince:
      type: time
      set:
        - { on: MessageConsumerEvent, to: "coalesce(conversation.waitingSince, event.time)" }
        - { on: Answered, to: null }
metrics:
  - name: wait_seconds
    help: W.
    type: histogram
    for: conversation
    on: Answered
    zero_on: MessageConsumerEvent
    value: event.time - conversation.waitingSince
    buckets: [5]
  - { name: missed_total, help: M., type: counter, for: conversation, on: Missed, value: 1 / (event.time - conversation.waitingSince - 60) }
  - { name: waiting, help: G., type: gauge, over: conversation, when: conversation.waitingSince != null }
`);

async function trace(steps: readonly EventStep[], until: number): Promise<TracedStep[]> {
  const told: TracedStep[] = [];
  const setAside = (): Promise<void> => Promise.reject(new Error('poison'));
  const tell = (step: TracedStep): void => void told.push(step);
  const partition = new Partition({ catalog, store: new MemoryStore(), holdMs: 0, setAside, trace: tell });
  const items = steps.map((step, index) => {
    const event = { ...NOTHING_CARRIED, ...eventOf(step, `u${index}`) };
    return { kind: 'event' as const, event, entities: ['conversation' as const] };
  });
  await partition.process({ id: '1', items });
  await partition.settle(until * 1000);
  return told;
}

const entity = { kind: 'conversation', accountId: 'A', id: 'c' };
const nothing = { ownEvents: [], changes: [], values: [], falseConditions: [], noResults: [] };
const lastEvent = (before: number | null, after: number) => ({ field: 'lastEventAt', before, after });

describe('a trace', () => {
  it('tells what each event brought, changed and added, and which conditions were false', async () => {
    const steps: EventStep[] = [
      { at: 1, type: 'MessageConsumerEvent', conversation: 'c' },
      { at: 9, type: 'MessageAgentEvent', conversation: 'c', agent: 'a' },
      { at: 10, type: 'MessageAgentEvent', conversation: 'c', agent: 'a' },
    ];
    expect(await trace(steps, 10)).toEqual([
      {
        ...nothing,
        entity,
        name: 'MessageConsumerEvent',
        time: 1000,
        outcome: 'applied',
        changes: [lastEvent(null, 1000), { field: 'waitingSince', before: null, after: 1000 }],
        values: [
          { kind: 'zero', metric: 'wait_seconds', labels: ['A'], value: 0 },
          { kind: 'put', metric: 'waiting', labels: ['A'], value: 1 },
        ],
      },
      {
        ...nothing,
        entity,
        name: 'MessageAgentEvent',
        time: 9000,
        outcome: 'applied',
        ownEvents: ['Answered'],
        changes: [lastEvent(1000, 9000), { field: 'waitingSince', before: 1000, after: null }],
        values: [
          { kind: 'observed', metric: 'wait_seconds', labels: ['A'], value: 8 },
          { kind: 'taken', metric: 'waiting', labels: ['A'], value: 1 },
        ],
        falseConditions: ['waiting'],
      },
      {
        ...nothing,
        entity,
        name: 'MessageAgentEvent',
        time: 10_000,
        outcome: 'applied',
        changes: [lastEvent(9000, 10_000)],
        falseConditions: ['conversation.Answered', 'waiting'],
      },
    ]);
  });

  it('tells of timers, of late events and duplicates, and of what has no result', async () => {
    const steps: EventStep[] = [
      { at: 1, type: 'MessageConsumerEvent', conversation: 'c' },
      { at: 0.5, received: 2, type: 'MessageAgentEvent', conversation: 'c', agent: 'a' },
      { at: 1, received: 3, type: 'MessageConsumerEvent', conversation: 'c', uid: 'u0' },
    ];
    const told = await trace(steps, 61);
    expect(told.map(({ name, time, outcome, noResults }) => ({ name, time, outcome, noResults }))).toEqual([
      { name: 'MessageConsumerEvent', time: 1000, outcome: 'applied', noResults: [] },
      { name: 'MessageAgentEvent', time: 500, outcome: 'late', noResults: [] },
      { name: 'MessageConsumerEvent', time: 1000, outcome: 'duplicate', noResults: [] },
      { name: 'Missed', time: 61_000, outcome: 'fired', noResults: ['missed_total'] },
    ]);
  });
});
