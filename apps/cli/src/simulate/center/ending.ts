import { beginOpening, openConversation, planReturn } from './consumer.js';
import { settle } from './deadline.js';
import { unfocus } from './desk.js';
import type { ActOf, Agent, Conversation } from './model.js';
import { inOpening, inPlan, isWorking } from './model.js';
import { assign, leaving, serve, unassign } from './routing.js';
import type { World } from './world.js';

/** How long a silent consumer keeps a conversation open, and how often LivePerson looks for such (ms, before tempo). */
const CLOSE_AFTER_MS = 1_500_000;

/** A share of the conversations is taken up again after the end. */
const RESUMED_SHARE = 0.08;

/** The agent closes the conversation. */
export function close(world: World, act: ActOf<'close'>): void {
  if (inPlan(act)) endAndServe(world, act.conversation);
}

/** LivePerson closes, all at once, the conversations whose consumers have been silent for long. */
export function sweep(world: World): void {
  planSweep(world);
  for (const [conversation, { since, plan }] of world.silent) {
    const isOver = !inPlan({ conversation, plan });
    if (!isOver && world.now - since < world.human(CLOSE_AFTER_MS)) continue;
    world.silent.delete(conversation);
    if (!isOver) endAndServe(world, conversation);
  }
}

/** Plans the next look at silent conversations. */
export function planSweep(world: World): void {
  world.plan(world.human(CLOSE_AFTER_MS), { do: 'sweep' });
}

/** A consumer whom nobody has answered goes away. */
export function giveUp(world: World, act: ActOf<'giveUp'>): void {
  if (inOpening(act) && !act.conversation.answered) endAndServe(world, act.conversation);
}

/** The consumer, or now and then the last agent, goes on with a conversation that had ended. */
export function resume(world: World, act: ActOf<'resume'>): void {
  const { conversation, opening } = act;
  if (conversation.open || conversation.opening !== opening) return;
  const agent = conversation.lastAgent;
  if (agent === null || !isWorking(agent) || conversation.random.chance(0.7)) {
    openConversation(world, conversation);
    return;
  }
  beginOpening(world, conversation);
  assign(world, conversation, agent);
  world.emit({
    type: 'MessageAgentEvent',
    conversationId: conversation.id,
    agent: agent.identity,
    isAssigned: true,
  });
  planReturn(world, conversation);
}

/** Ends the conversation; whoever is in it leaves. */
export function end(world: World, conversation: Conversation): void {
  const { random } = conversation;
  if (random.chance(0.5)) settle(world, conversation);
  conversation.deadline = null;
  conversation.waiting = false;
  const members = [unassign(world, conversation), conversation.visitor].filter((agent) => agent !== null);
  if (conversation.visitor?.focus === conversation) unfocus(world, conversation.visitor);
  conversation.visitor = null;
  conversation.open = false;
  world.open.delete(conversation);
  tellEnd(world, conversation, members);
  if (random.chance(RESUMED_SHARE)) {
    const pause = world.human(random.logNormal(600_000, 0.8), 2_000);
    world.plan(pause, { do: 'resume', conversation, opening: conversation.opening });
  }
}

function endAndServe(world: World, conversation: Conversation): void {
  const { agent } = conversation;
  end(world, conversation);
  if (agent !== null) serve(world, agent);
}

/** Ending also makes the agents leave: mostly one source event in one millisecond, else with a gap, in either order. */
function tellEnd(world: World, conversation: Conversation, members: readonly Agent[]): void {
  const { random } = conversation;
  const uid = world.newUid();
  const isOneSource = random.chance(0.6);
  const leaveAfter = isOneSource || random.chance(0.6) ? 0 : random.between(1, 50);
  const endAfter = isOneSource || leaveAfter > 0 ? 0 : random.between(1, 400);
  for (const agent of members) world.tell(leaveAfter, leaving(conversation, agent), isOneSource ? uid : undefined);
  world.tell(endAfter, { type: 'ConversationEndEvent', conversationId: conversation.id }, uid);
}
