import type { OverPlan } from '@app/language';
import type { Draft } from './draft.js';
import type { Accrued, Contribution } from './entity.js';
import type { LabelSet } from './label-set.js';
import type { Ledger } from './ledger.js';
import { MINUTE_MS, minuteOf, MINUTES_KEPT } from './minutes.js';
import { SUM_LIMIT } from './retention.js';

/** A counter is moved on at the latest after so long without event or timer (ms). */
export const STRETCH_MS = 60_000;

const MOST_ADDED = Number(SUM_LIMIT);

/** An event may be a few minutes ahead of the partition's clock: so much longer minutes are kept, to be sure. */
const MINUTES_AHEAD = 10;

/** Begins to accrue: the series exists from now on. */
export function beginAccrual(over: OverPlan, contribution: Contribution, now: number, ledger: Ledger): Contribution {
  ledger.zero(over.metric, ledger.setOf(contribution), now);
  const { labels, value } = contribution;
  return { labels, value, accrued: { since: now, micro: 0 } };
}

/**
 * Adds to the series what the contribution has come to up to `now` (ms). The sum is the same however the time is cut into
 * stretches: what is added is always the difference between two rounded-down totals since the same beginning. So it is in
 * each minute, when the metric is read in windows. What would take the sum out of its range has no result.
 */
export function accrue(over: OverPlan, contribution: Contribution, now: number, ledger: Ledger): Contribution {
  const { accrued, value, labels } = contribution;
  if (accrued === undefined || now <= accrued.since) return contribution;
  const added = totalAt(value, accrued.since, now) - accrued.micro;
  const set = ledger.setOf(contribution);
  if (added > MOST_ADDED || ledger.admit(over.metric, set) === undefined) {
    ledger.noResult(over.rule);
  } else {
    if (over.metric.minutes) accrueMinutes(over, { labels: set, value }, accrued, { now, ledger });
    if (added > 0) ledger.accrue(over.metric, set, added, { time: now });
  }
  const since = accrued.since + Math.floor((now - accrued.since) / 1000) * 1000;
  return { labels, value, accrued: { since, micro: totalAt(value, since, now) } };
}

/** What comes together from one time to another (ms), rounded down. */
function totalAt(value: number, since: number, time: number): number {
  const seconds = Math.floor((time - since) / 1000);
  return value * seconds + Math.floor((value * (time - since - seconds * 1000)) / 1000);
}

/** Cuts a stretch at the minutes of event time. Minutes that no window can reach any more are left out. */
function accrueMinutes(
  over: OverPlan,
  { value, labels }: { readonly value: number; readonly labels: LabelSet },
  { since, micro }: Accrued,
  { now, ledger }: { readonly now: number; readonly ledger: Ledger },
): void {
  const first = Math.max(minuteOf(since), minuteOf(now) - MINUTES_KEPT - MINUTES_AHEAD);
  for (let minute = first; minute <= minuteOf(now); minute += 1) {
    // What was added before lies within the first second: totals tell on which side of a minute's end.
    const before = Math.max(micro, totalAt(value, since, Math.max(since, minute * MINUTE_MS)));
    const to = Math.min(now, (minute + 1) * MINUTE_MS);
    const added = totalAt(value, since, to) - before;
    if (added > 0) ledger.accrue(over.metric, labels, added, { time: to, minute });
  }
}

/** When the engine moves the entity's counters on if nothing else does (ms), or null when none accrues. */
export function nextAccrual(draft: Draft, now: number): number | null {
  return draft.contributions.some((each) => each !== null && each.accrued !== undefined && each.value > 0)
    ? now + STRETCH_MS
    : null;
}
