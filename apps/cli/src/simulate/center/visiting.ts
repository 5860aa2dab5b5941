import { focus, unfocus } from './desk.js';
import type { ActOf } from './model.js';
import { inOpening } from './model.js';
import { leaving } from './routing.js';
import type { World } from './world.js';

/** A manager joins a conversation without becoming responsible for it, reads, and sometimes writes. */
export function visit(world: World, act: ActOf<'visit'>): void {
  const { conversation } = act;
  if (!inOpening(act) || conversation.visitor !== null || conversation.agent === null) return;
  const [first, ...rest] = world.agents.filter((agent) => agent.isManager && agent.availability.text === 'ONLINE');
  if (first === undefined) return;
  const { random } = conversation;
  const visitor = random.pick([first, ...rest]);
  conversation.visitor = visitor;
  world.emit({
    type: 'ParticipantAgentAddEvent',
    conversationId: conversation.id,
    agent: visitor.identity,
    isAssigned: false,
  });
  focus(world, visitor, conversation);
  if (random.chance(0.5)) {
    world.plan(world.human(random.between(5_000, 20_000), 300), { do: 'interject', conversation, visitor });
  }
  world.plan(world.human(random.between(25_000, 90_000), 600), { do: 'withdraw', conversation, visitor });
}

/** The manager writes a message of its own; it answers nothing. */
export function interject(world: World, act: ActOf<'interject'>): void {
  const { conversation, visitor } = act;
  if (conversation.visitor !== visitor) return;
  focus(world, visitor, conversation);
  world.emit({
    type: 'MessageAgentEvent',
    conversationId: conversation.id,
    agent: visitor.identity,
    isAssigned: false,
  });
}

/** The manager goes, unless the end of the conversation came first. */
export function withdraw(world: World, act: ActOf<'withdraw'>): void {
  const { conversation, visitor } = act;
  if (conversation.visitor !== visitor) return;
  if (visitor.focus === conversation) unfocus(world, visitor);
  conversation.visitor = null;
  world.emit(leaving(conversation, visitor));
}
