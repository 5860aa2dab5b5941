import { describe, expect, it } from '@jest/globals';
import { listAgents } from './agent-list.js';
import { type AgentQuery, readAgentQuery } from './agent-query.js';
import { agentView } from './agent-view.js';
import type { AgentView } from './replies.js';

function agent(id: string, rest: Partial<AgentView> = {}): AgentView {
  return { ...agentView({ id, fields: new Map() }, 0), ...rest };
}

const AGENTS: readonly AgentView[] = [
  agent('c', { name: 'Cleo', state: 'AWAY', load: 0.5, present: true }),
  agent('a', { name: 'Ada', state: 'ONLINE', load: 1.25, present: true }),
  agent('d', { name: 'Dan' }),
  agent('b', { name: 'Bob', state: 'ONLINE', load: 0.5, present: true }),
  agent('e', { state: 'ONLINE', load: 0 }),
];

function query(parameters: Record<string, string>): AgentQuery {
  const result = readAgentQuery(parameters);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.query;
}

function ids(parameters: Record<string, string>): string {
  return listAgents(AGENTS, query(parameters))
    .agents.map(({ id }) => id)
    .join('');
}

const SORTED_BY_AGE: Readonly<Record<string, readonly string[]>> = {
  snapshotAge: ['agent-0', 'agent-3', 'agent-1', 'agent-4', 'agent-2'],
  '-snapshotAge': ['agent-1', 'agent-4', 'agent-3', 'agent-0', 'agent-2'],
};

describe('a list of agents', () => {
  it.each([
    { name: 'by id unless asked otherwise', parameters: {}, want: 'abcde' },
    { name: 'by id, backwards', parameters: { sort: '-id' }, want: 'edcba' },
    { name: 'by load: ties by id, no load last', parameters: { sort: 'load' }, want: 'ebcad' },
    { name: 'by load, greatest first: ties by id, no load last', parameters: { sort: '-load' }, want: 'abced' },
    { name: 'by name, nulls last', parameters: { sort: '-name' }, want: 'dcbae' },
    { name: 'by presence', parameters: { sort: '-present' }, want: 'abcde' },
    { name: 'of one state', parameters: { state: 'ONLINE' }, want: 'abe' },
    { name: 'of several states', parameters: { state: 'AWAY,ONLINE' }, want: 'abce' },
    { name: 'of no known state', parameters: { state: 'UNKNOWN' }, want: 'd' },
    { name: 'from a load up', parameters: { min_load: '0.5' }, want: 'abc' },
    { name: 'with any load', parameters: { min_load: '0' }, want: 'abce' },
    { name: 'by all of these', parameters: { state: 'ONLINE', min_load: '0.1', sort: '-load', limit: '1' }, want: 'a' },
  ])('is $name', ({ parameters, want }) => {
    expect(ids(parameters)).toBe(want);
  });

  it.each(['id', '-id', 'load', '-load', 'name', 'state', '-snapshotAt'])(
    'sorted by %s, comes page by page as it comes at once',
    (sort) => {
      const paged: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page = listAgents(AGENTS, query({ sort, limit: '2', ...(cursor === '' ? {} : { cursor }) }));
        paged.push(...page.agents.map(({ id }) => id));
        cursor = page.next;
      }
      expect(paged.join('')).toBe(ids({ sort }));
    },
  );

  it('goes on after its place when the agents before it are gone', () => {
    const first = listAgents(AGENTS, query({ limit: '2' }));
    const later = AGENTS.filter(({ id }) => id !== 'a' && id !== 'b');
    expect(listAgents(later, query({ limit: '2', cursor: first.next ?? '' })).agents.map(({ id }) => id)).toEqual([
      'c',
      'd',
    ]);
  });

  it.each(['snapshotAge', '-snapshotAge'])('sorted by %s, comes page by page although ages grow meanwhile', (sort) => {
    const agentsAt = (nowMs: number): AgentView[] =>
      [3_000, 1_000, null, 2_000, 1_000].map((snapshotAt, index) =>
        agentView({ id: `agent-${index}`, fields: new Map([['snapshotAt', snapshotAt]]) }, nowMs),
      );
    const atOnce = listAgents(agentsAt(10_000), query({ sort })).agents.map(({ id }) => id);
    const first = listAgents(agentsAt(10_000), query({ sort, limit: '2' }));
    const rest = listAgents(agentsAt(11_500), query({ sort, cursor: first.next ?? '' }));
    expect([...first.agents, ...rest.agents].map(({ id }) => id)).toEqual(atOnce);
    expect(atOnce).toEqual(SORTED_BY_AGE[sort]);
  });

  it('of an unknown account is empty', () => {
    expect(listAgents([], query({}))).toEqual({ agents: [], next: null });
  });
});

describe('parameters that are refused', () => {
  const order =
    'id, name, state, stateSince, reason, load, assignedWeight, maxSlots, assignedConversations, present, snapshotAt, snapshotAge';

  it.each([
    { given: { state: 'online' }, allowed: 'ONLINE, BACK_SOON, AWAY, OFFLINE, UNKNOWN; several separated by commas' },
    { given: { state: '' }, allowed: 'ONLINE, BACK_SOON, AWAY, OFFLINE, UNKNOWN; several separated by commas' },
    { given: { min_load: '-1' }, allowed: 'a number from 0 up' },
    { given: { min_load: 'NaN' }, allowed: 'a number from 0 up' },
    { given: { sort: 'size' }, allowed: `${order}; with - in front for the greatest first` },
    { given: { limit: '0' }, allowed: 'a whole number from 1 to 1000' },
    { given: { limit: '1001' }, allowed: 'a whole number from 1 to 1000' },
    { given: { limit: '1e2' }, allowed: 'a whole number from 1 to 1000' },
    { given: { limit: ['1', '2'] }, allowed: 'a whole number from 1 to 1000' },
    { given: { cursor: 'nonsense' }, allowed: '"next" of the reply before, with the same sort' },
    { given: { colour: 'red' }, allowed: 'only state, min_load, team, sort, limit, cursor' },
  ])('$given', ({ given, allowed }) => {
    expect(readAgentQuery(given)).toEqual({ ok: false, errors: [{ parameter: Object.keys(given)[0], allowed }] });
  });

  it('a cursor of another order', () => {
    const { next } = listAgents(AGENTS, query({ sort: 'load', limit: '1' }));
    expect(readAgentQuery({ sort: '-load', cursor: next })).toMatchObject({
      ok: false,
      errors: [{ parameter: 'cursor' }],
    });
  });

  it('all of them at once', () => {
    expect(readAgentQuery({ limit: 'x', sort: 'y', state: 'z' })).toMatchObject({
      ok: false,
      errors: [{ parameter: 'sort' }, { parameter: 'limit' }, { parameter: 'state' }],
    });
  });
});
