import type { Availability, Fact, Workload } from '../center/fact.js';
import type { Ledger } from './ledger.js';

/** What has to be remembered of one agent; times in Unix ms. */
interface Presence {
  readonly name: string;
  state: Availability['text'] | null;
  workload: Workload;
  /** When its last snapshot was taken, while it counts as present; else null. */
  seenAt: number | null;
  /** Up to when its time has been counted. */
  countedTo: number;
}

/** An agent without a snapshot for longer is taken to be gone (ms). */
const PRESENT_MS = 90_000;

const NO_WORKLOAD: Workload = { assignedWeight: null, maxSlots: null, assignedConversations: null };

/** Counts what agents do: their states, for how long, and their load. */
export class AgentAccount {
  private readonly agents = new Map<string, Presence>();

  constructor(private readonly ledger: Ledger) {}

  /** Whether an agent is present. */
  get isAnybodyHere(): boolean {
    return [...this.agents.values()].some(({ seenAt }) => seenAt !== null);
  }

  /** One fact, in order. Only states and snapshots say anything of an agent. */
  take({ time, occasion }: Fact): void {
    if ('conversationId' in occasion) return;
    const { id, name } = occasion.agent;
    const agent = this.agents.get(id) ?? { name, state: null, workload: NO_WORKLOAD, seenAt: null, countedTo: time };
    this.agents.set(id, agent);
    this.moveAgent(id, agent, time - 1);
    this.countTime(id, agent, time);
    if (occasion.type === 'AgentSnapshotEvent') {
      agent.workload = occasion.workload;
      agent.seenAt = time;
      return;
    }
    const state = occasion.availability.text;
    if (agent.state !== state) this.ledger.add('agent_state_changes_total', { state });
    agent.state = state;
  }

  /** What time alone brings up to this instant: agents who are gone, and time in a state. */
  moveTo(time: number): void {
    for (const [id, agent] of this.agents) this.moveAgent(id, agent, time);
  }

  /** Writes the gauges of this instant. */
  conclude(): void {
    const { ledger } = this;
    let weights = 0;
    let slots = 0;
    ledger.add('agents_present', {}, 0);
    ledger.add('agents_overloaded', {}, 0);
    ledger.add('account_available_slots', {}, 0);
    for (const [id, agent] of this.agents) {
      if (agent.seenAt === null) continue;
      this.concludeAgent(id, agent);
      const { assignedWeight, maxSlots } = agent.workload;
      if (assignedWeight === null || maxSlots === null || maxSlots <= 0) continue;
      weights += assignedWeight;
      slots += maxSlots;
      if (assignedWeight > maxSlots) ledger.add('agents_overloaded', {});
      ledger.add('agent_load_ratio', { agent_id: id }, assignedWeight / maxSlots);
    }
    if (slots > 0) ledger.add('account_load_ratio', {}, weights / slots);
  }

  private concludeAgent(id: string, { name, state, workload }: Presence): void {
    const { ledger } = this;
    const { assignedWeight, maxSlots, assignedConversations } = workload;
    const labels = { agent_id: id };
    ledger.add('agents_present', {});
    ledger.add('agents', { state: state ?? '' });
    ledger.add('agent_info', { ...labels, agent_name: name });
    if (assignedWeight !== null) ledger.add('agent_assigned_weight', labels, assignedWeight);
    if (maxSlots !== null) ledger.add('agent_max_slots', labels, maxSlots);
    if (assignedConversations !== null) ledger.add('agent_assigned_conversations', labels, assignedConversations);
    if (state !== 'ONLINE' || maxSlots === null || assignedWeight === null) return;
    ledger.add('account_available_slots', {}, Math.max(0, maxSlots - assignedWeight));
  }

  private moveAgent(id: string, agent: Presence, time: number): void {
    if (agent.seenAt !== null && agent.seenAt + PRESENT_MS <= time) {
      this.countTime(id, agent, agent.seenAt + PRESENT_MS);
      agent.seenAt = null;
    }
    this.countTime(id, agent, time);
  }

  private countTime(id: string, agent: Presence, time: number): void {
    const ms = time - agent.countedTo;
    if (ms <= 0) return;
    agent.countedTo = time;
    if (agent.seenAt === null || agent.state === null) return;
    this.ledger.addTime('agent_state_seconds_total', { agent_id: id, state: agent.state }, ms);
  }
}
