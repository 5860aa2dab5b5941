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

describe('the clock of a partition', () => {
  const timed = catalogOf(`
events: { conversation: { Breached: { at: conversation.respondBy } } }
state: { conversation: { respondBy: { type: time, set: [ { on: TTRStatusEvent, to: event.effectiveTtr } ] } } }
metrics:
  - { name: breaches_total, help: h, type: counter, for: conversation, on: Breached }
  - { name: lag_seconds_total, help: h, type: counter, for: conversation, on: MessageConsumerEvent, value: event.receivedAt - event.time }
`);

  /** Works each item off in a batch of its own and tells the sums of the counters. */
  async function sumsOf(items: readonly Item[]): Promise<Record<string, number>> {
    const store = new MemoryStore();
    const setAside = (): Promise<void> => Promise.reject(new Error('nothing is poison here'));
    const partition = new Partition({ catalog: timed, store, holdMs: 0, setAside });
    let id = 0;
    for (const item of items) await partition.process({ id: String((id += 1)), items: [item] });
    const sums: Record<string, number> = {};
    for await (const slice of store.series(timed.metrics.map((metric) => metric.seriesKey))) {
      for (const { metric, sum } of slice) sums[metric.replace(/@.*/, '')] = Number(sum) / 1e6;
    }
    return sums;
  }

  const happens = (step: EventStep): Item => ({
    kind: 'event',
    event: eventOf(step, `u${step.at}`),
    entities: ['conversation'],
  });
  const deadline = (at: number, by: number | null, received = at): Item =>
    happens({ at, type: 'TTRStatusEvent', conversation: 'c', effectiveTtr: by === null ? null : by * 1000, received });
  const tick = (at: number, timersUntil = at): Item => ({
    kind: 'tick',
    at: at * 1000,
    timersUntil: timersUntil * 1000,
  });

  it.each([
    {
      name: 'an event behind it takes its value',
      items: [happens(asks(9)), happens(asks(2, { received: 5, conversation: 'd' }))],
      want: { lag_seconds_total: 7 },
    },
    {
      name: 'a tick does what is due before its instant',
      items: [deadline(2, 10), tick(10.001)],
      want: { breaches_total: 1 },
    },
    {
      name: 'not what is due at it: an event of that instant comes first',
      items: [deadline(2, 10), tick(10), deadline(9, null, 10), tick(20)],
      want: {},
    },
    {
      name: 'nor does an event, for another one of that instant',
      items: [deadline(2, 10), happens(asks(10, { conversation: 'd' })), deadline(9, null, 10), tick(20)],
      want: { lag_seconds_total: 0 },
    },
    {
      name: 'a tick fires no timer beyond the time for which ingestion was known to be ready: it may have been away',
      items: [
        deadline(2, 10),
        tick(20, 9.5),
        { kind: 'outage' as const, from: 9_500, to: 20_500 },
        deadline(9, null, 21),
        tick(99),
      ],
      want: {},
    },
    {
      name: 'when it was ready after all, the next tick does',
      items: [deadline(2, 10), tick(20, 9.5), tick(21)],
      want: { breaches_total: 1 },
    },
  ])('$name', async ({ items, want }) => {
    expect(await sumsOf(items)).toEqual(want);
  });
});

describe('a partition in trouble', () => {
  it('reads its head anew: what was committed, though nobody was told, is known and no conflict', async () => {
    const store = new MemoryStore();
    const commit = store.commit.bind(store);
    let lost = 1;
    store.commit = async (change) => {
      const outcome = await commit(change);
      if (outcome.kind === 'committed' && change.job === '1' && (lost -= 1) === 0)
        throw new Error('the answer is lost');
      return outcome;
    };
    const setAside = (): Promise<void> => Promise.reject(new Error('nothing is poison here'));
    const partition = new Partition({ catalog, store, holdMs: 0, setAside });
    const item: Item = { kind: 'event', event: eventOf(asks(5), 'u'), entities: ['conversation'] };
    await partition.open();
    await expect(partition.process({ id: '1', items: [item] })).rejects.toThrow('the answer is lost');
    expect(await partition.process({ id: '1', items: [item] })).toMatchObject({ kind: 'done' });
    expect([...(await store.stats())].filter(([name]) => name.startsWith('events_total|'))).toEqual([
      ['events_total|conversation|applied', 1],
    ]);
  });
});
