import { STRETCH_MS } from './accrue.js';
import { type Draft, nowOf, reset } from './draft.js';
import type { TimerRecord } from './entity.js';
import { follow, followState, NO_EVENT, timerEvent, withdraw } from './follow.js';
import type { Ledger } from './ledger.js';
import { MINUTE_MS } from './minutes.js';
import { type OrderKey, timerKey } from './order.js';
import { react } from './react.js';

/**
 * A timer that arms itself again and again is cut: between two events, an entity's own timers fire at most so often, and
 * once more for each minute since the first of the two. That depends on the entity's history alone, not on batches.
 */
const MOST_FIRINGS = 1000;

/** How a step fires timers. */
export interface Firings {
  /** The greatest time (ms) for which the step may fire. */
  until: number;
  /** The event directly after which timers fire now; null while each fires at its own time. */
  after: OrderKey | null;
}

/** Fires, earliest first, all timers due strictly before `time` (ms). */
export function fireBefore(draft: Draft, time: number, firings: Firings, ledger: Ledger): void {
  fireWhile(draft, firings, ledger, (timer) => fireTimeOf(timer) < time);
}

/** Fires the timers that the event of this key has armed for a time before its own: they fire directly after it. */
export function fireArmedBy(draft: Draft, key: OrderKey, firings: Firings, ledger: Ledger): void {
  const { time } = key;
  firings.after = key;
  fireWhile(draft, firings, ledger, (timer) => timer.armedAt === time && (timer.at ?? time) < time);
}

/** When a timer that is to fire fires (ms, event time): its armed time, or that of the event that armed it if later. */
export function fireTimeOf(timer: TimerRecord): number {
  return Math.max(timer.at ?? 0, timer.armedAt);
}

/** Whether the timer is armed and has not fired for this armed time yet. */
export function isPending(timer: TimerRecord): boolean {
  return timer.at !== null && timer.at !== timer.firedFor;
}

/** The pending timer that fires first, and by the order of the plan within a tie; -1 when there is none. */
export function nextTimer(draft: Draft, accepts: (timer: TimerRecord) => boolean): number {
  let first = -1;
  let firstTime = Infinity;
  for (let index = 0; index < draft.timers.length; index += 1) {
    const timer = draft.timers[index];
    if (timer === undefined || !isPending(timer) || !accepts(timer)) continue;
    const time = fireTimeOf(timer);
    if (time < firstTime) {
      first = index;
      firstTime = time;
    }
  }
  return first;
}

/** Fires one timer of the entity; when too many have fired since its last event, it counts as fired without effect. */
export function fireOrCut(draft: Draft, index: number, firings: Firings, ledger: Ledger): void {
  const timer = draft.timers[index];
  if (timer === undefined) return;
  if (mayFire(draft, index, fireTimeOf(timer))) {
    if (draft.plan.timers[index]?.kind === 'accrue') leap(draft, index, firings.until);
    fire(draft, index, firings.after, ledger);
  } else {
    draft.timers[index] = { ...timer, firedFor: timer.at };
    ledger.count(`timer_firings_cut_total|${draft.ref.kind}`);
  }
}

/** Only timers that rules arm can go round in circles. */
function mayFire(draft: Draft, index: number, time: number): boolean {
  if (draft.plan.timers[index]?.kind !== 'own') return true;
  const minutes = Math.max(0, Math.floor((time - (draft.lastKey?.time ?? time)) / MINUTE_MS));
  if (draft.fired >= MOST_FIRINGS + minutes) return false;
  draft.fired += 1;
  return true;
}

/**
 * Lets an accruing counter skip the minutes in which nothing else happens: the sum is the same, and days without events
 * are one step.
 */
function leap(draft: Draft, index: number, until: number): void {
  const timer = draft.timers[index];
  if (timer === undefined || timer.at === null) return;
  let last = Math.min(until, (draft.held[0]?.time ?? Infinity) - 1);
  draft.timers.forEach((other, position) => {
    if (position !== index && isPending(other)) last = Math.min(last, fireTimeOf(other) - 1);
  });
  const stretches = Math.floor((last - timer.at) / STRETCH_MS);
  if (stretches > 0) draft.timers[index] = { ...timer, at: timer.at + stretches * STRETCH_MS };
}

/** When a timer fires (ms), and the event directly after which it does, if so. */
interface Firing {
  readonly time: number;
  readonly after: OrderKey | null;
}

function fire(draft: Draft, index: number, after: OrderKey | null, ledger: Ledger): void {
  const timer = draft.timers[index];
  const plan = draft.plan.timers[index];
  if (timer === undefined || plan === undefined) return;
  const time = fireTimeOf(timer);
  draft.timers[index] = { ...timer, firedFor: timer.at };
  ledger.begin(draft, plan.id, time, 'fired');
  takeEffect(draft, index, { time, after }, ledger);
  ledger.end(draft);
}

/** Of a timer that fires directly after an event, the fields take that event's place: the next one comes after it. */
function takeEffect(draft: Draft, index: number, { time, after }: Firing, ledger: Ledger): void {
  const plan = draft.plan.timers[index];
  switch (plan?.kind) {
    case undefined:
      return;
    case 'own': {
      const event = timerEvent(draft, time, plan.id);
      react(draft, { event, time, key: after ?? timerKey(time) }, draft.plan.reactions.get(plan.id), ledger);
      follow(draft, time, Math.max(time, nowOf(draft)), ledger);
      return;
    }
    case 'flip': {
      const now = Math.max(time, nowOf(draft));
      followState(draft, { state: draft.values, event: NO_EVENT, now }, ledger);
      rearm(draft, index, now, ledger);
      return;
    }
    case 'accrue':
      followState(draft, { state: draft.values, event: NO_EVENT, now: Math.max(time, nowOf(draft)) }, ledger);
      return;
    case 'forget':
      withdraw(draft, Math.max(time, nowOf(draft)), ledger);
      reset(draft);
      return;
  }
}

/** A flip is followed by the next one of the same rule. */
function rearm(draft: Draft, index: number, now: number, ledger: Ledger): void {
  const plan = draft.plan.timers[index];
  const timer = draft.timers[index];
  if (plan === undefined || timer === undefined) return;
  const at = plan.at({ state: draft.values, event: NO_EVENT, now });
  if (at === undefined) ledger.noResult(plan.rule);
  else if (at === null || typeof at === 'number') draft.timers[index] = { ...timer, at, armedAt: now };
}

function fireWhile(draft: Draft, firings: Firings, ledger: Ledger, accepts: (timer: TimerRecord) => boolean): void {
  for (let next = nextTimer(draft, accepts); next >= 0; next = nextTimer(draft, accepts)) {
    fireOrCut(draft, next, firings, ledger);
  }
}
