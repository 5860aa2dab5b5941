/**
 * The event types of the language, in the order in which they are applied when their times are equal.
 * Names are those of the LivePerson page; matching on the wire ignores letter case.
 */
export const EVENT_TYPES = [
  'ConversationRequestEvent',
  'ParticipantAgentAddEvent',
  'AgentStateChangedEvent',
  'AgentSnapshotEvent',
  'MessageConsumerEvent',
  'MessageAgentEvent',
  'TTRStatusEvent',
  'AppActionEvent',
  'ParticipantAgentLeaveEvent',
  'ConversationEndEvent',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** An agent's state as metrics see it, whatever the wire calls it. */
export const AGENT_STATES = ['ONLINE', 'BACK_SOON', 'AWAY', 'OFFLINE', 'UNKNOWN'] as const;

export type AgentState = (typeof AGENT_STATES)[number];

/** The two things that have state. An event belongs to one or both. */
export const ENTITY_KINDS = ['conversation', 'agent'] as const;

export type EntityKind = (typeof ENTITY_KINDS)[number];

/**
 * One normalised event. Every time is Unix time in integer milliseconds; what the wire did not carry is null.
 * At least one of `conversationId` and `agentId` is set: an event that names no entity never becomes an Event.
 */
export interface Event {
  readonly type: EventType;
  /** When it happened, by the sender's clock (ms). */
  readonly time: number;
  /** When ingestion received it, in Redis's time (ms). Stamped once. */
  readonly receivedAt: number;
  readonly accountId: string;
  readonly uid: string;
  readonly conversationId: string | null;
  readonly agentId: string | null;
  readonly agentName: string | null;
  readonly isAssigned: boolean | null;
  /** Absolute deadline (ms); null when the wire says -1, 0, a negative number or nothing. */
  readonly effectiveTtr: number | null;
  readonly stateCode: string | null;
  readonly state: AgentState | null;
  readonly reasonCode: string | null;
  readonly reason: string | null;
  readonly viewName: string | null;
  readonly actionName: string | null;
  readonly assignedWeight: number | null;
  readonly maxSlots: number | null;
  readonly assignedConversations: number | null;
}

/** The nullable fields of an event that carries nothing: to be overlaid with what is known. */
export const NOTHING_CARRIED = {
  conversationId: null,
  agentId: null,
  agentName: null,
  isAssigned: null,
  effectiveTtr: null,
  stateCode: null,
  state: null,
  reasonCode: null,
  reason: null,
  viewName: null,
  actionName: null,
  assignedWeight: null,
  maxSlots: null,
  assignedConversations: null,
} as const satisfies Partial<Event>;

/** The static type of each `event.*` field in expressions. A time is milliseconds inside, seconds to the user. */
export const EVENT_FIELDS = {
  type: 'string',
  time: 'time',
  receivedAt: 'time',
  accountId: 'string',
  uid: 'string',
  conversationId: 'string',
  agentId: 'string',
  agentName: 'string',
  isAssigned: 'bool',
  effectiveTtr: 'time',
  stateCode: 'string',
  state: 'string',
  reasonCode: 'string',
  reason: 'string',
  viewName: 'string',
  actionName: 'string',
  assignedWeight: 'number',
  maxSlots: 'number',
  assignedConversations: 'number',
} as const satisfies Record<keyof Event, 'string' | 'time' | 'bool' | 'number'>;

/** One entity: what state, timers and order belong to. */
export interface EntityRef {
  readonly kind: EntityKind;
  readonly accountId: string;
  readonly id: string;
}

/** The entity of this kind that the event names, or null when it names none. */
export function entityOf(event: Event, kind: EntityKind): EntityRef | null {
  const id = kind === 'conversation' ? event.conversationId : event.agentId;
  return id === null ? null : { kind, accountId: event.accountId, id };
}

/** An unambiguous text for an entity, whatever characters its ids hold. */
export function entityKey(ref: EntityRef): string {
  return `${ref.kind}:${ref.accountId.length}:${ref.accountId}${ref.id}`;
}

/** The inverse of {@link entityKey}. */
export function parseEntityKey(key: string): EntityRef {
  const first = key.indexOf(':');
  const second = key.indexOf(':', first + 1);
  const start = second + 1;
  const end = start + Number(key.slice(first + 1, second));
  return {
    kind: key.slice(0, first) as EntityKind,
    accountId: key.slice(start, end),
    id: key.slice(end),
  };
}
