import type { Conversation } from './model.js';
import type { World } from './world.js';

/** An answer is owed until `deadline` (Unix ms): set for the first time, or moved. */
export function owe(world: World, conversation: Conversation, deadline: number, uid?: string): void {
  conversation.deadline = Math.round(deadline);
  tellDeadline(world, conversation, conversation.deadline, uid);
}

/** Nothing is owed any more. */
export function settle(world: World, conversation: Conversation, uid?: string): void {
  if (conversation.deadline === null) return;
  conversation.deadline = null;
  tellDeadline(world, conversation, -1, uid);
}

/** The consumer marks the conversation as urgent: the deadline comes nearer, or stays when it is nearer already. */
export function hurry(world: World, conversation: Conversation): void {
  const urgent = world.now + conversation.slaMs / 4;
  if (conversation.deadline !== null && urgent < conversation.deadline) owe(world, conversation, urgent);
}

/** The agent sets the deadline by hand, later than it was and than now. */
export function postpone(world: World, conversation: Conversation): void {
  if (conversation.deadline === null) return;
  owe(world, conversation, Math.max(conversation.deadline, world.now) + conversation.slaMs);
}

function tellDeadline(world: World, conversation: Conversation, effectiveTtr: number, uid?: string): void {
  world.emit({ type: 'TTRStatusEvent', conversationId: conversation.id, effectiveTtr }, uid);
}
