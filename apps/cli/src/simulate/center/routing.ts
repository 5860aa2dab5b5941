import type { Random } from '../random.js';
import { unfocus } from './desk.js';
import { owe } from './deadline.js';
import type { Occasion } from './fact.js';
import type { ActOf, Agent, Conversation } from './model.js';
import { inOpening, inPlan, isWorking, loadOf } from './model.js';
import type { World } from './world.js';

/** Weights in tenths: a conversation that waits for its consumer for long counts a tenth. */
const ACTIVE = 10;
const INACTIVE = 1;

/** No agent writes sooner than this after being assigned, however high the tempo: events of one hand-over stay in order (ms). */
const LEAST_RESPONSE_MS = 1_000;

const VISIT_SHARE = 0.05;

/** A conversation enters the queue, or goes straight to the least loaded agent that has a free slot. */
export function enqueue(world: World, act: ActOf<'enqueue'>): void {
  if (inOpening(act)) seekAgent(world, act.conversation);
}

/** The conversation waits for an agent from now on, unless one is free. */
export function seekAgent(world: World, conversation: Conversation): void {
  if (conversation.agent !== null) return;
  let best: Agent | null = null;
  for (const agent of world.agents) {
    if (suits(agent, conversation) && hasRoom(agent) && (best === null || loadOf(agent) < loadOf(best))) best = agent;
  }
  if (best === null) world.queue.add(conversation);
  else assign(world, conversation, best);
}

/** An agent has become free, perhaps: the longest waiting conversations go to it. */
export function serve(world: World, agent: Agent): void {
  for (const conversation of world.queue) {
    if (!hasRoom(agent)) return;
    if (suits(agent, conversation)) assign(world, conversation, agent);
  }
}

/** The agent becomes responsible for the conversation. */
export function assign(world: World, conversation: Conversation, agent: Agent): void {
  const { random } = conversation;
  world.queue.delete(conversation);
  conversation.agent = agent;
  conversation.lastAgent = agent;
  conversation.plan += 1;
  agent.conversations.add(conversation);
  agent.weightTenths += weightOf(conversation);
  world.emit({
    type: 'ParticipantAgentAddEvent',
    conversationId: conversation.id,
    agent: agent.identity,
    isAssigned: true,
  });
  if (isOwed(conversation)) planAnswer(world, conversation);
  if (random.chance(VISIT_SHARE)) {
    world.plan(world.human(random.between(10_000, 60_000)), {
      do: 'visit',
      conversation,
      opening: conversation.opening,
    });
  }
}

/** The agent is responsible no more. The caller tells that it left, in the order that the occasion has. */
export function unassign(world: World, conversation: Conversation): Agent | null {
  const { agent } = conversation;
  conversation.plan += 1;
  world.queue.delete(conversation);
  if (agent === null) return null;
  if (agent.focus === conversation) unfocus(world, agent);
  agent.conversations.delete(conversation);
  agent.weightTenths -= weightOf(conversation);
  conversation.agent = null;
  return agent;
}

/** The agent gives the conversation back to the queue. */
export function returnToQueue(world: World, conversation: Conversation): void {
  const agent = unassign(world, conversation);
  if (agent === null) return;
  world.emit(leaving(conversation, agent));
  serve(world, agent);
  world.plan(conversation.random.between(1_100, 2_500), {
    do: 'enqueue',
    conversation,
    opening: conversation.opening,
  });
}

/** Hands the conversation over, directly or by way of the queue. */
export function transfer(world: World, act: ActOf<'transfer'>): void {
  if (!inPlan(act)) return;
  const { conversation } = act;
  const { random } = conversation;
  const target = random.chance(0.6) ? colleague(world, conversation) : null;
  setActive(conversation, true);
  // Even where the consumer had been answered, the next agent owes a message: the SLA of its skill starts anew.
  if (!isOwed(conversation) || random.chance(0.4)) owe(world, conversation, world.now + conversation.slaMs);
  if (target === null && random.chance(0.5)) conversation.skill = drawSkill(world, random);
  if (target === null) returnToQueue(world, conversation);
  else handOver(world, conversation, target);
}

/** The second half of a hand-over with a gap in it. */
export function take(world: World, act: ActOf<'take'>): void {
  if (inPlan(act)) assign(world, act.conversation, act.agent);
}

/** A consumer who has been silent for long weighs less, which may free a slot. */
export function cool(world: World, act: ActOf<'cool'>): void {
  if (!inPlan(act)) return;
  setActive(act.conversation, false);
  if (act.conversation.agent !== null) serve(world, act.conversation.agent);
}

/** Sets whether the conversation counts in full. */
export function setActive(conversation: Conversation, active: boolean): void {
  const before = weightOf(conversation);
  conversation.active = active;
  if (conversation.agent !== null) conversation.agent.weightTenths += weightOf(conversation) - before;
}

/** The assigned agent will answer, the later the more it has to do, and now and then forgets. Replaces what was planned. */
export function planAnswer(world: World, conversation: Conversation): void {
  const { agent, random } = conversation;
  if (agent === null) return;
  conversation.plan += 1;
  const usual = random.logNormal(30_000, 0.8) * agent.slowness * (0.7 + 0.6 * loadOf(agent));
  const forgotten = random.chance(0.04) ? random.logNormal(480_000, 0.7) : 0;
  const delay = world.human(usual + forgotten, LEAST_RESPONSE_MS);
  const reading = world.human(random.between(3_000, 15_000), 200);
  const { plan } = conversation;
  world.plan(delay - reading, { do: 'look', conversation, plan });
  world.plan(delay, { do: 'answer', conversation, plan });
}

/** Whether the agent's side has to write next. */
export function isOwed(conversation: Conversation): boolean {
  return conversation.waiting || conversation.deadline !== null;
}

/** That an agent is no longer in the conversation. */
export function leaving(conversation: Conversation, agent: Agent): Occasion {
  return { type: 'ParticipantAgentLeaveEvent', conversationId: conversation.id, agent: agent.identity };
}

/** LivePerson tells a hand-over as leave and add, in either order, at one time or at nearly one. */
function handOver(world: World, conversation: Conversation, target: Agent): void {
  const { random } = conversation;
  const from = unassign(world, conversation);
  if (from === null) return;
  if (random.chance(0.2)) {
    assign(world, conversation, target);
    world.tell(random.between(1, 50), leaving(conversation, from));
    return;
  }
  world.emit(leaving(conversation, from));
  serve(world, from);
  if (random.chance(0.5)) {
    assign(world, conversation, target);
    return;
  }
  const { plan } = conversation;
  world.plan(random.between(20, 900), { do: 'take', conversation, plan, agent: target });
}

function colleague(world: World, conversation: Conversation): Agent | null {
  const others = world.agents.filter((agent) => !agent.isManager && isWorking(agent) && agent !== conversation.agent);
  const [first, ...rest] = others;
  // A colleague is asked by name, not by free slots: hence loads above 1.
  return first === undefined ? null : conversation.random.pick([first, ...rest]);
}

/** The skill that a conversation asks for; the first is asked for most. */
export function drawSkill({ settings }: World, random: Random): number {
  const { skills = 1 } = settings;
  return skills === 1 ? 0 : Math.min(random.between(0, skills - 1), random.between(0, skills - 1));
}

function suits(agent: Agent, conversation: Conversation): boolean {
  return agent.skills.has(conversation.skill);
}

function hasRoom(agent: Agent): boolean {
  if (agent.isManager || agent.availability.text !== 'ONLINE') return false;
  return agent.weightTenths + ACTIVE <= 10 * (agent.maxSlots + agent.appetite);
}

function weightOf(conversation: Conversation): number {
  return conversation.active ? ACTIVE : INACTIVE;
}
