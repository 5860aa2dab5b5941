import type { Random } from '../random.js';
import type { AgentIdentity, Availability, Occasion } from './fact.js';
import type { Shift } from './working-day.js';

/** One who works in the center. Managers take no conversations; they look into those of others. */
export interface Agent {
  readonly identity: AgentIdentity;
  readonly isManager: boolean;
  readonly random: Random;
  readonly maxSlots: number;
  /** The skills whose conversations it gets from the queue. */
  readonly skills: ReadonlySet<number>;
  /** When it works; null: at any time. */
  readonly shift: Shift | null;
  /** How far above `maxSlots` this agent takes conversations from the queue. */
  readonly appetite: number;
  /** Multiplies the agent's response times: 1 is average, more is slower. */
  readonly slowness: number;
  availability: Availability;
  /** Counts logins; snapshots of an earlier session are void. */
  session: number;
  readonly conversations: Set<Conversation>;
  /** Assigned weight in tenths (10 per active conversation, 1 per inactive one). */
  weightTenths: number;
  focus: Conversation | null;
  viewName: string;
}

/** A conversation, over all its openings. */
export interface Conversation {
  readonly id: string;
  readonly random: Random;
  /** Counts openings; what a consumer planned in an earlier one is void. */
  opening: number;
  open: boolean;
  /** Counts changes of what the agent's side has to do; what it planned under an earlier number is void. */
  plan: number;
  agent: Agent | null;
  lastAgent: Agent | null;
  /** A manager who looks in, or null. */
  visitor: Agent | null;
  /** False once the agent has waited long for the consumer: then it weighs little. */
  active: boolean;
  /** Whether an agent has answered in this opening. */
  answered: boolean;
  /** Whether the consumer waits for an answer. */
  waiting: boolean;
  /** Until when an answer is owed (Unix ms), or null. */
  deadline: number | null;
  /** The skill that it asks for. */
  skill: number;
  exchangesLeft: number;
  /** From a consumer's message to its deadline (ms). */
  slaMs: number;
}

interface OfOpening {
  readonly conversation: Conversation;
  readonly opening: number;
}

interface OfPlan {
  readonly conversation: Conversation;
  readonly plan: number;
}

interface OfVisit {
  readonly conversation: Conversation;
  readonly visitor: Agent;
}

/** What can be planned for a later time, with what each needs to know then. */
interface Acts {
  /** A fact that is certain already, and told a little later. */
  tell: { readonly occasion: Occasion; readonly uid: string };
  arrive: object;
  arriveEarly: object;
  enqueue: OfOpening;
  speak: OfOpening & { readonly left: number };
  giveUp: OfOpening;
  resume: OfOpening;
  look: OfPlan;
  answer: OfPlan;
  follow: OfPlan & { readonly left: number };
  cool: OfPlan;
  transfer: OfPlan;
  take: OfPlan & { readonly agent: Agent };
  close: OfPlan;
  sweep: object;
  visit: OfOpening;
  interject: OfVisit;
  withdraw: OfVisit;
  change: { readonly agent: Agent };
  snapshot: { readonly agent: Agent; readonly session: number };
}

/** The act of this name. */
export type ActOf<Name extends keyof Acts> = { readonly do: Name } & Acts[Name];

/** One planned act. */
export type Act = { [Name in keyof Acts]: ActOf<Name> }[keyof Acts];

/** Whether an act that was planned for an opening is still to be done. */
export function inOpening(act: OfOpening): boolean {
  return act.conversation.open && act.conversation.opening === act.opening;
}

/** Whether an act of the agent's side is still to be done. */
export function inPlan(act: OfPlan): boolean {
  return act.conversation.open && act.conversation.plan === act.plan;
}

/** Whether the agent works on conversations: one who is back soon finishes them but gets no new ones. */
export function isWorking(agent: Agent): boolean {
  return agent.availability.text === 'ONLINE' || agent.availability.text === 'BACK_SOON';
}

/** Assigned weight over slots; 0 for one without slots. */
export function loadOf(agent: Agent): number {
  return agent.maxSlots === 0 ? 0 : agent.weightTenths / (10 * agent.maxSlots);
}
