import { planReturn } from './consumer.js';
import { postpone, settle } from './deadline.js';
import { focus, switchView, unfocus } from './desk.js';
import type { ActOf, Conversation } from './model.js';
import { inPlan, isWorking } from './model.js';
import type { World } from './world.js';

/** How long the agent waits for a consumer before the conversation weighs little (ms, before tempo). */
const COOL_AFTER_MS = 240_000;

/** The agent opens the conversation that it is about to answer. */
export function look(world: World, act: ActOf<'look'>): void {
  const { conversation } = act;
  const { agent, random } = conversation;
  if (!inPlan(act) || agent === null || !isWorking(agent)) return;
  if (agent.focus === conversation && random.chance(0.2)) switchView(world, agent);
  else focus(world, agent, conversation);
  if (random.chance(0.02)) postpone(world, conversation);
}

/** The answer that ends the consumer's wait. An agent that is away answers after coming back, which plans anew. */
export function answer(world: World, act: ActOf<'answer'>): void {
  const { conversation } = act;
  const { agent, random } = conversation;
  if (!inPlan(act) || agent === null || !isWorking(agent)) return;
  focus(world, agent, conversation);
  const uid = world.newUid();
  write(world, conversation, uid);
  conversation.waiting = false;
  conversation.answered = true;
  settle(world, conversation, random.chance(0.3) ? uid : undefined);
  conversation.plan += 1;
  planNext(world, conversation);
}

/** A further message of the agent's run. */
export function follow(world: World, act: ActOf<'follow'>): void {
  const { conversation, plan, left } = act;
  const { agent } = conversation;
  if (!inPlan(act) || agent === null || !isWorking(agent)) return;
  write(world, conversation);
  planFollow(world, conversation, { plan, left: left - 1 });
}

function write(world: World, conversation: Conversation, uid?: string): void {
  if (conversation.agent === null) return;
  // The page allows null here; it is seen now and then.
  const isAssigned = conversation.random.chance(0.005) ? null : true;
  const occasion = {
    type: 'MessageAgentEvent',
    conversationId: conversation.id,
    agent: conversation.agent.identity,
    isAssigned,
  } as const;
  world.emit(occasion, uid);
}

function planNext(world: World, conversation: Conversation): void {
  const { random, plan, agent } = conversation;
  world.plan(world.human(COOL_AFTER_MS), { do: 'cool', conversation, plan });
  if (agent !== null && random.chance(0.3)) unfocus(world, agent);
  if (random.chance(0.05)) {
    world.plan(world.human(random.between(5_000, 20_000), 300), { do: 'transfer', conversation, plan });
    return;
  }
  planFollow(world, conversation, { plan, left: Math.min(3, random.successes(0.25)) });
  const isSilent = random.chance(0.03);
  if (conversation.exchangesLeft > 0 && !isSilent) {
    planReturn(world, conversation);
    return;
  }
  if (isSilent || !random.chance(0.85)) world.silent.set(conversation, { since: world.now, plan });
  else world.plan(world.human(random.between(8_000, 60_000), 400), { do: 'close', conversation, plan });
}

function planFollow(world: World, conversation: Conversation, run: { plan: number; left: number }): void {
  if (run.left <= 0) return;
  const pause = world.human(conversation.random.logNormal(8_000, 0.6), 150);
  world.plan(pause, { do: 'follow', conversation, ...run });
}
