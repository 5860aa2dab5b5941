/** An agent as events name them. */
export interface AgentIdentity {
  readonly id: string;
  readonly name: string;
}

/** What an agent's snapshot tells; null is "no value", as the wire has it now and then. */
export interface Workload {
  readonly assignedWeight: number | null;
  readonly maxSlots: number | null;
  readonly assignedConversations: number | null;
}

/** An agent's state with its reason, in the words and codes of LivePerson. */
export interface Availability {
  readonly code: string;
  readonly text: 'ONLINE' | 'BACK_SOON' | 'AWAY' | 'OFFLINE';
  readonly reason: { readonly code: string; readonly text: string } | null;
}

/** What can happen in the contact center: one variant per event type of LivePerson. */
export type Occasion =
  | { readonly type: 'ConversationRequestEvent'; readonly conversationId: string }
  | {
      readonly type: 'ParticipantAgentAddEvent';
      readonly conversationId: string;
      readonly agent: AgentIdentity;
      readonly isAssigned: boolean;
    }
  | { readonly type: 'ParticipantAgentLeaveEvent'; readonly conversationId: string; readonly agent: AgentIdentity }
  | { readonly type: 'MessageConsumerEvent'; readonly conversationId: string }
  | {
      readonly type: 'MessageAgentEvent';
      readonly conversationId: string;
      readonly agent: AgentIdentity;
      readonly isAssigned: boolean | null;
    }
  /** `effectiveTtr` is the deadline (Unix ms), or -1 when nothing is owed. */
  | { readonly type: 'TTRStatusEvent'; readonly conversationId: string; readonly effectiveTtr: number }
  | {
      readonly type: 'AppActionEvent';
      readonly conversationId: string;
      readonly agent: AgentIdentity;
      readonly viewName: string;
      readonly actionName: 'FOCUS_CONV' | 'UNFOCUS_CONV';
    }
  | { readonly type: 'ConversationEndEvent'; readonly conversationId: string }
  | { readonly type: 'AgentStateChangedEvent'; readonly agent: AgentIdentity; readonly availability: Availability }
  | { readonly type: 'AgentSnapshotEvent'; readonly agent: AgentIdentity; readonly workload: Workload };

/** An occasion with its time (Unix ms) and the id of the source event; events of one source event may share it. */
export interface Fact {
  readonly time: number;
  readonly uid: string;
  readonly occasion: Occasion;
}
