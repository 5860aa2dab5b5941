import type { Event } from '@app/event';
import { applyEvent } from './apply.js';
import type { Draft } from './draft.js';
import type { TimerRecord } from './entity.js';
import type { Quiet } from './item.js';
import type { Ledger } from './ledger.js';
import { compareKeys, orderKeyOf } from './order.js';
import { fireOrCut, type Firings, fireTimeOf, isPending } from './timers.js';

/** By which rules the partition's clock moves an entity. */
export interface ClockRules {
  /** For how long an event is held after its receivedAt (ms); 0 turns holding off. */
  readonly holdMs: number;
  /** When the clock fires no timer, because ingestion was away. */
  readonly quiet: Quiet | null;
}

/** How far the partition's clock has come (ms, both inclusive). */
export interface Reach {
  readonly until: number;
  /** Timers due after this wait, and so does what is due after them: ingestion was not known to be ready. */
  readonly timersUntil: number;
  /** Only timers that fire for this time or before are looked at; all of them when left out. */
  readonly armedUntil?: number;
}

/** Takes in an event: it is held, or applied at once when holding is off. Call {@link advance} to just before it first. */
export function receive(draft: Draft, event: Event, rules: ClockRules, ledger: Ledger): void {
  if (rules.holdMs === 0) {
    applyEvent(draft, event, ledger);
    return;
  }
  const key = orderKeyOf(event);
  const before = draft.held.findLastIndex((held) => compareKeys(orderKeyOf(held), key) <= 0);
  draft.held.splice(before + 1, 0, event);
}

/**
 * Does what is due at the entity up to `reach`, in order of due time: releases held events, fires timers. At equal times
 * events come first; before a timer fires, held events at or before its armed time are released, and may move it.
 */
export function advance(draft: Draft, reach: Reach, rules: ClockRules, ledger: Ledger): void {
  const firings = { until: 0, after: null };
  for (;;) {
    const release = nextRelease(draft);
    const timer = nextByClock(draft, rules, reach.armedUntil);
    const releaseDue = releaseDueOf(draft, release, rules);
    const timerDue = clockDueOf(draft, timer, rules);
    if (releaseDue === Infinity && timerDue === Infinity) return;
    if (releaseDue <= timerDue) {
      if (releaseDue > reach.until) return;
      releaseThrough(draft, release, ledger);
    } else if (timerDue > Math.min(reach.until, reach.timersUntil)) {
      return;
    } else {
      fireByClock(draft, timer, { reach, rules, firings, ledger });
    }
  }
}

interface Firing {
  readonly reach: Reach;
  readonly rules: ClockRules;
  readonly firings: Firings;
  readonly ledger: Ledger;
}

/** Fires a timer, unless held events at or before its time are to be released first. */
function fireByClock(draft: Draft, index: number, { reach, rules, firings, ledger }: Firing): void {
  const timer = draft.timers[index];
  const time = timer === undefined ? Infinity : fireTimeOf(timer);
  if (releaseUpTo(draft, time, ledger)) return;
  firings.until = Math.max(time, lastByClock(draft, reach, rules));
  fireOrCut(draft, index, firings, ledger);
}

/** When something of the entity is due next (ms), or null. */
export function nextDue(draft: Draft, rules: ClockRules): number | null {
  const release = releaseDueOf(draft, nextRelease(draft), rules);
  const due = Math.min(release, clockDueOf(draft, nextByClock(draft, rules), rules));
  return due === Infinity ? null : due;
}

/** The held event that is released first, as its index; -1 when none is held. */
function nextRelease({ held }: Draft): number {
  let first = -1;
  let least = Infinity;
  for (let index = 0; index < held.length; index += 1) {
    const receivedAt = held[index]?.receivedAt ?? Infinity;
    if (receivedAt >= least) continue;
    first = index;
    least = receivedAt;
  }
  return first;
}

function releaseDueOf({ held }: Draft, index: number, { holdMs }: ClockRules): number {
  const event = held[index];
  return event === undefined ? Infinity : event.receivedAt + holdMs;
}

/** The pending timer that the clock fires first, as its index; -1 when there is none. */
function nextByClock(draft: Draft, rules: ClockRules, armedUntil = Infinity): number {
  const { timers } = draft;
  let best = -1;
  let bestDue = Infinity;
  let bestTime = Infinity;
  for (let index = 0; index < timers.length; index += 1) {
    const timer = timers[index];
    if (timer === undefined || !isPending(timer)) continue;
    const time = fireTimeOf(timer);
    if (time > armedUntil) continue;
    const due = clockDue(draft, timer, rules);
    if (due > bestDue || (due === bestDue && time >= bestTime)) continue;
    best = index;
    bestDue = due;
    bestTime = time;
  }
  return best;
}

function clockDueOf(draft: Draft, index: number, rules: ClockRules): number {
  const timer = draft.timers[index];
  return timer === undefined ? Infinity : clockDue(draft, timer, rules);
}

/** A timer's due instant: armed time + lag + hold, or the end of the quiet time in which that falls. */
function clockDue(draft: Draft, timer: TimerRecord, rules: ClockRules): number {
  const due = (timer.at ?? 0) + draft.lagMs + rules.holdMs;
  const { quiet } = rules;
  return quiet !== null && due > quiet.from && due < quiet.until ? quiet.until : due;
}

/** The greatest armed time (ms) that the clock has surely reached within `reach`. */
function lastByClock(draft: Draft, { until, timersUntil, armedUntil }: Reach, { holdMs, quiet }: ClockRules): number {
  if (quiet !== null) return -Infinity;
  return Math.min(until - draft.lagMs - holdMs, timersUntil - draft.lagMs - holdMs, armedUntil ?? Infinity);
}

/** Releases the held event at `index` and those that precede it. */
function releaseThrough(draft: Draft, index: number, ledger: Ledger): void {
  for (const event of draft.held.splice(0, index + 1)) applyEvent(draft, event, ledger);
}

/** Releases all held events at or before `time` (ms); false when there were none. */
function releaseUpTo(draft: Draft, time: number, ledger: Ledger): boolean {
  const last = draft.held.findLastIndex((event) => event.time <= time);
  if (last < 0) return false;
  releaseThrough(draft, last, ledger);
  return true;
}
