import { AGENT_STATES } from '@app/event';
import { ParameterReader, type Parameters, type Read, type Rule } from '../http/parameters.js';
import { AGENT_VIEW_FIELDS } from './agent-view.js';
import { PAGE_PARAMETERS, type PageQuery, readPage } from './paging.js';
import type { AgentView } from './replies.js';
import { TEAM } from './teams.js';

/** What a list of agents is asked for. */
export interface AgentQuery extends PageQuery<keyof AgentView> {
  /** Only agents in one of these states, where `UNKNOWN` is also that of which none is known; null = any. */
  readonly states: readonly string[] | null;
  /** Only agents with at least this load; null = any, also without a load. */
  readonly minLoad: number | null;
  /** Only agents of this team; null = any. */
  readonly team: string | null;
}

/** The parameters of a list of agents. */
export const AGENT_PARAMETERS = ['state', 'min_load', 'team', ...PAGE_PARAMETERS] as const;

const STATES: Rule<readonly string[] | null> = {
  allowed: `${AGENT_STATES.join(', ')}; several separated by commas`,
  parse: (text) => {
    const states = text.split(',');
    return states.every((state) => AGENT_STATES.some((known) => known === state)) ? states : undefined;
  },
};

const LOAD: Rule<number | null> = {
  allowed: 'a number from 0 up',
  parse: (text) => (/^\d{1,12}(\.\d{1,12})?$/.test(text) ? Number(text) : undefined),
};

/** Reads the parameters of a list of agents; names every one that is wrong. */
export function readAgentQuery(parameters: Parameters): Read<AgentQuery> {
  const reader = new ParameterReader(parameters);
  reader.refuseOthers(AGENT_PARAMETERS);
  const page = readPage(reader, AGENT_VIEW_FIELDS);
  return reader.result({
    states: reader.read('state', STATES, null),
    minLoad: reader.read('min_load', LOAD, null),
    team: reader.read('team', TEAM, null),
    ...page,
  });
}
