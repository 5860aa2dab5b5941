import { describe, expect, it } from '@jest/globals';
import type { Value } from '@app/language';
import { accountLoad } from './account-load.js';
import { agentView } from './agent-view.js';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

function view(id: string, fields: Record<string, Value>) {
  return agentView({ id, fields: new Map(Object.entries(fields)) }, NOW);
}

describe('an agent as REST shows it', () => {
  it('has times in RFC 3339 and durations in seconds', () => {
    const fields = {
      name: 'Ada',
      state: 'ONLINE',
      stateSince: NOW - 60_000,
      reason: null,
      assignedWeight: 2.5,
      maxSlots: 2,
      assignedConversations: 3,
      snapshotAt: NOW - 1_500,
      present: true,
    };
    expect(JSON.stringify(view('a1', fields))).toBe(
      '{"id":"a1","name":"Ada","state":"ONLINE","stateSince":"2026-01-02T03:03:05.678Z","reason":null,"load":1.25,' +
        '"assignedWeight":2.5,"maxSlots":2,"assignedConversations":3,"present":true,' +
        '"snapshotAt":"2026-01-02T03:04:04.178Z","snapshotAge":1.5}',
    );
  });

  it('is null where nothing is known, and not present', () => {
    expect(JSON.stringify(view('a1', {}))).toBe(
      '{"id":"a1","name":null,"state":null,"stateSince":null,"reason":null,"load":null,' +
        '"assignedWeight":null,"maxSlots":null,"assignedConversations":null,"present":false,' +
        '"snapshotAt":null,"snapshotAge":null}',
    );
  });

  it.each([
    { name: 'no weight', fields: { present: true, maxSlots: 4 }, load: null },
    { name: 'no slots', fields: { present: true, assignedWeight: 4 }, load: null },
    { name: 'slots of 0', fields: { present: true, assignedWeight: 4, maxSlots: 0 }, load: null },
    { name: 'a weight of 0', fields: { present: true, assignedWeight: 0, maxSlots: 4 }, load: 0 },
    { name: 'fields of another type', fields: { present: true, assignedWeight: '3', maxSlots: 4 }, load: null },
    { name: 'a snapshot that has expired', fields: { present: false, assignedWeight: 3, maxSlots: 4 }, load: null },
  ])('with $name has load $load', ({ fields, load }) => {
    expect(view('a1', fields).load).toBe(load);
  });
});

describe('the load of an account', () => {
  it('counts present agents, and sums those with slots and a weight', () => {
    const agents = [
      view('a', { present: true, state: 'ONLINE', assignedWeight: 0.1, maxSlots: 2 }),
      view('b', { present: true, state: 'ONLINE', assignedWeight: 3.2, maxSlots: 3 }),
      view('c', { present: true, state: 'AWAY', assignedWeight: 0.2, maxSlots: 1 }),
      view('d', { present: true, state: 'AWAY', assignedWeight: 5, maxSlots: 0 }),
      view('e', { present: true, maxSlots: 9 }),
      view('f', { present: false, state: 'ONLINE', assignedWeight: 7, maxSlots: 8 }),
    ];
    expect(accountLoad(agents)).toEqual({
      agentsPresent: 5,
      assignedWeight: 3.5,
      maxSlots: 6,
      load: 3.5 / 6,
      availableSlots: 1.9,
      overloaded: 1,
      byState: { AWAY: 2, ONLINE: 2, UNKNOWN: 1 },
    });
  });

  it('without agents is nothing, and its load null', () => {
    expect(accountLoad([])).toEqual({
      agentsPresent: 0,
      assignedWeight: 0,
      maxSlots: 0,
      load: null,
      availableSlots: 0,
      overloaded: 0,
      byState: {},
    });
  });
});
