import { AGENT_STATES, EVENT_TYPES, type Event } from '@app/event';
import type { ShapeReader } from './codec-reader.js';
import type { RecentEvent } from './entity.js';

/** A held event by field position. A change of this order is a new format version. */
export function encodeEvent(event: Event): readonly unknown[] {
  return [
    event.type,
    event.time,
    event.receivedAt,
    event.accountId,
    event.uid,
    event.conversationId,
    event.agentId,
    event.agentName,
    event.isAssigned,
    event.effectiveTtr,
    event.stateCode,
    event.state,
    event.reasonCode,
    event.reason,
    event.viewName,
    event.actionName,
    event.assignedWeight,
    event.maxSlots,
    event.assignedConversations,
  ];
}

/** The inverse of {@link encodeEvent}. */
export function decodeEvent(value: unknown, read: ShapeReader): Event {
  const parts = read.list(value);
  const text = (at: number) => (parts[at] === null ? null : read.text(parts[at]));
  const number = (at: number) => (parts[at] === null ? null : read.number(parts[at]));
  return {
    type: EVENT_TYPES.find((type) => type === parts[0]) ?? read.fail('ConversationRequestEvent'),
    time: read.number(parts[1]),
    receivedAt: read.number(parts[2]),
    accountId: read.text(parts[3]),
    uid: read.text(parts[4]),
    conversationId: text(5),
    agentId: text(6),
    agentName: text(7),
    isAssigned: parts[8] === null || typeof parts[8] === 'boolean' ? parts[8] : read.fail(null),
    effectiveTtr: number(9),
    stateCode: text(10),
    state: parts[11] === null ? null : (AGENT_STATES.find((state) => state === parts[11]) ?? read.fail(null)),
    reasonCode: text(12),
    reason: text(13),
    viewName: text(14),
    actionName: text(15),
    assignedWeight: number(16),
    maxSlots: number(17),
    assignedConversations: number(18),
  };
}

/** The last events as type and time by turns: types by their place in {@link EVENT_TYPES}, times relative to `base` (ms). */
export function encodeRecent(recent: readonly RecentEvent[], base: number): readonly number[] {
  return recent.flatMap(({ type, time }) => [EVENT_TYPES.indexOf(type), time - base]);
}

/** The inverse of {@link encodeRecent}; the base is the reader's. */
export function decodeRecent(value: unknown, read: ShapeReader): RecentEvent[] {
  const parts = read.list(value);
  const recent: RecentEvent[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    recent.push({ type: read.pick(EVENT_TYPES, parts[at]) ?? EVENT_TYPES[0], time: read.time(parts[at + 1]) });
  }
  return recent;
}
