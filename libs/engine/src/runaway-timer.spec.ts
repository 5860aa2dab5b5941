import { describe, expect, it } from '@jest/globals';
import { catalogOf, eventOf, type Step, tell } from '../../../test/support/story.js';
import { MemoryStore } from './memory-store.js';
import { Partition } from './partition.js';

describe('a timer that arms itself', () => {
  const tick = (at: string): string => `
events: { conversation: { Tick: { at: conversation.next } } }
state:
  conversation:
    next:
      type: time
      set:
        - { on: ConversationRequestEvent, to: event.time + 1 }
        - { on: Tick, to: ${at} }
metrics:
  - { name: ticks_total, help: h, type: counter, for: conversation, on: Tick }
`;

  it('goes on until the next event', async () => {
    const steps: Step[] = [
      { at: 0, type: 'ConversationRequestEvent', conversation: 'c' },
      { at: 10, type: 'MessageAgentEvent', conversation: 'c' },
    ];
    expect(await tell(catalogOf(tick('event.time + 2')), steps, { until: 0 })).toEqual(['ticks_total 5']);
  });

  it.each<{ name: string; to: string; until: number; want: number }>([
    { name: 'is cut after 1 000 firings since the last event', to: 'conversation.next - 0.001', until: 4, want: 1_000 },
    { name: 'is cut however slowly time goes on', to: 'event.time + 0.001', until: 10, want: 1_000 },
    { name: 'may fire once a minute for ever', to: 'event.time + minute', until: 3_000 * 60, want: 3_000 },
    { name: 'may fire faster for a while', to: 'event.time + 10', until: 1_190 * 10, want: 1_190 },
    { name: 'is cut when it fires faster for too long', to: 'event.time + 10', until: 2_000 * 10, want: 1_199 },
  ])('$name', async ({ to, until, want }) => {
    const request: Step = { at: 0, type: 'ConversationRequestEvent', conversation: 'c' };
    expect(await tell(catalogOf(tick(to)), [request], { until })).toEqual([`ticks_total ${want}`]);
  });

  it('begins anew with an event', async () => {
    const steps: Step[] = [0, 10, 20].map((at) => ({ at, type: 'ConversationRequestEvent', conversation: 'c' }));
    expect(await tell(catalogOf(tick('event.time + 0.001')), steps, { until: 25 })).toEqual(['ticks_total 3000']);
  });

  it('is cut at the same firing, whether the clock comes in one step or in many', async () => {
    const catalog = catalogOf(tick('event.time + 0.001'));
    const run = async (instants: readonly number[]): Promise<ReadonlyMap<string, number>> => {
      const store = new MemoryStore();
      const setAside = () => Promise.reject(new Error('nothing is poison here'));
      const partition = new Partition({ catalog, store, holdMs: 0, setAside });
      const event = eventOf({ at: 0, type: 'ConversationRequestEvent', conversation: 'c' }, 'u');
      await partition.process({ id: '1', items: [{ kind: 'event', event, entities: ['conversation'] }] });
      for (const [index, at] of instants.entries()) {
        await partition.process({ id: String(index + 2), items: [{ kind: 'tick', at, timersUntil: at }] });
      }
      const counted: [string, number][] = [];
      for await (const slice of store.series(catalog.metrics.map((metric) => metric.seriesKey))) {
        for (const series of slice) counted.push([series.metric, series.count]);
      }
      return new Map([...counted, ...(await store.stats())]);
    };
    const many = Array.from({ length: 50 }, (_, index) => 1_000 + index * 100);
    const once = await run([many.at(-1) ?? 0]);
    expect(await run(many)).toEqual(once);
    expect(once.get('timer_firings_cut_total|conversation')).toBe(1);
  });
});
