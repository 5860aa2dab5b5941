import { describe, expect, it } from '@jest/globals';
import { collectSamples, renderPrometheus } from '@app/exposition';
import fc from 'fast-check';
import { arbitraryHistory } from '../../../test/support/arbitrary-events.js';
import { everyForm } from '../../../test/support/every-form.js';
import { eventOf, type EventStep } from '../../../test/support/story.js';
import type { Item } from './item.js';
import { MemoryStore } from './memory-store.js';
import { Partition } from './partition.js';
import type { Change, CommitOutcome, StateStore } from './store.js';

const catalog = everyForm();
const HOLD_MS = 250;
const END = 1_000_000;

/** A store whose commits sometimes reach it although the worker never hears so, or never reach it. */
class ShakyStore implements StateStore {
  constructor(
    private readonly store: MemoryStore,
    private readonly faults: ('before' | 'after' | 'none')[],
  ) {}

  load(...request: Parameters<StateStore['load']>): ReturnType<StateStore['load']> {
    return this.store.load(...request);
  }

  due(...request: Parameters<StateStore['due']>): ReturnType<StateStore['due']> {
    return this.store.due(...request);
  }

  scan(...request: Parameters<StateStore['scan']>): ReturnType<StateStore['scan']> {
    return this.store.scan(...request);
  }

  async commit(change: Change): Promise<CommitOutcome> {
    const fault = this.faults.pop() ?? 'none';
    if (fault === 'before') throw new Error('away');
    const outcome = await this.store.commit(change);
    if (fault === 'after') throw new Error('away');
    return outcome;
  }
}

interface Course {
  readonly events: readonly EventStep[];
  /** After how many items each batch ends. */
  readonly cuts: readonly number[];
  /** Before which events a tick comes, at their own instant; whether timers may fire then. */
  readonly ticks: readonly (readonly [index: number, ready: boolean])[];
  readonly faults: readonly ('before' | 'after' | 'none')[];
}

const arbitraryCourse: fc.Arbitrary<Course> = arbitraryHistory.chain((events) =>
  fc.record({
    events: fc.constant(events),
    cuts: fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 60 }),
    ticks: fc.array(fc.tuple(fc.nat({ max: events.length - 1 }), fc.boolean()), { maxLength: 20 }),
    faults: fc.array(fc.constantFrom('before' as const, 'after' as const, 'none' as const, 'none' as const), {
      maxLength: 60,
    }),
  }),
);

function itemsOf({ events, ticks }: Course): Item[] {
  const items: Item[] = [];
  events.forEach((step, index) => {
    const event = eventOf(step, `u${index}`);
    for (const [at, ready] of ticks) {
      if (at !== index) continue;
      items.push({
        kind: 'tick',
        at: event.receivedAt,
        timersUntil: ready ? event.receivedAt : event.receivedAt - 5000,
      });
    }
    items.push({ kind: 'event', event, entities: ['conversation', 'agent'] });
  });
  return items;
}

async function run(
  items: readonly Item[],
  cuts: readonly number[],
  faults: readonly ('before' | 'after' | 'none')[],
): Promise<string> {
  const memory = new MemoryStore();
  const left = [...faults];
  const options = { catalog, holdMs: HOLD_MS, setAside: () => Promise.reject(new Error('nothing is poison here')) };
  const store = new ShakyStore(memory, left);
  let partition = new Partition({ ...options, store });
  let from = 0;
  for (let job = 1; from < items.length; job += 1) {
    const to = from + (cuts[job] ?? items.length);
    for (let done = false; !done;) {
      done = await partition.process({ id: String(job), items: items.slice(from, to) }).then(
        (outcome) => outcome.kind === 'done',
        () => false,
      );
      if (!done && left.length % 2 === 0) partition = new Partition({ ...options, store });
    }
    from = to;
  }
  await new Partition({ ...options, store: memory }).settle(END);
  let text = '';
  for await (const chunk of renderPrometheus(collectSamples(catalog, memory, END))) text += chunk;
  return text + JSON.stringify([...(await memory.stats())].sort());
}

describe('a partition', () => {
  it('comes to the same numbers however its queue is cut, ticked, interrupted and redelivered', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCourse, async (course) => {
        const want = await run(itemsOf({ ...course, ticks: [] }), [], []);
        expect(await run(itemsOf(course), course.cuts, course.faults)).toBe(want);
      }),
      { numRuns: 150 },
    );
  });
});
