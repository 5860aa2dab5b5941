import { type EntityKind, entityKey, type EntityRef, type Event, fingerprintOf, fingerprintOfAgain } from '@app/event';
import type { Catalog } from '@app/language';
import { advance, type ClockRules, nextDue, type Reach, receive } from './advance.js';
import { closeDraft, type Draft } from './draft.js';
import type { EntityRecord } from './entity.js';
import type { EventItem, Item } from './item.js';
import { openUnder } from './layout.js';
import type { Ledger } from './ledger.js';
import { markBucketEnd, markBucketOf } from './retention.js';
import type { EntityWrite, Loaded } from './store.js';

/** An event at one entity, with the receivedAt that counts. */
interface Arrival {
  readonly event: Event;
  readonly fingerprint: string;
}

/** What a run of items asks of the partition: events by entity, and how far its clock comes. */
export interface Segment {
  readonly refs: readonly EntityRef[];
  readonly arrivals: readonly (readonly Arrival[])[];
  /** All fingerprints in order of receipt. */
  readonly fingerprints: readonly string[];
  readonly reach: Reach;
  /** The partition's clock afterwards (ms). */
  readonly clock: number;
}

/**
 * Plans a run of events and ticks. An event behind the partition's clock takes the clock's value as its receivedAt; what
 * is due before an event or a tick is done before it.
 */
export function planSegment(items: readonly Item[], clock: number): Segment {
  const byEntity = new Map<string, { ref: EntityRef; arrivals: Arrival[] }>();
  const fingerprints: string[] = [];
  let now = clock;
  let until = -Infinity;
  let timersUntil = -Infinity;
  for (const item of items) {
    if (item.kind === 'outage') continue;
    now = Math.max(now, item.kind === 'tick' ? item.at : item.event.receivedAt);
    until = now - 1;
    timersUntil = Math.max(timersUntil, item.kind === 'tick' ? Math.min(item.timersUntil, until) : until);
    if (item.kind === 'tick') continue;
    const arriving = item.event.receivedAt === now ? item : { ...item, event: { ...item.event, receivedAt: now } };
    for (const kind of item.entities) arrive(byEntity, fingerprints, arriving, kind);
  }
  const entries = [...byEntity.values()];
  return {
    refs: entries.map((entry) => entry.ref),
    arrivals: entries.map((entry) => entry.arrivals),
    fingerprints,
    reach: { until, timersUntil },
    clock: now,
  };
}

/** What working a segment out leaves to be written. */
export interface Worked {
  readonly writes: readonly EntityWrite[];
  readonly marks: readonly string[];
  /** Per mark, the receivedAt that counted (ms). */
  readonly marksAt: readonly number[];
}

/** The rules and surroundings in which entities are worked out. */
export interface Surroundings {
  readonly catalog: Catalog;
  readonly rules: ClockRules;
  readonly layouts: ReadonlyMap<string, string>;
  /** The partition's clock (ms). */
  readonly clock: number;
  readonly ledger: Ledger;
}

/** Works a segment out, entity by entity: entities are independent of each other, so their order does not matter. */
export function workOut(segment: Segment, loaded: Loaded, around: Surroundings): Worked {
  const { ledger, rules } = around;
  const seenUntil = new Map<string, number>();
  segment.fingerprints.forEach((fingerprint, index) => {
    const until = loaded.seenUntil[index] ?? null;
    if (until !== null) seenUntil.set(fingerprint, until);
  });
  const marks: string[] = [];
  const marksAt: number[] = [];
  const writes = segment.refs.map((ref, index) => {
    const draft = open(ref, loaded.entities[index] ?? null, around);
    for (const { event, fingerprint } of segment.arrivals[index] ?? []) {
      if (event.receivedAt < (seenUntil.get(fingerprint) ?? -Infinity)) {
        ledger.outcome(ref.kind, 'duplicate');
        ledger.begin(draft, event.type, event.time, 'duplicate');
        ledger.end(draft);
        continue;
      }
      seenUntil.set(fingerprint, markBucketEnd(markBucketOf(event.receivedAt)));
      marks.push(fingerprint);
      marksAt.push(event.receivedAt);
      const before = event.receivedAt - 1;
      advance(draft, { until: before, timersUntil: before }, rules, ledger);
      receive(draft, event, rules, ledger);
    }
    return finish(draft, segment.reach, around);
  });
  return { writes, marks, marksAt };
}

/** Works out entities that no event names, but that have something due. */
export function workOutDue(
  refs: readonly EntityRef[],
  loaded: Loaded,
  reach: Reach,
  around: Surroundings,
): EntityWrite[] {
  return refs.map((ref, index) => finish(open(ref, loaded.entities[index] ?? null, around), reach, around));
}

function open(ref: EntityRef, record: EntityRecord | null, around: Surroundings): Draft {
  return openUnder(ref, record, { ...around, plan: around.catalog.entities[ref.kind] });
}

function finish(draft: Draft, reach: Reach, { rules, ledger }: Surroundings): EntityWrite {
  advance(draft, reach, rules, ledger);
  return { ref: draft.ref, record: closeDraft(draft), due: nextDue(draft, rules) };
}

function arrive(
  byEntity: Map<string, { ref: EntityRef; arrivals: Arrival[] }>,
  fingerprints: string[],
  { event, again }: Pick<EventItem, 'event' | 'again'>,
  kind: EntityKind,
): void {
  const id = kind === 'conversation' ? event.conversationId : event.agentId;
  if (id === null) return;
  const ref = { kind, accountId: event.accountId, id };
  const key = entityKey(ref);
  let entry = byEntity.get(key);
  if (entry === undefined) byEntity.set(key, (entry = { ref, arrivals: [] }));
  const fingerprint = again === undefined ? fingerprintOf(event, kind) : fingerprintOfAgain(event, kind, again);
  entry.arrivals.push({ event, fingerprint });
  fingerprints.push(fingerprint);
}
