import { type AgentQuery, cursorAfter, type Place } from './agent-query.js';
import type { AgentView } from './agent-view.js';

/** A page of agents; `next` is the cursor of the page after it, null at the end. */
export interface AgentList {
  readonly agents: readonly AgentView[];
  readonly next: string | null;
}

/**
 * Filters, sorts and cuts. Agents without a value come last in either direction, ties are broken by id. A page starts
 * after the place where the one before it ended, so that agents who come and go between two pages shift nothing.
 */
export function listAgents(agents: readonly AgentView[], query: AgentQuery): AgentList {
  const { sort, descending } = lastingOrder(query);
  const compare = (a: Place, b: Place): number => comparePlaces(a, b, descending);
  const { after } = query;
  const rest = agents
    .filter((agent) => matches(agent, query))
    .map((agent) => ({ agent, place: { value: agent[sort], id: agent.id } }))
    .filter(({ place }) => after === null || compare(place, after) > 0)
    .sort((a, b) => compare(a.place, b.place));
  const page = rest.slice(0, query.limit);
  const last = page.at(-1);
  return {
    agents: page.map(({ agent }) => agent),
    next: last !== undefined && rest.length > page.length ? cursorAfter(last.place, query) : null,
  };
}

/** By age is by instant, the other way round: ages grow between two pages, and their places would move. */
function lastingOrder({ sort, descending }: AgentQuery): Pick<AgentQuery, 'sort' | 'descending'> {
  return sort === 'snapshotAge' ? { sort: 'snapshotAt', descending: !descending } : { sort, descending };
}

function matches(agent: AgentView, { states, minLoad }: AgentQuery): boolean {
  if (states !== null && !states.includes(agent.state ?? 'UNKNOWN')) return false;
  return minLoad === null || (agent.load !== null && agent.load >= minLoad);
}

function comparePlaces(a: Place, b: Place, descending: boolean): number {
  if (a.value === null || b.value === null) {
    if (a.value !== b.value) return a.value === null ? 1 : -1;
  } else if (a.value !== b.value) {
    const order = a.value < b.value ? -1 : 1;
    return descending ? -order : order;
  }
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}
