import { type Delivery, type Event, type EventType, hash128, normaliseLivePerson, type Outcome } from '@app/event';

/** The instant at which every sample happens (ms), and one shortly after at which it is received. */
export const SAMPLE_TIME = 1_717_200_000_000;
export const SAMPLE_RECEIVED_AT = SAMPLE_TIME + 40;
export const SAMPLE_ACCOUNT = '12345678';

const CONVERSATION = '5491244f-e462-4c63-bf4e-faf4b2d3e7b5';
const AGENT = '2434634412';
const AGENT_NAME = 'Agent One';

/** One LivePerson delivery as it is published to look, and what its event says beside the header. */
export interface Sample {
  readonly type: EventType;
  readonly data: Readonly<Record<string, unknown>>;
  readonly means: Partial<Event>;
}

const convDetails = { convId: CONVERSATION };
const agentDetails = { agentId: AGENT, agentName: AGENT_NAME };
const conversation = { conversationId: CONVERSATION };
const agent = { agentId: AGENT, agentName: AGENT_NAME };

/** One sample of each of the ten types. */
export const SAMPLES: readonly Sample[] = [
  { type: 'ConversationRequestEvent', data: { convDetails }, means: conversation },
  {
    type: 'ParticipantAgentAddEvent',
    data: { convDetails, agentDetails: { ...agentDetails, isAssigned: true } },
    means: { ...conversation, ...agent, isAssigned: true },
  },
  {
    type: 'AgentStateChangedEvent',
    data: { agentDetails, stateCode: '4', stateDesc: 'AWAY', reasonCode: '10015', reasonDesc: 'MEETING' },
    means: { ...agent, stateCode: '4', state: 'AWAY', reasonCode: '10015', reason: 'MEETING' },
  },
  {
    type: 'AgentSnapshotEvent',
    data: { ...agentDetails, totalAssignedConvWeight: 3.5, maxSlots: 10, totalAssignedConversations: 4 },
    means: { ...agent, assignedWeight: 3.5, maxSlots: 10, assignedConversations: 4 },
  },
  { type: 'MessageConsumerEvent', data: { convDetails }, means: conversation },
  {
    type: 'MessageAgentEvent',
    data: { convDetails, agentDetails: { ...agentDetails, isAssigned: false } },
    means: { ...conversation, ...agent, isAssigned: false },
  },
  {
    type: 'TTRStatusEvent',
    data: { convDetails, effectiveTtr: SAMPLE_TIME + 600_000 },
    means: { ...conversation, effectiveTtr: SAMPLE_TIME + 600_000 },
  },
  {
    type: 'AppActionEvent',
    data: { convDetails, viewName: 'ALL_CONNECTIONS', actionName: 'FOCUS_CONV' },
    means: { ...conversation, viewName: 'ALL_CONNECTIONS', actionName: 'FOCUS_CONV' },
  },
  {
    type: 'ParticipantAgentLeaveEvent',
    data: { convDetails, agentDetails },
    means: { ...conversation, ...agent },
  },
  { type: 'ConversationEndEvent', data: { convDetails }, means: conversation },
];

/** The sample of a type. */
export function sampleOf(type: EventType): Sample {
  const sample = SAMPLES.find((candidate) => candidate.type === type);
  if (sample === undefined) throw new Error(`no sample of ${type}`);
  return sample;
}

/** The header that the samples share, with what is to differ. */
export function sampleHeader(type: string, differing: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    accountId: SAMPLE_ACCOUNT,
    uid: 'u-1',
    schemaVersion: '1-0-0',
    eventTimestamp: SAMPLE_TIME,
    eventType: type,
    webhookSubscriptionId: 'sub-1',
    ...differing,
  };
}

/** A delivery of a type with the given data, the header nested as it is published. */
export function sampleBody(
  type: EventType,
  data: unknown = sampleOf(type).data,
  header: Readonly<Record<string, unknown>> = {},
): { commonHeader: Record<string, unknown>; data: unknown } {
  return { commonHeader: sampleHeader(type, header), data };
}

/** What normalising needs to know of a delivery of these samples. */
export const SAMPLE_DELIVERY: Delivery = {
  receivedAt: SAMPLE_RECEIVED_AT,
  accounts: new Set([SAMPLE_ACCOUNT]),
  headerAccountId: null,
  bodyHash: hash128,
};

/** The event that the one element of a delivery becomes, after a round through JSON; an error when it becomes none. */
export function acceptedOf(body: unknown): Extract<Outcome, { kind: 'event' }> {
  const [outcome, ...others] = normaliseLivePerson(JSON.parse(JSON.stringify(body)), SAMPLE_DELIVERY);
  if (outcome?.kind === 'event' && others.length === 0) return outcome;
  throw new Error(`wanted one event, got ${JSON.stringify([outcome, ...others])}`);
}
