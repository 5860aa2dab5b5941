import type { AgentQuery } from './agent-query.js';
import { pageOf } from './paging.js';
import type { AgentList, AgentView } from './replies.js';

/** Filters, sorts and cuts; see {@link pageOf}. */
export function listAgents(agents: readonly AgentView[], query: AgentQuery): AgentList {
  const { sort, descending } = lastingOrder(query);
  const wanted = agents.filter((agent) => matches(agent, query));
  const { items, next } = pageOf(wanted, query, { descending, valueOf: (agent) => agent[sort] });
  return { agents: items, next };
}

/** By age is by instant, the other way round: ages grow between two pages, and their places would move. */
function lastingOrder({ sort, descending }: AgentQuery): Pick<AgentQuery, 'sort' | 'descending'> {
  return sort === 'snapshotAge' ? { sort: 'snapshotAt', descending: !descending } : { sort, descending };
}

function matches(agent: AgentView, { states, minLoad }: AgentQuery): boolean {
  if (states !== null && !states.includes(agent.state ?? 'UNKNOWN')) return false;
  return minLoad === null || (agent.load !== null && agent.load >= minLoad);
}
