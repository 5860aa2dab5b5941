import type { Value } from '@app/language';

/** One agent as REST shows it. Times are RFC 3339, durations seconds; null is "no value". */
export interface AgentView {
  readonly id: string;
  readonly name: string | null;
  readonly state: string | null;
  readonly stateSince: string | null;
  readonly reason: string | null;
  /** assignedWeight / maxSlots; null unless there are slots and a weight. */
  readonly load: number | null;
  readonly assignedWeight: number | null;
  readonly maxSlots: number | null;
  readonly assignedConversations: number | null;
  /** False once 90 s have passed since the last snapshot; the values are then the last that were known. */
  readonly present: boolean;
  readonly snapshotAt: string | null;
  readonly snapshotAge: number | null;
}

/** An agent's state: its id, and its fields by name as the catalog in force defines them (times in ms). */
export interface AgentState {
  readonly id: string;
  readonly fields: ReadonlyMap<string, Value>;
}

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
export function agentView(agent: AgentState, nowMs: number): AgentView {
  const text = (name: string): string | null => typed(agent, name, 'string');
  const number = (name: string): number | null => typed(agent, name, 'number');
  const assignedWeight = number('assignedWeight');
  const maxSlots = number('maxSlots');
  const snapshotAt = number('snapshotAt');
  const present = agent.fields.get('present') === true;
  const hasLoad = present && assignedWeight !== null && maxSlots !== null && maxSlots > 0;
  return {
    id: agent.id,
    name: text('name'),
    state: text('state'),
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

function typed(agent: AgentState, name: string, type: 'string'): string | null;
function typed(agent: AgentState, name: string, type: 'number'): number | null;
function typed(agent: AgentState, name: string, type: 'string' | 'number'): Value {
  const value = agent.fields.get(name) ?? null;
  return typeof value === type ? value : null;
}

function rfc3339(ms: number | null): string | null {
  return ms === null || Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}
