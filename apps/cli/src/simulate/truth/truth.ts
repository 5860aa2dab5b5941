import type { Fact } from '../center/fact.js';
import { AgentAccount } from './agent-account.js';
import { ConversationAccount, type Talk } from './conversation-account.js';
import { Ledger } from './ledger.js';
import { declareMetrics, GAUGES, RESTING } from './metrics.js';
import { Minutes } from './minutes.js';
import { byTie } from './tie.js';

/** A conversation that ended so long ago is forgotten (ms): none is taken up again that late. */
const FORGET_MS = 4 * 86_400_000;

/** So long after the center has closed nobody is present and nothing is counted any more (ms). */
export const REST_MS = 600_000;

const SOON_MS = 300_000;

const WINDOWS = { '5m': 5, '15m': 15, '1h': 60 } as const;

/**
 * What the shipped metrics must be, counted while the center lives its day: from what happens there, by the definitions of the metrics,
 * and with nothing of the engine that is to be judged by it. Memory is bounded by the agents, the open conversations and those of four days.
 */
export class Truth {
  private readonly ledger = new Ledger();
  private readonly minutes = new Minutes();
  private readonly conversations = new ConversationAccount(this.ledger, this.minutes);
  private readonly agents = new AgentAccount(this.ledger);
  private readonly talks = new Map<string, Talk>();
  /** The ended ones, the longest ended first. */
  private readonly ended = new Map<string, number>();
  private instant: Fact[] = [];

  constructor() {
    declareMetrics(this.ledger);
  }

  /** Takes what happens, in order of time. */
  take(fact: Fact): void {
    const [first] = this.instant;
    if (first !== undefined && first.time !== fact.time) this.apply();
    this.instant.push(fact);
  }

  /**
   * The metrics at an instant not before the last fact (Unix ms), in Prometheus' text format. Time that is being counted then (in focus, in a
   * state) is left out: it is final only once nobody looks at anything and all agents are gone.
   */
  lines(atMs: number, accountId: string): string[] {
    this.apply();
    for (const name of GAUGES) this.ledger.clear(name);
    for (const talk of this.talks.values()) this.conversations.moveTo(talk, atMs);
    this.agents.moveTo(atMs);
    this.agents.conclude();
    this.concludeConversations(atMs);
    this.concludeWindows(atMs);
    const isAtRest = !this.agents.isAnybodyHere && [...this.talks.values()].every(({ focused }) => !focused);
    if (!isAtRest) for (const name of RESTING) this.ledger.withdraw(name);
    return [`# The truth at ${new Date(atMs).toISOString()}`, ...this.ledger.lines(accountId)];
  }

  private apply(): void {
    const facts = this.instant.sort(byTie);
    this.instant = [];
    for (const fact of facts) {
      this.agents.take(fact);
      const { occasion, time } = fact;
      if (!('conversationId' in occasion)) continue;
      this.conversations.take(this.talk(occasion.conversationId, time), fact);
      if (occasion.type === 'ConversationEndEvent') this.forget(occasion.conversationId, time);
    }
  }

  private talk(id: string, time: number): Talk {
    let talk = this.talks.get(id);
    if (talk !== undefined) return talk;
    talk = {
      open: false,
      openedAt: time,
      endedAt: null,
      waitingSince: null,
      firstMessageAt: null,
      answered: false,
      agentId: null,
      assignedAt: time,
      lastAgentId: null,
      leftAt: time,
      queuedSince: null,
      deadline: null,
      breached: false,
      focused: false,
      countedTo: time,
    };
    this.talks.set(id, talk);
    return talk;
  }

  private forget(ended: string, time: number): void {
    this.ended.delete(ended);
    this.ended.set(ended, time);
    for (const [id, endedAt] of this.ended) {
      if (endedAt + FORGET_MS > time) return;
      this.ended.delete(id);
      if (this.talks.get(id)?.open === false) this.talks.delete(id);
    }
  }

  private concludeConversations(atMs: number): void {
    const { ledger } = this;
    ledger.add('conversations_open', {}, 0);
    ledger.add('conversations_queued', {}, 0);
    const open = [...this.talks.values()].filter((talk) => talk.open);
    for (const talk of open) concludeConversation(ledger, talk, atMs);
    const oldest = { oldest_queued_seconds: Infinity, longest_awaiting_response_seconds: Infinity };
    for (const { queuedSince, waitingSince } of open) {
      oldest.oldest_queued_seconds = Math.min(oldest.oldest_queued_seconds, queuedSince ?? Infinity);
      oldest.longest_awaiting_response_seconds = Math.min(
        oldest.longest_awaiting_response_seconds,
        waitingSince ?? Infinity,
      );
    }
    for (const [name, since] of Object.entries(oldest)) {
      if (since < Infinity) ledger.add(name, {}, (atMs - since) / 1_000);
    }
  }

  private concludeWindows(atMs: number): void {
    const { ledger, minutes } = this;
    for (const [window, length] of Object.entries(WINDOWS)) {
      const answers = minutes.sum('answers', atMs, length);
      const answering = minutes.sum('answering', atMs, length) / 1_000;
      if (answers > 0) ledger.add('average_response_time_seconds', { window }, answering / answers);
      if (window === '5m') continue;
      const met = minutes.sum('met', atMs, length);
      const ended = met + minutes.sum('breached', atMs, length);
      if (ended > 0) ledger.add('ttr_attainment_ratio', { window }, met / ended);
    }
  }
}

function concludeConversation(ledger: Ledger, talk: Talk, atMs: number): void {
  const labels = { agent_id: talk.agentId ?? '' };
  ledger.add('conversations_open', {});
  if (talk.agentId === null) ledger.add('conversations_queued', {});
  if (talk.waitingSince !== null) ledger.add('conversations_awaiting_response', labels);
  if (talk.deadline === null || talk.deadline - SOON_MS > atMs) return;
  ledger.add(talk.deadline <= atMs ? 'conversations_overdue' : 'conversations_due_soon', labels);
}
