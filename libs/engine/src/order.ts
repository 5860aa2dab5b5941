import { EVENT_TYPES, type Event } from '@app/event';

/** Where an event stands in its entity's order: compared field by field, in this order. */
export interface OrderKey {
  readonly time: number;
  readonly rank: number;
  readonly uid: string;
  readonly conversationId: string;
  readonly agentId: string;
}

const RANKS: ReadonlyMap<string, number> = new Map(EVENT_TYPES.map((type, index) => [type, index * 2]));

/** A timer comes after all events of its time. */
const TIMER_RANK = EVENT_TYPES.length * 2;

/** The order key of an event. Among app actions of one time, those that unfocus come first. */
export function orderKeyOf(event: Event): OrderKey {
  const rank = RANKS.get(event.type) ?? 0;
  const unfocus = event.type === 'AppActionEvent' && (event.actionName ?? '').toUpperCase().startsWith('UNFOCUS');
  return {
    time: event.time,
    rank: event.type === 'AppActionEvent' && !unfocus ? rank + 1 : rank,
    uid: event.uid,
    conversationId: event.conversationId ?? '',
    agentId: event.agentId ?? '',
  };
}

/** The order key of a timer that fires for `time` (ms). */
export function timerKey(time: number): OrderKey {
  return { time, rank: TIMER_RANK, uid: '', conversationId: '', agentId: '' };
}

/** Negative when `a` comes before `b`. Text is compared by code units, so that every machine agrees. */
export function compareKeys(a: OrderKey, b: OrderKey): number {
  return (
    a.time - b.time ||
    a.rank - b.rank ||
    compareText(a.uid, b.uid) ||
    compareText(a.conversationId, b.conversationId) ||
    compareText(a.agentId, b.agentId)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
