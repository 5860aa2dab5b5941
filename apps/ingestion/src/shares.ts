import { ENTITY_KINDS, type EntityKind, type Event } from '@app/event';
import type { EventItem } from '@app/engine';
import { type Added, partitionOf, type Stamped } from '@app/queue';

/** What one partition gets of a delivery, in its order. */
export interface Share {
  readonly items: Stamped<EventItem>[];
  /** Per item, the place of its event in the delivery. */
  readonly places: number[];
}

/** The instants that count for an event (ms), per entity; null where it names none. */
export interface Instants {
  conversation: number | null;
  agent: number | null;
}

/** Each event goes to the partitions of its conversation and of its agent; once, where they are the same. */
export function sharesOf(events: readonly Event[], partitions: number): ReadonlyMap<number, Share> {
  const shares = new Map<number, Share>();
  events.forEach((event, place) => {
    for (const [partition, entities] of entitiesByPartition(event, partitions)) {
      let share = shares.get(partition);
      if (share === undefined) shares.set(partition, (share = { items: [], places: [] }));
      share.items.push({ at: event.receivedAt, data: { kind: 'event', event, entities } });
      share.places.push(place);
    }
  });
  return shares;
}

function entitiesByPartition(event: Event, partitions: number): [number, readonly EntityKind[]][] {
  const { accountId, conversationId, agentId } = event;
  const conversation = conversationId === null ? null : partitionOf(accountId, conversationId, partitions);
  const agent = agentId === null ? null : partitionOf(accountId, agentId, partitions);
  if (conversation !== null && conversation === agent) return [[conversation, ENTITY_KINDS]];
  const homes: [number, readonly EntityKind[]][] = [];
  if (conversation !== null) homes.push([conversation, ['conversation']]);
  if (agent !== null) homes.push([agent, ['agent']]);
  return homes;
}

/** Notes the instants that a partition gave to its share. */
export function noteInstants(instants: readonly Instants[], share: Share, added: Added): void {
  share.items.forEach(({ data }, index) => {
    const own = instants[share.places[index] ?? -1];
    const at = added.effective[index] ?? null;
    if (own !== undefined) for (const kind of data.entities) own[kind] = at;
  });
}

/** Whether every partition that the event goes to has stored it. */
export function isComplete(event: Event, { conversation, agent }: Instants): boolean {
  return (event.conversationId === null || conversation !== null) && (event.agentId === null || agent !== null);
}
