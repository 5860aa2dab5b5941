import { z } from 'zod';
import type { EventType } from '../event.js';
import { amount, flag, id, long, text } from './leaf.js';

/** The fields that decide whether an element is an event that we read at all. */
export const Header = z.object({
  accountId: id.describe('The LivePerson account (brand) that the event belongs to. Required.'),
  eventType: id.describe('One of the ten types, in any letter case, with or without the suffix "Event". Required.'),
  schemaVersion: z.unknown().describe('MODEL-REVISION-ADDITION, with "-" or "." between: 1-0-0.'),
});

/** The fields of an event, wherever in it they stand ({@link PLACES}). */
export const Fields = z.object({
  eventTimestamp: long.describe('When it happened: Unix time in milliseconds, as a number or a numeral. Required.'),
  uid: id.describe("The source event's identifier. When there is none, a hash of the content stands in."),
  conversationId: id.describe('The conversation; required in request, end and TTR events.'),
  agentId: id.describe('The agent; required in agent-state and snapshot events.'),
  agentName: text.describe("The agent's name, for display."),
  isAssigned: flag.describe('Whether the agent is the one responsible for the conversation.'),
  effectiveTtr: long.describe('The instant (ms) by which an answer is due; -1, 0, negative or null for none.'),
  stateCode: text.describe('1 offline, 2 online, 3 back soon, 4 away. Used only where there is no text.'),
  stateDesc: text.describe('ONLINE, BACK_SOON (also OCCUPIED), AWAY or OFFLINE, however spaced or cased.'),
  reasonCode: text.describe("The account's own id of the reason for a state; null, -1, 0 or NA for none."),
  reasonDesc: text.describe("The account's own text of that reason."),
  viewName: text.describe("The view of the agent's screen that the action concerns."),
  actionName: text.describe('What was done on screen: FOCUS_CONV, UNFOCUS_CONV, …'),
  assignedWeight: amount.describe('Total weight of the assigned conversations; negative or null for no value.'),
  maxSlots: amount.describe("The agent's configured capacity, in weight; negative or null for no value."),
  assignedConversations: amount.describe('How many conversations are assigned; negative or null for no value.'),
});

export type Fields = z.infer<typeof Fields>;

/** A field of the event proper; the others of {@link Fields} stand in the header. */
export type DataField = Exclude<keyof Fields, 'eventTimestamp' | 'uid'>;

/** The objects in which a field may stand. `data` holds the others. */
export const CONTAINERS = ['convDetails', 'agentDetails', 'stateDetails'] as const;

export type Container = 'data' | (typeof CONTAINERS)[number];

/** Where each field is looked for: the first place that has a value counts. The published nesting stands first. */
export const PLACES: Readonly<Record<DataField, readonly (readonly [Container, string])[]>> = {
  conversationId: [
    ['convDetails', 'convId'],
    ['data', 'convId'],
    ['convDetails', 'conversationId'],
    ['data', 'conversationId'],
  ],
  agentId: inDataOr('agentDetails', 'agentId'),
  agentName: inDataOr('agentDetails', 'agentName'),
  isAssigned: inDataOr('agentDetails', 'isAssigned'),
  effectiveTtr: [
    ['data', 'effectiveTtr'],
    ['data', 'effectiveTTR'],
    ['convDetails', 'effectiveTtr'],
    ['convDetails', 'effectiveTTR'],
  ],
  stateCode: stateField('stateCode'),
  stateDesc: stateField('stateDesc', 'stateDescription', 'state'),
  reasonCode: stateField('reasonCode', 'stateReasonCode'),
  reasonDesc: stateField('reasonDesc', 'stateReasonDesc', 'reasonDescription', 'reason'),
  viewName: [['data', 'viewName']],
  actionName: [['data', 'actionName']],
  assignedWeight: snapshotField('totalAssignedConvWeight', 'totalAssignedConversationWeight', 'assignedConvWeight'),
  maxSlots: snapshotField('maxSlots'),
  assignedConversations: snapshotField('totalAssignedConversations', 'totalAssignedConvs', 'assignedConversations'),
};

function inDataOr(container: Container, key: string): readonly (readonly [Container, string])[] {
  return [
    [container, key],
    ['data', key],
  ];
}

function stateField(...keys: readonly string[]): readonly (readonly [Container, string])[] {
  const containers = ['data', 'agentDetails', 'stateDetails'] as const;
  return keys.flatMap((key) => containers.map((container) => [container, key] as const));
}

function snapshotField(...keys: readonly string[]): readonly (readonly [Container, string])[] {
  return keys.flatMap((key) => [['data', key] as const, ['agentDetails', key] as const]);
}

const ENTITIES = ['conversationId', 'agentId', 'agentName'] as const;

/** What each type carries. A field that its type does not carry is not read, whatever it holds: it is an ADDITION of which we know nothing. */
export const CARRIED: Readonly<Record<EventType, readonly DataField[]>> = {
  ConversationRequestEvent: ENTITIES,
  ParticipantAgentAddEvent: [...ENTITIES, 'isAssigned'],
  AgentStateChangedEvent: ['agentId', 'agentName', 'stateCode', 'stateDesc', 'reasonCode', 'reasonDesc'],
  AgentSnapshotEvent: ['agentId', 'agentName', 'assignedWeight', 'maxSlots', 'assignedConversations'],
  MessageConsumerEvent: ENTITIES,
  MessageAgentEvent: [...ENTITIES, 'isAssigned'],
  TTRStatusEvent: [...ENTITIES, 'effectiveTtr'],
  AppActionEvent: [...ENTITIES, 'viewName', 'actionName'],
  ParticipantAgentLeaveEvent: [...ENTITIES, 'isAssigned'],
  ConversationEndEvent: ENTITIES,
};

/** The entity without which an event of the type means nothing; types not listed need any entity. */
export const REQUIRED_ENTITY: Readonly<Partial<Record<EventType, 'conversationId' | 'agentId'>>> = {
  ConversationRequestEvent: 'conversationId',
  ConversationEndEvent: 'conversationId',
  TTRStatusEvent: 'conversationId',
  AgentStateChangedEvent: 'agentId',
  AgentSnapshotEvent: 'agentId',
};
