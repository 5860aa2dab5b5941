import type { OverPlan } from '@app/language';
import type { Draft } from './draft.js';
import type { Contribution } from './entity.js';
import type { Ledger } from './ledger.js';

/** A counter is moved on at the latest after so long without event or timer (ms). */
export const STRETCH_MS = 60_000;

/** Begins to accrue: the series exists from now on. */
export function beginAccrual(over: OverPlan, contribution: Contribution, now: number, ledger: Ledger): Contribution {
  ledger.zero(over.metric, contribution.labels, now);
  return { ...contribution, accrued: { since: now, micro: 0 } };
}

/**
 * Adds to the series what the contribution has come to up to `now` (ms). The sum is the same however the time is cut into
 * stretches: what is added is always the difference between two rounded-down totals since the same beginning.
 */
export function accrue(over: OverPlan, contribution: Contribution, now: number, ledger: Ledger): Contribution {
  const { accrued, value } = contribution;
  if (accrued === undefined || now <= accrued.since) return contribution;
  const seconds = Math.floor((now - accrued.since) / 1000);
  const since = accrued.since + seconds * 1000;
  const rest = Math.floor((value * (now - since)) / 1000);
  const added = value * seconds + rest - accrued.micro;
  if (added > 0) ledger.observe(over.metric, contribution.labels, added, now);
  return { ...contribution, accrued: { since, micro: rest } };
}

/** When the engine moves the entity's counters on if nothing else does (ms), or null when none accrues. */
export function nextAccrual(draft: Draft, now: number): number | null {
  return draft.contributions.some((each) => each?.accrued !== undefined && each.value > 0) ? now + STRETCH_MS : null;
}
