import { NOTHING_CARRIED } from '@app/event';
import type { OverPlan, Reads, Scope, ScopeEvent } from '@app/language';
import { accrue, beginAccrual, nextAccrual } from './accrue.js';
import { type Draft, isAffected, setValue } from './draft.js';
import type { Contribution } from './entity.js';
import { type Ledger, toMicro } from './ledger.js';
import { holds, wantedLabels } from './react.js';

/** For rules that follow state and may not read `event.*`. */
export const NO_EVENT: ScopeEvent = {
  ...NOTHING_CARRIED,
  type: '',
  time: null,
  accountId: null,
  receivedAt: null,
  uid: null,
};

/**
 * Steps 4 and 5 of applying an event: `since:` fields, timers and `over:` gauges follow the new state.
 * @param time The event's or timer's time (ms): what becomes true now became true then.
 * @param now How far the entity's own time has come (ms), for `age()`.
 */
export function follow(draft: Draft, time: number, now: number, ledger: Ledger): void {
  const scope: Scope = { state: draft.values, event: NO_EVENT, now };
  followSinces(draft, time, scope, ledger);
  armTimers(draft, time, scope, ledger);
  followState(draft, scope, ledger);
}

/**
 * At the switch to another catalog timers and gauges follow the state as it is; `since:` fields wait for the next event.
 * @param now How far the entity's own time has come (ms).
 * @param beginsAt From when (ms) an accruing counter that begins now accrues.
 */
export function followSwitch(draft: Draft, now: number, ledger: Ledger, beginsAt: (over: OverPlan) => number): void {
  const scope: Scope = { state: draft.values, event: NO_EVENT, now };
  armTimers(draft, now, scope, ledger);
  followState(draft, scope, ledger, beginsAt);
}

/** Takes back everything that the entity contributes to gauges; what has accrued stays. */
export function withdraw(draft: Draft, time: number, ledger: Ledger): void {
  moveAccruals(draft, time, ledger);
  draft.plan.overs.forEach((over, index) => {
    const present = draft.contributions[index] ?? null;
    if (over.value.kind !== 'rate') exchange(draft, over, { present, wanted: null }, { time, ledger });
    draft.contributions[index] = null;
  });
}

function followSinces(draft: Draft, time: number, scope: Scope, ledger: Ledger): void {
  for (const since of draft.plan.sinces) {
    const value = since.condition(scope);
    if (value === undefined) ledger.noResult(since.rule);
    else if (value !== true) setValue(draft, since.field, null);
    else if ((draft.values[since.field] ?? null) === null) setValue(draft, since.field, time);
  }
}

function armTimers(draft: Draft, time: number, scope: Scope, ledger: Ledger): void {
  const { timers } = draft.plan;
  for (let index = 0; index < timers.length; index += 1) {
    const plan = timers[index];
    if (plan === undefined || plan.kind === 'accrue' || !isDue(draft, plan.reads, ledger)) continue;
    const at = plan.at(scope);
    if (at === undefined) ledger.noResult(plan.rule);
    else if (at === null || typeof at === 'number') arm(draft, index, at, time);
  }
}

/** Arms a timer for `at`, or takes it down; one that is armed for that already stays as it is. */
function arm(draft: Draft, index: number, at: number | null, time: number): void {
  const timer = draft.timers[index];
  if (timer !== undefined && at !== timer.at) draft.timers[index] = { at, armedAt: time, firedFor: timer.firedFor };
}

/** Brings what the entity contributes to each gauge and accruing counter up to its present state. */
export function followState(
  draft: Draft,
  scope: Scope,
  ledger: Ledger,
  beginsAt: (over: OverPlan) => number = () => scope.now,
): void {
  moveAccruals(draft, scope.now, ledger);
  const { overs, timers } = draft.plan;
  for (let index = 0; index < overs.length; index += 1) {
    const over = overs[index];
    if (over === undefined || !isDue(draft, over.reads, ledger)) continue;
    followRule(draft, index, { over, scope, ledger, beginsAt });
  }
  for (let index = 0; index < timers.length; index += 1) {
    if (timers[index]?.kind === 'accrue') arm(draft, index, nextAccrual(draft, scope.now), scope.now);
  }
  draft.changed = 0;
  draft.fresh = false;
}

/** Whoever is told how numbers come about is told of every condition that was false: then all of them are asked. */
function isDue(draft: Draft, reads: Reads, ledger: Ledger): boolean {
  return ledger.isTraced || isAffected(draft, reads);
}

interface Following {
  readonly over: OverPlan;
  readonly scope: Scope;
  readonly ledger: Ledger;
  readonly beginsAt: (over: OverPlan) => number;
}

function followRule(draft: Draft, index: number, { over, scope, ledger, beginsAt }: Following): void {
  const wanted = contributionOf(draft, over, scope, ledger);
  const present = draft.contributions[index] ?? null;
  if (same(present, wanted)) return;
  if (over.value.kind === 'rate') {
    draft.contributions[index] = wanted && beginAccrual(over, wanted, beginsAt(over), ledger);
    return;
  }
  exchange(draft, over, { present, wanted }, { time: scope.now, ledger });
  draft.contributions[index] = wanted;
}

function moveAccruals(draft: Draft, now: number, ledger: Ledger): void {
  const { contributions, plan } = draft;
  for (let index = 0; index < contributions.length; index += 1) {
    const present = contributions[index] ?? null;
    const over = plan.overs[index];
    if (over === undefined || present?.accrued === undefined) continue;
    contributions[index] = accrue(over, present, now, ledger);
  }
}

function contributionOf(draft: Draft, over: OverPlan, scope: Scope, ledger: Ledger): Contribution | null {
  if (!holds(over.when, over.rule, scope, ledger)) return null;
  const value = amountOf(over, scope);
  if (value === null) return null;
  const labels = wantedLabels(draft, over, scope, ledger);
  if (value === undefined || labels === undefined) {
    ledger.noResult(over.rule);
    return null;
  }
  if (over.value.kind !== 'rate' || value >= 0) return { labels: labels.values, value };
  ledger.count(`observations_dropped_total|${over.metric.name}|negative`);
  return null;
}

/** Micro-units, or of an age the time in ms; null is no value, undefined no result. */
function amountOf({ value }: OverPlan, scope: Scope): number | null | undefined {
  const raw = value.kind === 'age' ? value.since(scope) : value.evaluate(scope);
  if (raw === null) return null;
  return value.kind === 'age' && typeof raw === 'number' ? Math.round(raw) : toMicro(raw);
}

/** Takes the present contribution out of the gauge and puts the wanted one in. */
function exchange(
  draft: Draft,
  over: OverPlan,
  { present, wanted }: Exchange,
  at: { time: number; ledger: Ledger },
): void {
  if (present !== null) {
    at.ledger.contribute(over.metric, present, -1, at.time);
    if (over.value.kind === 'age') at.ledger.age(over.metric, at.ledger.setOf(present), draft.ref, null);
  }
  if (wanted !== null) {
    at.ledger.contribute(over.metric, wanted, 1, at.time);
    if (over.value.kind === 'age') at.ledger.age(over.metric, at.ledger.setOf(wanted), draft.ref, wanted.value);
  }
}

interface Exchange {
  readonly present: Contribution | null;
  readonly wanted: Contribution | null;
}

function same(a: Contribution | null, b: Contribution | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.value !== b.value) return false;
  for (let index = 0; index < a.labels.length; index += 1) if (a.labels[index] !== b.labels[index]) return false;
  return true;
}

/** The stand-in for an event at a timer: its time and the entity's own id are known, the rest is null. */
export function timerEvent(draft: Draft, time: number, type: string): ScopeEvent {
  const { kind, accountId, id } = draft.ref;
  const own = kind === 'conversation' ? { conversationId: id } : { agentId: id };
  return { ...NO_EVENT, type, time, accountId, ...own };
}
