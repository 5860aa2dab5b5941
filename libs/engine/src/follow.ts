import { NOTHING_CARRIED } from '@app/event';
import type { OverPlan, Scope, ScopeEvent } from '@app/language';
import type { Draft } from './draft.js';
import type { Contribution } from './entity.js';
import { labelsOf, type Ledger, toMicro } from './ledger.js';
import { holds } from './react.js';

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
  followGauges(draft, scope, ledger);
}

/** Takes back everything that the entity contributes to gauges. */
export function withdraw(draft: Draft, time: number, ledger: Ledger): void {
  draft.plan.overs.forEach((over, index) => {
    exchange(draft, over, { present: draft.contributions[index] ?? null, wanted: null }, { time, ledger });
    draft.contributions[index] = null;
  });
}

function followSinces(draft: Draft, time: number, scope: Scope, ledger: Ledger): void {
  for (const since of draft.plan.sinces) {
    const value = since.condition(scope);
    if (value === undefined) ledger.noResult(since.rule);
    else if (value !== true) draft.values[since.field] = null;
    else draft.values[since.field] ??= time;
  }
}

function armTimers(draft: Draft, time: number, scope: Scope, ledger: Ledger): void {
  draft.plan.timers.forEach((plan, index) => {
    const at = plan.at(scope);
    const timer = draft.timers[index];
    if (at === undefined) ledger.noResult(plan.rule);
    else if (timer !== undefined && at !== timer.at && (at === null || typeof at === 'number')) {
      draft.timers[index] = { at, armedAt: time, firedFor: timer.firedFor };
    }
  });
}

/** Brings what the entity contributes to each gauge up to its present state. */
export function followGauges(draft: Draft, scope: Scope, ledger: Ledger): void {
  draft.plan.overs.forEach((over, index) => {
    const wanted = contributionOf(draft, over, scope, ledger);
    const present = draft.contributions[index] ?? null;
    if (same(present, wanted)) return;
    exchange(draft, over, { present, wanted }, { time: scope.now, ledger });
    draft.contributions[index] = wanted;
  });
}

function contributionOf(draft: Draft, over: OverPlan, scope: Scope, ledger: Ledger): Contribution | null {
  if (!holds(over.when, over.rule, scope, ledger)) return null;
  const raw = over.value.kind === 'age' ? over.value.since(scope) : over.value.evaluate(scope);
  if (raw === null) return null;
  const value = over.value.kind === 'age' && typeof raw === 'number' ? Math.round(raw) : toMicro(raw);
  const labels = labelsOf(draft.ref.accountId, over.labels, scope);
  if (value !== undefined && labels !== undefined && !ledger.refuses(over.metric, labels)) return { labels, value };
  ledger.noResult(over.rule);
  return null;
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
    if (over.value.kind === 'age') at.ledger.age(over.metric, present.labels, draft.ref, null);
  }
  if (wanted !== null) {
    at.ledger.contribute(over.metric, wanted, 1, at.time);
    if (over.value.kind === 'age') at.ledger.age(over.metric, wanted.labels, draft.ref, wanted.value);
  }
}

interface Exchange {
  readonly present: Contribution | null;
  readonly wanted: Contribution | null;
}

function same(a: Contribution | null, b: Contribution | null): boolean {
  if (a === null || b === null) return a === b;
  return a.value === b.value && a.labels.every((label, index) => label === b.labels[index]);
}

/** The stand-in for an event at a timer: its time and the entity's own id are known, the rest is null. */
export function timerEvent(draft: Draft, time: number, type: string): ScopeEvent {
  const { kind, accountId, id } = draft.ref;
  const own = kind === 'conversation' ? { conversationId: id } : { agentId: id };
  return { ...NO_EVENT, type, time, accountId, ...own };
}
