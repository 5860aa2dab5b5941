import type { Event } from '@app/event';
import { applyEvent } from './apply.js';
import type { Draft } from './draft.js';
import type { TimerRecord } from './entity.js';
import type { Quiet } from './item.js';
import type { Ledger } from './ledger.js';
import { compareKeys, orderKeyOf } from './order.js';
import { fireOrCut, fireTimeOf, isPending } from './timers.js';

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
    const release = nextRelease(draft, rules);
    const timer = nextByClock(draft, rules, reach.armedUntil);
    if (release.due === Infinity && timer.due === Infinity) return;
    if (release.due <= timer.due) {
      if (release.due > reach.until) return;
      releaseThrough(draft, release.index, ledger);
    } else if (timer.due > Math.min(reach.until, reach.timersUntil)) {
      return;
    } else if (!releaseUpTo(draft, timer.time, ledger)) {
      firings.until = Math.max(timer.time, lastByClock(draft, reach, rules));
      fireOrCut(draft, timer.index, firings, ledger);
    }
  }
}

/** When something of the entity is due next (ms), or null. */
export function nextDue(draft: Draft, rules: ClockRules): number | null {
  const due = Math.min(nextRelease(draft, rules).due, nextByClock(draft, rules).due);
  return due === Infinity ? null : due;
}

function nextRelease(draft: Draft, rules: ClockRules): { index: number; due: number } {
  let index = -1;
  let due = Infinity;
  draft.held.forEach((event, position) => {
    const at = event.receivedAt + rules.holdMs;
    if (at >= due) return;
    index = position;
    due = at;
  });
  return { index, due };
}

function nextByClock(
  draft: Draft,
  rules: ClockRules,
  armedUntil = Infinity,
): { index: number; due: number; time: number } {
  let best = { index: -1, due: Infinity, time: Infinity };
  draft.timers.forEach((timer, index) => {
    if (!isPending(timer)) return;
    const due = clockDue(draft, timer, rules);
    const time = fireTimeOf(timer);
    if (time > armedUntil) return;
    if (due < best.due || (due === best.due && time < best.time)) best = { index, due, time };
  });
  return best;
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
