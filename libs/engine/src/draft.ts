import type { EntityRef, Event } from '@app/event';
import { BUILT_IN_FIELDS, type EntityPlan, type Value } from '@app/language';
import type { Contribution, EntityRecord, TimerRecord } from './entity.js';
import type { OrderKey } from './order.js';

/**
 * A working copy of one entity: opened from a record, changed event by event, closed into a record again. Records stay
 * as they are, so that a batch that fails leaves nothing behind.
 */
export interface Draft {
  readonly ref: EntityRef;
  readonly plan: EntityPlan;
  known: boolean;
  values: Value[];
  setBy: (OrderKey | null)[];
  lastKey: OrderKey | null;
  lagMs: number;
  /** How many of the entity's own timers have fired since its last event in order. */
  fired: number;
  timers: TimerRecord[];
  contributions: (Contribution | null)[];
  held: Event[];
}

const UNARMED: TimerRecord = { at: null, armedAt: 0, firedFor: null };

/** Opens a working copy; null opens an entity of which nothing is known. */
export function openDraft(ref: EntityRef, plan: EntityPlan, record: EntityRecord | null): Draft {
  const draft: Draft = {
    ref,
    plan,
    known: false,
    values: [],
    setBy: [],
    lastKey: null,
    lagMs: 0,
    fired: 0,
    timers: [],
    contributions: [],
    held: record === null ? [] : [...record.held],
  };
  reset(draft);
  if (record?.known !== true) return draft;
  draft.known = true;
  draft.values = [...record.values];
  draft.setBy = [...record.setBy];
  draft.lastKey = record.lastKey;
  draft.lagMs = record.lagMs;
  draft.fired = record.fired ?? 0;
  draft.timers = [...record.timers];
  draft.contributions = [...record.contributions];
  return draft;
}

/** Makes the entity one of which nothing is known; held events stay. */
export function reset(draft: Draft): void {
  draft.known = false;
  draft.values = draft.plan.fields.map((field) => field.initial);
  draft.values[BUILT_IN_FIELDS.id] = draft.ref.id;
  draft.values[BUILT_IN_FIELDS.accountId] = draft.ref.accountId;
  draft.setBy = draft.plan.fields.map(() => null);
  draft.lastKey = null;
  draft.lagMs = 0;
  draft.fired = 0;
  draft.timers = draft.plan.timers.map(() => UNARMED);
  draft.contributions = draft.plan.overs.map(() => null);
}

/** The record to keep, or null when there is nothing to remember. */
export function closeDraft(draft: Draft): EntityRecord | null {
  const { plan, held } = draft;
  if (!draft.known) {
    const blank = { values: [], setBy: [], lastKey: null, lagMs: 0, timers: [], contributions: [] };
    return held.length === 0 ? null : { layoutId: plan.layoutId, known: false, ...blank, held };
  }
  const { known, values, setBy, lastKey, lagMs, fired, timers, contributions } = draft;
  const record = { layoutId: plan.layoutId, known, values, setBy, lastKey, lagMs, timers, contributions, held };
  return fired === 0 ? record : { ...record, fired };
}

/** How far the entity's own time has come (ms): its last event in order, or a timer that fired after it. */
export function nowOf(draft: Draft): number {
  let now = draft.lastKey?.time ?? 0;
  for (const timer of draft.timers) {
    if (timer.firedFor !== null && timer.firedFor > now) now = timer.firedFor;
  }
  return now;
}
