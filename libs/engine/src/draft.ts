import type { EntityRef, Event } from '@app/event';
import { BUILT_IN_FIELDS, type EntityPlan, fieldBit, type Reads, READS_ALWAYS, type Value } from '@app/language';
import type { Contribution, EntityRecord, RecentEvent, TimerRecord } from './entity.js';
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
  recent: readonly RecentEvent[];
  /** The bits of the fields that have changed since timers and gauges last followed. */
  changed: number;
  /** Whether all of them are to follow, whatever has changed: nothing of this plan was evaluated before. */
  fresh: boolean;
}

const UNARMED: TimerRecord = { at: null, armedAt: 0, firedFor: null };

/** Opens a working copy; null opens an entity of which nothing is known. */
export function openDraft(ref: EntityRef, plan: EntityPlan, record: EntityRecord | null): Draft {
  const held = record === null ? [] : record.held.slice();
  if (record?.known === true) {
    return {
      ref,
      plan,
      known: true,
      values: record.values.slice(),
      setBy: record.setBy.slice(),
      lastKey: record.lastKey,
      lagMs: record.lagMs,
      fired: record.fired ?? 0,
      timers: record.timers.slice(),
      contributions: record.contributions.slice(),
      held,
      recent: record.recent,
      changed: 0,
      fresh: false,
    };
  }
  const nothing = { values: [], setBy: [], timers: [], contributions: [], recent: [], changed: 0 };
  const draft: Draft = { ref, plan, known: false, ...nothing, lastKey: null, lagMs: 0, fired: 0, held, fresh: true };
  reset(draft);
  return draft;
}

/** Gives a field a value; a change is remembered, for those that depend on it. */
export function setValue(draft: Draft, field: number, value: Value): void {
  if (draft.values[field] === value) return;
  draft.values[field] = value;
  draft.changed |= fieldBit(field);
}

/** Whether something is to be evaluated anew that was when timers and gauges last followed. */
export function isAffected(draft: Draft, reads: Reads): boolean {
  return draft.fresh || reads === READS_ALWAYS || (draft.changed & reads) !== 0;
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
  draft.recent = [];
  draft.fresh = true;
}

/** The record to keep, or null when there is nothing to remember. */
export function closeDraft(draft: Draft): EntityRecord | null {
  const { plan, held } = draft;
  if (!draft.known) {
    const blank = { values: [], setBy: [], lastKey: null, lagMs: 0, timers: [], contributions: [], recent: [] };
    return held.length === 0 ? null : { layoutId: plan.layoutId, known: false, ...blank, held };
  }
  const { known, values, setBy, lastKey, lagMs, fired, timers, contributions, recent } = draft;
  const parts = { known, values, setBy, lastKey, lagMs, timers, contributions, held, recent };
  const record = { layoutId: plan.layoutId, ...parts };
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
