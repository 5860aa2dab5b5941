import { hash128 } from '@app/event';
import type { AgentIdentity, Fact, Occasion } from './center/fact.js';
import type { Delivery } from './delivery.js';

const SCHEMA_VERSION = '1-0-0';

/** What `livemeter simulate` subscribes when no file of subscriptions is given. */
const ONLY_SUBSCRIPTION = 'simulator';

/** The event as LivePerson's Data Transporter would send it: one compact JSON object per request, with its delivery's time and subject. */
export function deliveryOf(fact: Fact, accountId: string, subscription = ONLY_SUBSCRIPTION): Delivery {
  const { time, uid, occasion } = fact;
  const body = JSON.stringify({
    commonHeader: {
      accountId,
      uid,
      schemaVersion: SCHEMA_VERSION,
      eventTimestamp: time,
      eventType: occasion.type,
      webhookSubscriptionId: hash128(`${accountId}/${subscription}`).slice(0, 24),
    },
    data: dataOf(occasion),
  });
  const subject = 'conversationId' in occasion ? occasion.conversationId : occasion.agent.id;
  return { at: time, subject, endpoint: subscription, body };
}

type OfConversation = Extract<Occasion, { conversationId: string }>;
type OfAgent = Exclude<Occasion, OfConversation>;

function dataOf(occasion: Occasion): object {
  return 'conversationId' in occasion ? conversationData(occasion) : agentData(occasion);
}

function conversationData(occasion: OfConversation): object {
  const convDetails = { convId: occasion.conversationId };
  switch (occasion.type) {
    case 'ConversationRequestEvent':
    case 'MessageConsumerEvent':
    case 'ConversationEndEvent':
      return { convDetails };
    case 'ParticipantAgentAddEvent':
    case 'MessageAgentEvent':
      return { convDetails, agentDetails: { ...nameOf(occasion), isAssigned: occasion.isAssigned } };
    case 'ParticipantAgentLeaveEvent':
      return { convDetails, agentDetails: nameOf(occasion) };
    case 'TTRStatusEvent':
      return { convDetails, effectiveTtr: occasion.effectiveTtr };
    case 'AppActionEvent': {
      const { viewName, actionName } = occasion;
      return { convDetails, agentDetails: nameOf(occasion), viewName, actionName };
    }
  }
}

function agentData(occasion: OfAgent): object {
  if (occasion.type === 'AgentStateChangedEvent') {
    const { code, text, reason } = occasion.availability;
    return {
      agentDetails: nameOf(occasion),
      stateCode: code,
      stateDesc: text,
      reasonCode: reason?.code ?? null,
      reasonDesc: reason?.text ?? null,
    };
  }
  const { assignedWeight, maxSlots, assignedConversations } = occasion.workload;
  return {
    ...nameOf(occasion),
    totalAssignedConvWeight: assignedWeight,
    maxSlots,
    totalAssignedConversations: assignedConversations,
  };
}

function nameOf({ agent }: { readonly agent: AgentIdentity }): object {
  return { agentId: agent.id, agentName: agent.name };
}
