import type { AccountLoad, AgentView } from './replies.js';

/** Sums agents up to the load of their account. Sums are exact to a millionth, as in metrics. */
export function accountLoad(agents: readonly AgentView[]): AccountLoad {
  const present = agents.filter((agent) => agent.present);
  const loaded = present.filter((agent) => agent.load !== null);
  const assignedWeight = sum(loaded.map((agent) => agent.assignedWeight ?? 0));
  const maxSlots = sum(loaded.map((agent) => agent.maxSlots ?? 0));
  const online = loaded.filter((agent) => agent.state === 'ONLINE');
  return {
    agentsPresent: present.length,
    assignedWeight,
    maxSlots,
    load: maxSlots > 0 ? assignedWeight / maxSlots : null,
    availableSlots: sum(online.map((agent) => Math.max(0, (agent.maxSlots ?? 0) - (agent.assignedWeight ?? 0)))),
    overloaded: loaded.filter((agent) => (agent.load ?? 0) > 1).length,
    byState: countStates(present),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + Math.round(value * 1e6), 0) / 1e6;
}

function countStates(agents: readonly AgentView[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const agent of agents) {
    const state = agent.state ?? 'UNKNOWN';
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
