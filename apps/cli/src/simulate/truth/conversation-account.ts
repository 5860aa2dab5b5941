import type { Fact, Occasion } from '../center/fact.js';
import type { Ledger } from './ledger.js';
import type { Minutes } from './minutes.js';

/** What has to be remembered of one conversation; times in Unix ms. */
export interface Talk {
  open: boolean;
  openedAt: number;
  endedAt: number | null;
  /** The first consumer message that is not answered. */
  waitingSince: number | null;
  firstMessageAt: number | null;
  answered: boolean;
  agentId: string | null;
  assignedAt: number;
  lastAgentId: string | null;
  leftAt: number;
  queuedSince: number | null;
  deadline: number | null;
  breached: boolean;
  focused: boolean;
  /** Up to when time has been counted. */
  countedTo: number;
}

type OfConversation = Extract<Occasion, { conversationId: string }>;
type OfBoth = Extract<OfConversation, { agent: object }>;

/** At most so long between two agents is a direct transfer (ms). */
const DIRECT_MS = 1_000;

/** Counts what conversations do: answers, deadlines, the queue, transfers, ends, focus. */
export class ConversationAccount {
  constructor(
    private readonly ledger: Ledger,
    private readonly minutes: Minutes,
  ) {}

  /** One fact of this conversation, in order. */
  take(talk: Talk, { time, occasion }: Fact): void {
    if (!('conversationId' in occasion)) return;
    this.moveTo(talk, time - 1);
    this.countTime(talk, time);
    this.apply(talk, occasion, time);
  }

  /** What time alone brings up to this instant: a deadline that passes, and time in focus. */
  moveTo(talk: Talk, time: number): void {
    if (talk.deadline !== null && !talk.breached && talk.deadline <= time) {
      talk.breached = true;
      this.ledger.add('ttr_breaches_total', { agent_id: talk.agentId ?? '' });
      this.minutes.add('breached', talk.deadline, 1);
    }
    this.countTime(talk, time);
  }

  private countTime(talk: Talk, time: number): void {
    const ms = time - talk.countedTo;
    if (ms <= 0) return;
    talk.countedTo = time;
    if (!talk.focused) return;
    this.ledger.addTime('conversation_focus_seconds_total', {}, ms);
    if (talk.open && talk.waitingSince !== null) {
      this.ledger.addTime('handle_time_live_seconds_total', { agent_id: talk.agentId ?? '' }, ms);
    }
  }

  private apply(talk: Talk, occasion: OfConversation, time: number): void {
    switch (occasion.type) {
      case 'ConversationRequestEvent':
        return this.request(talk, time);
      case 'MessageConsumerEvent':
        return this.ask(talk, time);
      case 'TTRStatusEvent':
        return this.owe(talk, occasion.effectiveTtr, time);
      case 'ConversationEndEvent':
        return this.end(talk, time);
      default:
        return this.applyOfAgent(talk, occasion, time);
    }
  }

  private applyOfAgent(talk: Talk, occasion: OfBoth, time: number): void {
    switch (occasion.type) {
      case 'ParticipantAgentAddEvent':
        if (occasion.isAssigned) this.assign(talk, occasion.agent.id, { time, isAdd: true });
        return;
      case 'MessageAgentEvent':
        return this.write(talk, occasion, time);
      case 'AppActionEvent':
        return this.look(talk, occasion.actionName === 'FOCUS_CONV');
      case 'ParticipantAgentLeaveEvent':
        return leave(talk, occasion.agent.id, time);
    }
  }

  private ask(talk: Talk, time: number): void {
    this.ledger.add('messages_total', { sender: 'consumer' });
    talk.waitingSince ??= time;
    talk.firstMessageAt ??= time;
  }

  private look(talk: Talk, focused: boolean): void {
    talk.focused = focused;
    if (focused) this.ledger.add('focus_switches_total', {});
  }

  private request(talk: Talk, time: number): void {
    this.ledger.add('conversations_started_total', {});
    if (talk.endedAt !== null) this.ledger.add('conversations_resumed_total', {});
    Object.assign(talk, { open: true, openedAt: time, endedAt: null, firstMessageAt: null, answered: false });
    talk.lastAgentId = null;
    if (talk.agentId === null) talk.queuedSince = time;
  }

  private assign(talk: Talk, agentId: string, { time, isAdd }: { time: number; isAdd: boolean }): void {
    if (isAdd && talk.queuedSince !== null) this.ledger.observe('queue_wait_seconds', {}, time - talk.queuedSince);
    if (talk.lastAgentId !== null && talk.lastAgentId !== agentId) {
      const kind = talk.agentId !== null || time - talk.leftAt <= DIRECT_MS ? 'direct' : 'requeued';
      this.ledger.add('conversation_transfers_total', { kind });
    }
    if (talk.agentId !== agentId) talk.assignedAt = time;
    talk.agentId = agentId;
    talk.lastAgentId = agentId;
    talk.queuedSince = null;
  }

  private write(talk: Talk, message: Extract<Occasion, { type: 'MessageAgentEvent' }>, time: number): void {
    this.ledger.add('messages_total', { sender: 'agent' });
    if (message.isAssigned === false) return;
    const agentId = message.agent.id;
    if (talk.waitingSince !== null) this.answer(talk, agentId, time);
    if (message.isAssigned === true) this.assign(talk, agentId, { time, isAdd: false });
  }

  private answer(talk: Talk, agentId: string, time: number): void {
    const labels = { agent_id: agentId };
    const since = talk.waitingSince ?? time;
    const response = time - (talk.agentId === null ? since : Math.max(since, talk.assignedAt));
    this.ledger.observe('consumer_wait_seconds', labels, time - since);
    this.ledger.observe('agent_response_time_seconds', labels, response);
    this.minutes.add('answers', time, 1);
    this.minutes.add('answering', time, response);
    if (!talk.answered) {
      this.ledger.observe('first_response_time_seconds', labels, time - (talk.firstMessageAt ?? time));
    }
    talk.answered = true;
    talk.waitingSince = null;
  }

  private owe(talk: Talk, effectiveTtr: number, time: number): void {
    if (effectiveTtr <= 0) {
      this.clear(talk, time);
    } else if (effectiveTtr !== talk.deadline) {
      talk.deadline = effectiveTtr;
      talk.breached = false;
    }
  }

  private clear(talk: Talk, time: number): void {
    if (talk.deadline === null) return;
    const labels = { agent_id: talk.agentId ?? '' };
    if (talk.breached) {
      this.ledger.observe('ttr_overrun_seconds', labels, time - talk.deadline);
    } else {
      this.ledger.add('ttr_deadlines_met_total', labels);
      this.minutes.add('met', time, 1);
    }
    talk.deadline = null;
    talk.breached = false;
  }

  private end(talk: Talk, time: number): void {
    this.ledger.add('conversations_ended_total', {});
    if (talk.open) {
      this.ledger.observe('conversation_duration_seconds', {}, time - talk.openedAt);
      if (talk.firstMessageAt !== null && !talk.answered) this.ledger.add('conversations_ended_unanswered_total', {});
    }
    this.clear(talk, time);
    Object.assign(talk, { open: false, endedAt: time, waitingSince: null, queuedSince: null, focused: false });
  }
}

function leave(talk: Talk, agentId: string, time: number): void {
  if (talk.agentId !== agentId) return;
  talk.agentId = null;
  talk.leftAt = time;
  if (talk.open) talk.queuedSince = time;
}
