import { describe, expect, it } from '@jest/globals';
import { catalogOf, eventOf, type EventStep } from '../../../test/support/story.js';
import type { Item } from './item.js';
import { MemoryStore } from './memory-store.js';
import { Partition } from './partition.js';

const HOUR = 3600;

const catalog = catalogOf(`
state:
  conversation:
    asks: { type: number, set: [ { on: MessageConsumerEvent, add: 1 } ] }
metrics:
  - { name: asks_total, help: h, type: counter, for: conversation, on: MessageConsumerEvent }
`);

/** Works batches of events off and tells how many had each outcome. */
async function outcomesOf(batches: readonly (readonly EventStep[])[]): Promise<Record<string, number>> {
  const store = new MemoryStore();
  const setAside = (): Promise<void> => Promise.reject(new Error('nothing is poison here'));
  const partition = new Partition({ catalog, store, holdMs: 0, setAside });
  let id = 0;
  for (const batch of batches) {
    const items = batch.map((step): Item => ({
      kind: 'event',
      event: eventOf(step, `u${step.at}`),
      entities: ['conversation'],
    }));
    await partition.process({ id: String((id += 1)), items });
  }
  const stats = [...(await store.stats())].filter(([name]) => name.startsWith('events_total|'));
  return Object.fromEntries(stats.map(([name, count]) => [name.replace('events_total|conversation|', ''), count]));
}

const asks = (at: number, more: Partial<EventStep> = {}): EventStep => ({
  at,
  type: 'MessageConsumerEvent',
  conversation: 'c',
  ...more,
});

/** Identities are remembered by buckets of 12 h, each for six more: this one until 84 h. */
const again = (received: number): EventStep => asks(1, { uid: 'same', received });

describe('the outcome of an event', () => {
  it.each([
    {
      name: 'is late before the last one applied',
      steps: [asks(5), asks(3, { received: 5 })],
      want: { applied: 1, late: 1 },
    },
    {
      name: 'is not late beside the last one, in the order of keys',
      steps: [asks(5), asks(5, { uid: 'v' })],
      want: { applied: 2 },
    },
    {
      name: 'is late beside it, against that order',
      steps: [asks(5), asks(5, { uid: 'a' })],
      want: { applied: 1, late: 1 },
    },
    {
      name: 'is late after 72 h, where nothing is known',
      steps: [asks(0, { received: 72 * HOUR + 1 })],
      want: { late: 1 },
    },
    { name: 'is duplicate at once', steps: [again(1), again(1)], want: { applied: 1, duplicate: 1 } },
    {
      name: 'is duplicate to the end of its time',
      steps: [again(1), again(84 * HOUR - 0.001)],
      want: { applied: 1, duplicate: 1 },
    },
    { name: 'is not duplicate after its time', steps: [again(1), again(84 * HOUR)], want: { applied: 2 } },
    {
      name: 'is of one time whatever came with it',
      steps: [again(1), asks(13 * HOUR), again(84 * HOUR)],
      want: { applied: 2, late: 1 },
    },
    { name: 'is not of another entity', steps: [again(1), { ...again(1), conversation: 'd' }], want: { applied: 2 } },
  ])('$name', async ({ steps, want }) => {
    expect(await outcomesOf([steps])).toEqual(want);
    expect(await outcomesOf(steps.map((step) => [step]))).toEqual(want);
    expect(await outcomesOf([steps.slice(0, 2), steps.slice(2)])).toEqual(want);
  });
});
