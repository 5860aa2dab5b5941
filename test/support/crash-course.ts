import {
  type Change,
  type CommitOutcome,
  type Item,
  type Job,
  MemoryStore,
  Partition,
  type SeriesReader,
  type StateStore,
} from '@app/engine';
import { collectSamples, renderPrometheus } from '@app/exposition';
import fc from 'fast-check';
import { arbitraryHistory } from './arbitrary-events.js';
import { everyForm } from './every-form.js';
import { eventOf, type EventStep } from './story.js';

const catalog = everyForm();
const HOLD_MS = 250;
const END = 1_000_000;

/**
 * What becomes of a commit: `before`: the worker crashes before it reaches the store; `after`: once it has; `stalled`: the
 * worker stands still, and the commit reaches the store when others have gone on.
 */
const FAULTS = ['none', 'none', 'none', 'before', 'after', 'stalled'] as const;

type Fault = (typeof FAULTS)[number];

/** Events, and all that may happen to the workers of their partition. */
export interface Course {
  readonly events: readonly EventStep[];
  /** After how many items each batch ends. */
  readonly cuts: readonly number[];
  /** Before which events a tick comes, at their own instant; whether timers may fire then. */
  readonly ticks: readonly (readonly [index: number, ready: boolean])[];
  /** Per commit. */
  readonly faults: readonly Fault[];
  /** Per attempt, which of two workers makes it: one that was given up still has the partition's past in memory. */
  readonly workers: readonly (0 | 1)[];
  /** Per call of the store, whether a commit that stood still reaches it first. */
  readonly wakes: readonly boolean[];
  /** Per attempt, how many of the jobs behind the one that is delivered are worked off with it. */
  readonly ahead: readonly number[];
  /** Per attempt that succeeded, how many of its jobs leave the queue before the worker crashes: the others come again. */
  readonly completed: readonly number[];
}

export const arbitraryCourse: fc.Arbitrary<Course> = arbitraryHistory.chain((events) =>
  fc.record({
    events: fc.constant(events),
    cuts: fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 60 }),
    ticks: fc.array(fc.tuple(fc.nat({ max: events.length - 1 }), fc.boolean()), { maxLength: 20 }),
    faults: fc.array(fc.constantFrom(...FAULTS), { maxLength: 60 }),
    workers: fc.array(fc.constantFrom(0 as const, 1 as const), { maxLength: 60 }),
    wakes: fc.array(fc.boolean(), { maxLength: 120 }),
    ahead: fc.array(fc.nat({ max: 4 }), { maxLength: 60 }),
    completed: fc.array(fc.nat({ max: 4 }), { maxLength: 60 }),
  }),
);

/** A store on the way to which workers crash and stand still. */
class FaultyStore implements StateStore {
  private readonly stalled: Change[] = [];
  private readonly faults: Fault[];
  private readonly wakes: boolean[];

  constructor(
    private readonly store: StateStore,
    course: Course,
  ) {
    this.faults = [...course.faults];
    this.wakes = [...course.wakes];
  }

  async load(...request: Parameters<StateStore['load']>): ReturnType<StateStore['load']> {
    await this.wake();
    return this.store.load(...request);
  }

  due(...request: Parameters<StateStore['due']>): ReturnType<StateStore['due']> {
    return this.store.due(...request);
  }

  scan(...request: Parameters<StateStore['scan']>): ReturnType<StateStore['scan']> {
    return this.store.scan(...request);
  }

  async commit(change: Change): Promise<CommitOutcome> {
    await this.wake();
    const fault = this.faults.pop() ?? 'none';
    if (fault === 'stalled') this.stalled.push(change);
    if (fault === 'before' || fault === 'stalled') throw new Error('away');
    const outcome = await this.store.commit(change);
    if (fault === 'after') throw new Error('away');
    return outcome;
  }

  private async wake(): Promise<void> {
    if (!(this.wakes.pop() ?? false)) return;
    const late = this.stalled.shift();
    if (late !== undefined) await this.store.commit(late);
  }
}

/** A partition's store and a reader of it. */
export interface Kept {
  readonly store: StateStore;
  readonly reader: SeriesReader;
}

/** What an undisturbed partition in memory makes of the events, and what one under fire makes of them. */
export async function compared(course: Course, { store, reader }: Kept): Promise<{ want: string; got: string }> {
  const memory = new MemoryStore();
  const calm = { ...course, cuts: [], ticks: [], faults: [], workers: [], wakes: [], ahead: [], completed: [] };
  const want = await numbersOf(calm, { store: memory, reader: memory });
  return { want, got: await numbersOf(course, { store, reader }) };
}

async function numbersOf(course: Course, { store, reader }: Kept): Promise<string> {
  const jobs = jobsOf(course);
  const faulty = new FaultyStore(store, course);
  const [first, second] = [partitionOn(faulty), partitionOn(faulty)];
  const turns = [...course.workers];
  const ahead = [...course.ahead];
  const completed = [...course.completed];
  for (let at = 0; at < jobs.length;) {
    const delivered = jobs.slice(at, at + 1 + (ahead.pop() ?? 0));
    const worker = turns.pop() === 1 ? second : first;
    const outcome = await worker.process(...delivered).catch(() => null);
    if (outcome?.kind === 'done') at += Math.min(delivered.length, completed.pop() ?? delivered.length);
  }
  await partitionOn(store).settle(END);
  let text = '';
  for await (const chunk of renderPrometheus(collectSamples(catalog, reader, END))) text += chunk;
  return text + JSON.stringify([...(await reader.stats())].sort());
}

function jobsOf(course: Course): Job[] {
  const items = itemsOf(course);
  const jobs: Job[] = [];
  for (let from = 0; from < items.length;) {
    const id = jobs.length + 1;
    const to = from + (course.cuts[id] ?? items.length);
    jobs.push({ id: String(id), items: items.slice(from, to) });
    from = to;
  }
  return jobs;
}

function partitionOn(store: StateStore): Partition {
  const setAside = (): Promise<void> => Promise.reject(new Error('nothing is poison here'));
  return new Partition({ catalog, holdMs: HOLD_MS, store, setAside });
}

function itemsOf({ events, ticks }: Course): Item[] {
  const items: Item[] = [];
  events.forEach((step, index) => {
    const event = eventOf(step, `u${index}`);
    for (const [at, ready] of ticks) {
      if (at !== index) continue;
      const timersUntil = ready ? event.receivedAt : event.receivedAt - 5000;
      items.push({ kind: 'tick', at: event.receivedAt, timersUntil });
    }
    items.push({ kind: 'event', event, entities: ['conversation', 'agent'] });
  });
  return items;
}
