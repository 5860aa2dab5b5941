import type { Catalog } from '@app/language';
import { badRequest } from '../http/problem.js';

/** The team of an agent; null when it is in none. */
export type TeamOf = (agentId: string) => string | null;

/** The parameter of lists that are narrowed to a team. */
export const TEAM = { allowed: 'the name of a team', parse: (text: string): string | null => text };

/**
 * The teams as the catalog tells them: a table `agents` with a column `team`, keyed by the id of the agent. No event
 * carries them. Null where there is no such table.
 */
export function teamsOf({ tables }: Catalog): TeamOf | null {
  const table = tables.get('agents');
  const column = table?.columns.indexOf('team') ?? -1;
  if (table === undefined || column < 0) return null;
  return (agentId) => table.rows.get(agentId)?.[column] ?? null;
}

/** Whether an agent is in a team. Throws a 400 where the catalog knows no teams. */
export function membersOf(catalog: Catalog, team: string): (agentId: string | null) => boolean {
  const teamOf = teamsOf(catalog);
  if (teamOf === null) {
    throw badRequest([
      {
        parameter: 'team',
        allowed: 'only where the definitions have a table agents with a column team (docs/teams.md)',
      },
    ]);
  }
  return (agentId) => agentId !== null && teamOf(agentId) === team;
}
