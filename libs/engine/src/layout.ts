import type { EntityRef } from '@app/event';
import type { EntityPlan } from '@app/language';
import { type Draft, nowOf, openDraft } from './draft.js';
import type { EntityRecord, TimerRecord } from './entity.js';
import { follow } from './follow.js';
import type { Ledger } from './ledger.js';

/** What the positions of a record mean: kept beside the records, so that another catalog can still read them. */
export interface Layout {
  readonly fields: readonly (readonly [name: string, type: string])[];
  readonly timers: readonly string[];
  /** Series keys of the `over:` rules. */
  readonly overs: readonly string[];
}

/** The layout of a plan, as text to be kept under its `layoutId`. */
export function layoutText(plan: EntityPlan): string {
  const layout: Layout = {
    fields: plan.fields.map((field) => [field.name, field.type]),
    timers: plan.timers.map((timer) => timer.id),
    overs: plan.overs.map((over) => over.metric.seriesKey),
  };
  return JSON.stringify(layout);
}

/** Reads a layout that {@link layoutText} wrote. */
export function parseLayout(text: string): Layout {
  return JSON.parse(text) as Layout;
}

/**
 * Opens a record that was stored under another catalog. Fields keep their values by name and type, timers by id; what
 * is new is its default. No `set` rule runs and no metric is observed: only timers and gauges are evaluated anew, and a
 * new timer whose time is already past `clock` (ms) counts as fired.
 */
function adopt(draft: Draft, record: EntityRecord, layout: Layout, at: Pick<Adoption, 'clock' | 'ledger'>): void {
  if (!record.known) return;
  const { plan } = draft;
  const fieldAt = positions(layout.fields.map(([name, type]) => `${name}:${type}`));
  plan.fields.forEach((field, index) => {
    const from = fieldAt.get(`${field.name}:${field.type}`);
    if (from === undefined) return;
    draft.values[index] = record.values[from] ?? null;
    draft.setBy[index] = record.setBy[from] ?? null;
  });
  const overAt = positions(layout.overs);
  plan.overs.forEach((over, index) => {
    draft.contributions[index] = record.contributions[overAt.get(over.metric.seriesKey) ?? -1] ?? null;
  });
  const before = adoptTimers(draft, record, layout);
  draft.known = true;
  draft.lastKey = record.lastKey;
  draft.lagMs = record.lagMs;
  const now = nowOf(draft);
  follow(draft, now, now, at.ledger);
  draft.timers = draft.timers.map((timer, index) => settle(timer, before[index] ?? null, at.clock));
}

/** What opening a record of another catalog takes. */
export interface Adoption {
  readonly plan: EntityPlan;
  /** Every layout under which a record may be stored, by id. */
  readonly layouts: ReadonlyMap<string, string>;
  /** The partition's clock (ms). */
  readonly clock: number;
  readonly ledger: Ledger;
}

/** Opens a record under the present plan, whatever plan it was stored under. */
export function openUnder(ref: EntityRef, record: EntityRecord | null, adoption: Adoption): Draft {
  const { plan, layouts, clock, ledger } = adoption;
  if (record === null || record.layoutId === plan.layoutId) return openDraft(ref, plan, record);
  const draft = openDraft(ref, plan, { ...record, known: false });
  const text = layouts.get(record.layoutId);
  if (text !== undefined) adopt(draft, record, parseLayout(text), { clock, ledger });
  return draft;
}

function adoptTimers(draft: Draft, record: EntityRecord, layout: Layout): (TimerRecord | null)[] {
  const timerAt = positions(layout.timers);
  return draft.plan.timers.map((timer, index) => {
    const old = record.timers[timerAt.get(timer.id) ?? -1] ?? null;
    if (old !== null) draft.timers[index] = old;
    return old;
  });
}

/** A timer that the switch has armed for a time already past does not fire. */
function settle(timer: TimerRecord, before: TimerRecord | null, clock: number): TimerRecord {
  const moved = before === null || before.at !== timer.at;
  return moved && timer.at !== null && timer.at <= clock ? { ...timer, firedFor: timer.at } : timer;
}

function positions(names: readonly string[]): Map<string, number> {
  return new Map(names.map((name, index) => [name, index]));
}
