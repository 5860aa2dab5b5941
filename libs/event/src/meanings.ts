import type { Event, EventType } from './event.js';

/** What happened, by the type of the event: for references and editors. */
export const EVENT_TYPE_MEANINGS = {
  ConversationRequestEvent: 'A consumer asks for a conversation, the first time or again.',
  ParticipantAgentAddEvent: 'An agent joins a conversation, responsible for it or not.',
  AgentStateChangedEvent: 'An agent changes state or the reason for it.',
  AgentSnapshotEvent: 'What an agent is loaded with, reported every 30 s.',
  MessageConsumerEvent: 'The consumer writes.',
  MessageAgentEvent: 'An agent writes.',
  TTRStatusEvent: "The deadline for the agent's answer is set, moved or cleared.",
  AppActionEvent: 'An agent does something on screen, such as focusing a conversation.',
  ParticipantAgentLeaveEvent: 'An agent leaves a conversation.',
  ConversationEndEvent: 'The conversation ends.',
} as const satisfies Record<EventType, string>;

/** What each field of an event holds: for references and editors. */
export const EVENT_FIELD_MEANINGS = {
  type: 'The type of the event.',
  time: "When it happened, by the sender's clock.",
  receivedAt: 'When it was received.',
  accountId: 'The account that it belongs to.',
  uid: 'Its identity: a second event with the same one is a duplicate.',
  conversationId: 'The conversation that it belongs to.',
  agentId: 'The agent that it belongs to.',
  agentName: 'The name of the agent.',
  isAssigned: 'Whether the agent is responsible for the conversation.',
  effectiveTtr: "The deadline for the agent's answer; null clears it.",
  stateCode: 'The state of the agent as a code of the source.',
  state: 'The state of the agent: ONLINE, BACK_SOON, AWAY, OFFLINE or UNKNOWN.',
  reasonCode: 'Why the agent is in that state, as a code of the source.',
  reason: 'Why the agent is in that state.',
  viewName: 'The view that the agent acted in.',
  actionName: 'What the agent did in it: FOCUS_CONV, UNFOCUS_CONV, …',
  assignedWeight: "The total weight of the agent's conversations.",
  maxSlots: 'The weight that the agent can take.',
  assignedConversations: "The number of the agent's conversations.",
} as const satisfies Record<keyof Event, string>;
