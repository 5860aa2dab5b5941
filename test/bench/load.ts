import type { EventItem, Item } from '@app/engine';
import { ENTITY_KINDS, type EntityKind, type Event, entityOf, normaliseLivePerson } from '@app/event';
import { partitionOf } from '@app/queue';
import { Center } from '../../apps/cli/src/simulate/center/center.js';
import { deliveryOf } from '../../apps/cli/src/simulate/wire.js';

/** The account of every simulated event. */
export const ACCOUNT = '84731';

/** From an event to its receipt, in the loads of the benches (ms). */
const LAG_MS = 40;

/** A contact center as a load. */
export interface LoadSettings {
  readonly agents: number;
  /** Conversations per minute. */
  readonly ratePerMinute: number;
  /** Unix ms. */
  readonly startMs: number;
  readonly seed?: number;
}

/** The raw bodies of a simulated center, as LivePerson would send them, in order of time; without end. */
export function* bodies(settings: LoadSettings): Generator<string, void, undefined> {
  for (const fact of center(settings).facts(Infinity)) yield deliveryOf(fact, ACCOUNT).body;
}

/** The same, normalised; each received a moment after its time. */
export function* events(settings: LoadSettings): Generator<Event, void, undefined> {
  for (const body of bodies(settings)) {
    const parsed = JSON.parse(body) as { commonHeader: { eventTimestamp: number } };
    const receivedAt = parsed.commonHeader.eventTimestamp + LAG_MS;
    const delivery = { receivedAt, accounts: null, headerAccountId: null, bodyHash: (text: string) => text };
    for (const outcome of normaliseLivePerson(parsed, delivery)) if (outcome.kind === 'event') yield outcome.event;
  }
}

/** The first so many of a generator. */
export function take<T>(generator: Generator<T, void, undefined>, count: number): T[] {
  const taken: T[] = [];
  while (taken.length < count) {
    const step = generator.next();
    if (step.done === true) break;
    taken.push(step.value);
  }
  return taken;
}

/** One event for one partition. */
export interface Placed {
  readonly partition: number;
  readonly item: EventItem;
}

/** Where an event goes: to the partitions of its conversation and of its agent, once where they are the same. */
export function placed(event: Event, partitions: number): Placed[] {
  const homes = new Map<number, EntityKind[]>();
  for (const kind of ENTITY_KINDS) {
    const ref = entityOf(event, kind);
    if (ref === null) continue;
    const partition = partitionOf(ref.accountId, ref.id, partitions);
    homes.set(partition, [...(homes.get(partition) ?? []), kind]);
  }
  return [...homes].map(([partition, entities]) => ({ partition, item: { kind: 'event', event, entities } }));
}

/** Both entities of an event, for the one partition of a bench in memory. */
export function itemOf(event: Event): Item {
  return { kind: 'event', event, entities: ENTITY_KINDS };
}

/** A long array in pieces. */
export function pieces<T>(list: readonly T[], size: number): T[][] {
  const found: T[][] = [];
  for (let at = 0; at < list.length; at += size) found.push(list.slice(at, at + size));
  return found;
}

function center({ agents, ratePerMinute, startMs, seed = 1 }: LoadSettings): Center {
  return new Center({ seed, startMs, agents, tempo: 1, ratePerMinute, slaMs: 600_000 });
}
