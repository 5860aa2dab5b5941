import type { Agent, Conversation } from './model.js';
import type { World } from './world.js';

const AGENT_VIEWS = ['MY_CONVERSATIONS', 'ALL_CONVERSATIONS'] as const;

/** The view in which an agent or a manager starts. */
export function homeView(isManager: boolean): string {
  return isManager ? AGENT_VIEWS[1] : AGENT_VIEWS[0];
}

/** The agent turns to a conversation: what was on screen before loses focus in the same millisecond. */
export function focus(world: World, agent: Agent, conversation: Conversation): void {
  if (agent.focus === conversation) return;
  unfocus(world, agent);
  agent.focus = conversation;
  act(world, agent, 'FOCUS_CONV');
}

/** The agent looks at nothing any more. */
export function unfocus(world: World, agent: Agent): void {
  if (agent.focus === null) return;
  act(world, agent, 'UNFOCUS_CONV');
  agent.focus = null;
}

/** The agent opens another view with the same conversation: LivePerson sends both actions for it. */
export function switchView(world: World, agent: Agent): void {
  const conversation = agent.focus;
  if (conversation === null) return;
  unfocus(world, agent);
  agent.viewName = agent.viewName === AGENT_VIEWS[0] ? AGENT_VIEWS[1] : AGENT_VIEWS[0];
  focus(world, agent, conversation);
}

function act(world: World, agent: Agent, actionName: 'FOCUS_CONV' | 'UNFOCUS_CONV'): void {
  if (agent.focus === null) return;
  world.emit({
    type: 'AppActionEvent',
    conversationId: agent.focus.id,
    agent: agent.identity,
    viewName: agent.viewName,
    actionName,
  });
}
