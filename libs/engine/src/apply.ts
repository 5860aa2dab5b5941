import type { Event } from '@app/event';
import { BUILT_IN_FIELDS } from '@app/language';
import { type Draft, nowOf, setValue } from './draft.js';
import { follow } from './follow.js';
import type { Ledger } from './ledger.js';
import { compareKeys, orderKeyOf } from './order.js';
import { type Happening, observeOnly, react } from './react.js';
import { withRecent } from './recent.js';
import { fireArmedBy, fireBefore } from './timers.js';

/** An event that comes later than this creates no entity (ms). */
const TOO_LATE_MS = 72 * 3600 * 1000;

/**
 * Applies one event to one entity, in the order of language.md §3: timers that were due before it; own events and `on:`
 * metrics on the state before; `set` rules together; `since:` fields and timers; gauges.
 *
 * A late event (its key precedes that of the last one applied) counts, but fires no timer and overwrites nothing newer.
 */
export function applyEvent(draft: Draft, event: Event, ledger: Ledger): void {
  const key = orderKeyOf(event);
  const happening: Happening = { event, time: event.time, key };
  const reaction = draft.plan.reactions.get(event.type);
  const late = draft.lastKey !== null && compareKeys(key, draft.lastKey) < 0;
  const firings = { until: event.time - 1, after: null };
  if (!late) fireBefore(draft, event.time, firings, ledger);

  // Asked only now: one of these timers may have forgotten the entity.
  if (!draft.known && event.receivedAt - event.time > TOO_LATE_MS) {
    ledger.outcome(draft.ref.kind, 'late');
    ledger.begin(draft, event.type, event.time, 'late');
    observeOnly(draft, happening, reaction, ledger);
    ledger.end(draft);
    return;
  }
  ledger.outcome(draft.ref.kind, late ? 'late' : 'applied');
  ledger.know(draft.ref.accountId);
  ledger.begin(draft, event.type, event.time, late ? 'late' : 'applied');
  react(draft, happening, reaction, ledger);
  draft.known = true;
  draft.recent = withRecent(draft.recent, event.type, event.time);
  if (!late) {
    draft.lastKey = key;
    draft.lagMs = Math.max(0, event.receivedAt - event.time);
    draft.fired = 0;
    setValue(draft, BUILT_IN_FIELDS.lastEventAt, event.time);
  }
  follow(draft, event.time, nowOf(draft), ledger);
  ledger.end(draft);
  if (!late) fireArmedBy(draft, key, firings, ledger);
}
