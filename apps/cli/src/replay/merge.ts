import { ENTITY_KINDS, type EntityKind } from '@app/event';
import { Heap } from '../simulate/heap.js';
import { type Entry, LineReader } from './line-reader.js';

/** A file to replay: its name for messages, and its lines. */
export interface Input {
  readonly name: string;
  readonly lines: AsyncIterable<string>;
  /** Whether it holds what several ingestion replicas received, so that it is taken in as if merged from their records. */
  readonly ofSeveral?: true;
}

/** An entry, where it stands, and of an event the entity at which it is to be taken in; null: at all that it names. */
export interface Placed {
  readonly entry: Entry;
  readonly place: string;
  readonly at: EntityKind | null;
}

/**
 * In a record, what concerns one partition is in its queue's order, but partitions may be apart: by as long as a replica
 * stood still between receiving something and storing it (ms). What came longer ago than this is in its final order.
 */
const APART_MS = 600_000;

/** The entries of one file, in the order of its lines. `personalData`: whether the names of agents are kept. */
export async function* inOrder({ lines }: Input, personalData = true): AsyncGenerator<Placed> {
  const reader = new LineReader(personalData);
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    for (const entry of reader.read(line)) yield { entry, place: `line ${number}`, at: null };
  }
}

/**
 * The entries of several files, as of one system with several ingestion replicas: each entity's share of an event at the
 * instant that counted in its partition.
 */
export async function* merged(inputs: readonly Input[], personalData = true): AsyncGenerator<Placed> {
  const sources = inputs.map((input) => ({
    name: input.name,
    entries: inOrder(input, personalData),
    reached: -Infinity,
  }));
  const waiting = new Heap<Placed>();
  while (sources.length > 0) {
    const source = sources.reduce((least, other) => (other.reached < least.reached ? other : least));
    const next = (await source.entries.next()) as IteratorResult<Placed, undefined>;
    if (next.done === true) sources.splice(sources.indexOf(source), 1);
    else {
      for (const { instant, placed } of sharesOf(next.value)) {
        source.reached = Math.max(source.reached, instant);
        waiting.push(instant, { ...placed, place: `${source.name}: ${placed.place}` });
      }
    }
    yield* released(waiting, Math.min(...sources.map(({ reached }) => reached)) - APART_MS);
  }
  yield* released(waiting, Infinity);
}

function* released(waiting: Heap<Placed>, before: number): Generator<Placed> {
  while (waiting.size > 0 && (waiting.leastKey ?? Infinity) < before) {
    const placed = waiting.pop();
    if (placed !== undefined) yield placed;
  }
}

/** What is to be sorted, each with its instant (ms). What has none is told at once. */
function sharesOf(placed: Placed): { readonly instant: number; readonly placed: Placed }[] {
  const { entry } = placed;
  switch (entry.kind) {
    case 'event':
      return ENTITY_KINDS.map((at) => {
        const { receivedAt } = entry.event;
        const instant = at === 'agent' ? (entry.agentReceivedAt ?? receivedAt) : receivedAt;
        const event = instant === receivedAt ? entry.event : { ...entry.event, receivedAt: instant };
        return { instant, placed: { ...placed, at, entry: { ...entry, event } } };
      });
    case 'outage':
      return [{ instant: entry.to, placed }];
    case 'ignored':
    case 'problem':
      return [{ instant: 0, placed }];
  }
}
