import { hurry, owe } from './deadline.js';
import type { ActOf, Conversation } from './model.js';
import { inOpening } from './model.js';
import { drawSkill, planAnswer, returnToQueue, setActive } from './routing.js';
import { busynessAt, PEAK } from './working-day.js';
import type { World } from './world.js';

/** So many conversations are a first contact, whose SLA is shorter. */
const FIRST_CONTACT_SHARE = 0.25;
const FIRST_CONTACT_SLA_SHARE = 0.5;

const EARLY_SLA_SHARE = 0.4;

/** A new consumer writes in; the next one follows as a Poisson process has it. */
export function arrive(world: World): void {
  planArrival(world);
  // Those who come are drawn from as many as come in the busiest hour.
  if (world.settings.hasHours === true && !world.arrivals.chance(busynessAt(world.now))) return;
  openConversation(world, world.newConversation());
}

/** One of those who waited before the doors opened: much of the time for an answer is gone already. */
export function arriveEarly(world: World): void {
  openConversation(world, world.newConversation(), EARLY_SLA_SHARE);
}

/** Plans the next arrival. */
export function planArrival(world: World): void {
  const { ratePerMinute, hasHours } = world.settings;
  const rate = hasHours === true ? ratePerMinute * PEAK : ratePerMinute;
  world.plan(world.arrivals.exponential(60_000 / rate), { do: 'arrive' });
}

/** The consumer starts a conversation, or takes up one that had ended. */
export function openConversation(world: World, conversation: Conversation, slaShare?: number): void {
  const { random } = conversation;
  beginOpening(world, conversation, slaShare);
  const { opening } = conversation;
  world.plan(random.between(0, 1_200), { do: 'speak', conversation, opening, left: runLength(conversation) });
  world.plan(random.between(200, 1_500), { do: 'enqueue', conversation, opening });
  const patience = random.chance(0.03) ? random.between(15_000, 60_000) : random.logNormal(1_500_000, 0.6);
  world.plan(world.human(patience, 2_000), { do: 'giveUp', conversation, opening });
}

/** What starts anew with every opening. */
export function beginOpening(world: World, conversation: Conversation, slaShare?: number): void {
  const { random } = conversation;
  if (conversation.opening === 0) conversation.skill = drawSkill(world, random);
  conversation.opening += 1;
  conversation.open = true;
  conversation.answered = false;
  conversation.active = true;
  conversation.exchangesLeft = Math.min(20, random.successes(0.8));
  const isFirstContact = conversation.opening === 1 && random.chance(FIRST_CONTACT_SHARE);
  const share = slaShare ?? (isFirstContact ? FIRST_CONTACT_SLA_SHARE : 1);
  conversation.slaMs = world.human(world.settings.slaMs * share, 1_000);
  world.open.add(conversation);
  world.emit({ type: 'ConversationRequestEvent', conversationId: conversation.id });
}

/** One message of a run. The first that is not answered starts the wait and, with it, a deadline. */
export function speak(world: World, act: ActOf<'speak'>): void {
  if (!inOpening(act)) return;
  const { conversation, opening, left } = act;
  const { random } = conversation;
  const uid = world.newUid();
  world.emit({ type: 'MessageConsumerEvent', conversationId: conversation.id }, uid);
  setActive(conversation, true);
  if (conversation.waiting) {
    if (random.chance(0.08)) hurry(world, conversation);
  } else {
    startWait(world, conversation, uid);
  }
  if (left > 0) {
    const pause = world.human(random.logNormal(5_000, 0.7), 150);
    world.plan(pause, { do: 'speak', conversation, opening, left: left - 1 });
  }
}

/** The consumer comes back to the conversation after the agent has written, sometimes after a long while. */
export function planReturn(world: World, conversation: Conversation): void {
  const { random, opening } = conversation;
  conversation.exchangesLeft -= 1;
  const pause = random.logNormal(40_000, 0.8) + (random.chance(0.08) ? random.logNormal(480_000, 0.6) : 0);
  world.plan(world.human(pause, 500), { do: 'speak', conversation, opening, left: runLength(conversation) });
}

function startWait(world: World, conversation: Conversation, uid: string): void {
  const { random } = conversation;
  conversation.waiting = true;
  // The source event of the message is that of the deadline too; LivePerson seems to name it in both, or not.
  owe(world, conversation, world.now + conversation.slaMs, random.chance(0.3) ? uid : undefined);
  if (conversation.agent?.availability.text === 'OFFLINE') returnToQueue(world, conversation);
  else planAnswer(world, conversation);
}

function runLength(conversation: Conversation): number {
  return Math.min(4, conversation.random.successes(0.3));
}
