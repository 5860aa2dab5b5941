import { AGENT_STATES } from '@app/event';
import { type EntityState, numberOf, rfc3339, textOf } from './entity-state.js';
import type { AgentView } from './replies.js';

/** Every field of {@link AgentView}, in the order of the reply. */
export const AGENT_VIEW_FIELDS = [
  'id',
  'name',
  'state',
  'stateSince',
  'reason',
  'load',
  'assignedWeight',
  'maxSlots',
  'assignedConversations',
  'present',
  'snapshotAt',
  'snapshotAge',
] as const satisfies readonly (keyof AgentView)[];

/** What REST says of an agent at `nowMs`. A field that the catalog does not define, or defines otherwise, is null. */
export function agentView(agent: EntityState, nowMs: number): AgentView {
  const text = (name: string): string | null => textOf(agent, name);
  const number = (name: string): number | null => numberOf(agent, name);
  const assignedWeight = number('assignedWeight');
  const maxSlots = number('maxSlots');
  const snapshotAt = number('snapshotAt');
  const present = agent.fields.get('present') === true;
  const hasLoad = present && assignedWeight !== null && maxSlots !== null && maxSlots > 0;
  return {
    id: agent.id,
    name: text('name'),
    state: AGENT_STATES.find((state) => state === text('state')) ?? null,
    stateSince: rfc3339(number('stateSince')),
    reason: text('reason'),
    load: hasLoad ? assignedWeight / maxSlots : null,
    assignedWeight,
    maxSlots,
    assignedConversations: number('assignedConversations'),
    present,
    snapshotAt: rfc3339(snapshotAt),
    snapshotAge: snapshotAt === null ? null : (nowMs - snapshotAt) / 1000,
  };
}
