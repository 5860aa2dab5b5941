import type { EntityRef } from '@app/event';
import type { EntityPlan, MetricPlan, OverPlan } from '@app/language';
import { type Draft, nowOf, openDraft } from './draft.js';
import type { EntityRecord, TimerRecord } from './entity.js';
import { followSwitch } from './follow.js';
import type { Ledger } from './ledger.js';

/** What the positions of a record mean: kept beside the records, so that another catalog can still read them. */
export interface Layout {
  readonly fields: readonly (readonly [name: string, type: string])[];
  readonly timers: readonly string[];
  /** Of the `over:` rules: the metric's series key, and how it is kept. */
  readonly overs: readonly (readonly [seriesKey: string, kept: MetricPlan['kept']])[];
}

/** The layout of a plan, as text to be kept under its `layoutId`. */
export function layoutText(plan: EntityPlan): string {
  const layout: Layout = {
    fields: plan.fields.map((field) => [field.name, field.type]),
    timers: plan.timers.map((timer) => timer.id),
    overs: plan.overs.map(({ metric }) => [metric.seriesKey, metric.kept]),
  };
  return JSON.stringify(layout);
}

/** Reads a layout that {@link layoutText} wrote. */
export function parseLayout(text: string): Layout {
  return JSON.parse(text) as Layout;
}

/** The series keys of the gauges to which an entity of this layout may contribute. */
export function gaugesOf(layout: Layout): readonly string[] {
  return layout.overs.flatMap(([key, { kind }]) => (kind === 'accruing' ? [] : [key]));
}

/**
 * Opens a record that was stored under another catalog. Fields keep their values by name and type, timers by id; what
 * is new is its default. No `set` rule runs and no metric is observed: only timers and gauges are evaluated anew, and a
 * new own event whose time is already past `clock` (ms) counts as fired. What the entity has put into gauges that are no
 * more is taken back, so that a gauge always is the sum of what the records say. A new accruing counter begins at `clock`.
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
  adoptContributions(draft, record, layout, at.ledger);
  const before = adoptTimers(draft, record, layout);
  draft.known = true;
  draft.lastKey = record.lastKey;
  draft.lagMs = record.lagMs;
  draft.fired = record.fired ?? 0;
  draft.recent = record.recent;
  const known = new Set(layout.overs.map(([key]) => key));
  const now = nowOf(draft);
  const beginsAt = (over: OverPlan) => (known.has(over.metric.seriesKey) ? now : Math.max(now, at.clock));
  followSwitch(draft, now, at.ledger, beginsAt);
  draft.timers = draft.timers.map((timer, index) =>
    plan.timers[index]?.kind === 'own' ? settle(timer, before[index] ?? null, at.clock) : timer,
  );
}

/** What the entity contributes to gauges and counters that stay is kept, the rest is taken back; what accrued stays. */
function adoptContributions(draft: Draft, record: EntityRecord, layout: Layout, ledger: Ledger): void {
  const overAt = positions(draft.plan.overs.map((over) => over.metric.seriesKey));
  layout.overs.forEach(([seriesKey, kept], index) => {
    const contribution = record.contributions[index] ?? null;
    const position = overAt.get(seriesKey);
    if (contribution === null) return;
    if (position !== undefined) draft.contributions[position] = contribution;
    else if (kept.kind !== 'accruing') ledger.takeBack({ seriesKey, kept }, contribution, draft.ref);
  });
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
