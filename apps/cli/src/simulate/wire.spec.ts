import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES, normaliseLivePerson } from '@app/event';
import type { Fact, Occasion } from './center/fact.js';
import { arrivals, type FileSettings } from './file.js';
import { deliveryOf } from './wire.js';

const START = Date.UTC(2026, 4, 4, 9);

const RUN: FileSettings = {
  center: { seed: 7, startMs: START, agents: 20, ratePerMinute: 12, tempo: 3, slaMs: 400_000 },
  disorder: { seed: 7, shuffleMs: 0, duplicates: 0 },
  accountId: '84731',
  durationMs: 1_200_000,
};

const agent = { id: '2434600001', name: 'Agent 01' };

function dataOf(occasion: Occasion): unknown {
  const fact: Fact = { time: START, uid: 'u-1', occasion };
  const body = JSON.parse(deliveryOf(fact, '84731').body);
  expect(body.commonHeader).toMatchObject({
    accountId: '84731',
    uid: 'u-1',
    schemaVersion: '1-0-0',
    eventTimestamp: START,
    eventType: occasion.type,
  });
  return body.data;
}

describe('the wire', () => {
  it.each<{ occasion: Occasion; want: object }>([
    {
      occasion: { type: 'ParticipantAgentAddEvent', conversationId: 'c1', agent, isAssigned: true },
      want: {
        convDetails: { convId: 'c1' },
        agentDetails: { agentId: '2434600001', agentName: 'Agent 01', isAssigned: true },
      },
    },
    {
      occasion: { type: 'TTRStatusEvent', conversationId: 'c1', effectiveTtr: -1 },
      want: { convDetails: { convId: 'c1' }, effectiveTtr: -1 },
    },
    {
      occasion: {
        type: 'AppActionEvent',
        conversationId: 'c1',
        agent,
        viewName: 'MY_CONVERSATIONS',
        actionName: 'FOCUS_CONV',
      },
      want: {
        convDetails: { convId: 'c1' },
        agentDetails: { agentId: '2434600001', agentName: 'Agent 01' },
        viewName: 'MY_CONVERSATIONS',
        actionName: 'FOCUS_CONV',
      },
    },
    {
      occasion: {
        type: 'AgentStateChangedEvent',
        agent,
        availability: { code: '4', text: 'AWAY', reason: { code: '10015', text: 'MEETING' } },
      },
      want: {
        agentDetails: { agentId: '2434600001', agentName: 'Agent 01' },
        stateCode: '4',
        stateDesc: 'AWAY',
        reasonCode: '10015',
        reasonDesc: 'MEETING',
      },
    },
    {
      occasion: {
        type: 'AgentSnapshotEvent',
        agent,
        workload: { assignedWeight: 1.2, maxSlots: null, assignedConversations: 3 },
      },
      want: {
        agentId: '2434600001',
        agentName: 'Agent 01',
        totalAssignedConvWeight: 1.2,
        maxSlots: null,
        totalAssignedConversations: 3,
      },
    },
  ])('nests $occasion.type as LivePerson does', ({ occasion, want }) => {
    expect(dataOf(occasion)).toEqual(want);
  });

  it('is read by the receiver without a complaint, all ten types of it', () => {
    const types = new Set<string>();
    const complaints = [...arrivals(RUN)].filter(({ at, body }) => {
      const delivery = { receivedAt: at, accounts: new Set(['84731']), headerAccountId: '84731', bodyHash: String };
      const [outcome, ...more] = normaliseLivePerson(JSON.parse(body), delivery);
      if (outcome?.kind !== 'event' || outcome.warnings.length > 0 || more.length > 0) return true;
      types.add(outcome.event.type);
      // Compact, as the sender signs it: parsing and writing it again gives the same bytes.
      return JSON.stringify(JSON.parse(body)) !== body;
    });
    expect(complaints).toEqual([]);
    expect(types).toEqual(new Set(EVENT_TYPES));
  });

  it('arrives as the same set of events, however disordered', () => {
    const plain = [...arrivals(RUN)].map(({ body }) => body);
    const disordered = [...arrivals({ ...RUN, disorder: { seed: 7, shuffleMs: 200, duplicates: 0.2 } })];
    const bodies = disordered.map(({ body }) => body);
    expect(bodies).not.toEqual(plain);
    expect(new Set(bodies)).toEqual(new Set(plain));
    const copies = bodies.length - plain.length;
    expect(copies / plain.length).toBeGreaterThan(0.17);
    expect(copies / plain.length).toBeLessThan(0.23);
  });
});
