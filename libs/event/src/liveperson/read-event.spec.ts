import { describe, expect, it } from '@jest/globals';
import { acceptedOf, SAMPLE_TIME, sampleBody, sampleHeader } from '../../../../test/support/liveperson-samples.js';
import { hash128 } from '../index.js';

describe('the deadline', () => {
  it.each([
    [{ effectiveTtr: SAMPLE_TIME + 1 }, SAMPLE_TIME + 1],
    [{ effectiveTtr: String(SAMPLE_TIME + 1) }, SAMPLE_TIME + 1],
    [{ effectiveTTR: '1528464044687' }, 1528464044687],
    [{ effectiveTtr: SAMPLE_TIME + 400 * 86_400_000 }, SAMPLE_TIME + 400 * 86_400_000],
    [{ effectiveTtr: -1 }, null],
    [{ effectiveTtr: '-1' }, null],
    [{ effectiveTtr: 0 }, null],
    [{ effectiveTtr: -1717200000000 }, null],
    [{ effectiveTtr: null }, null],
    [{ effectiveTtr: '' }, null],
    [{}, null],
  ])('%j is %j', (data, effectiveTtr) => {
    expect(acceptedOf(sampleBody('TTRStatusEvent', { convId: 'c', ...data })).event.effectiveTtr).toBe(effectiveTtr);
  });
});

describe("the agent's state", () => {
  it.each([
    [{ stateCode: '1' }, 'OFFLINE', []],
    [{ stateCode: 2 }, 'ONLINE', []],
    [{ stateCode: '3' }, 'BACK_SOON', []],
    [{ stateCode: '4', stateDesc: null }, 'AWAY', []],
    [{ stateCode: '0' }, 'UNKNOWN', []],
    [{ stateCode: -1 }, 'UNKNOWN', []],
    [{ stateCode: '17' }, 'UNKNOWN', []],
    [{ stateDesc: 'online' }, 'ONLINE', []],
    [{ stateDesc: 'Back Soon', stateCode: '3' }, 'BACK_SOON', []],
    [{ stateDesc: 'BACK_SOON' }, 'BACK_SOON', []],
    [{ stateDesc: 'back-soon' }, 'BACK_SOON', []],
    [{ stateDesc: 'Occupied', stateCode: 3 }, 'BACK_SOON', []],
    [{ stateDesc: 'AWAY', stateCode: '3' }, 'AWAY', ['state-disagrees']],
    [{ stateDesc: 'Lunch' }, 'UNKNOWN', []],
    [{ stateDesc: 'Lunch', stateCode: '4' }, 'UNKNOWN', ['state-disagrees']],
    [{ stateDesc: '', stateCode: '' }, null, []],
    [{}, null, []],
  ])('%j is %j', (data, state, warnings) => {
    const outcome = acceptedOf(sampleBody('AgentStateChangedEvent', { agentDetails: { agentId: 'a' }, ...data }));
    expect([outcome.event.state, outcome.warnings]).toEqual([state, warnings]);
  });

  it.each([
    [{ reasonCode: 10015, reasonDesc: 'MEETING' }, '10015', 'MEETING'],
    [{ stateReasonCode: '7', stateReasonDesc: 'TRAINING' }, '7', 'TRAINING'],
    [{ reasonCode: '-1', reasonDesc: 'NA' }, null, null],
    [{ reasonCode: 0, reasonDesc: '' }, null, null],
    [{ reasonCode: 'na' }, null, null],
    [{ reasonCode: '9', reasonDesc: 'NA' }, '9', 'NA'],
    [{ reasonDesc: 'MEETING' }, null, 'MEETING'],
  ])('%j has reason %j, %j', (data, reasonCode, reason) => {
    expect(acceptedOf(sampleBody('AgentStateChangedEvent', { agentId: 'a', ...data })).event).toMatchObject({
      reasonCode,
      reason,
    });
  });

  it('is read beside the agent or within agentDetails', () => {
    const nested = { agentDetails: { agentId: 'a', stateDesc: 'ONLINE', reasonDesc: 'X' } };
    expect(acceptedOf(sampleBody('AgentStateChangedEvent', nested)).event).toMatchObject({
      state: 'ONLINE',
      reason: 'X',
    });
  });
});

describe('a snapshot', () => {
  it.each([
    [
      { totalAssignedConvWeight: '3.5', maxSlots: '10' },
      { assignedWeight: 3.5, maxSlots: 10 },
    ],
    [
      { totalAssignedConvWeight: -1, maxSlots: -1 },
      { assignedWeight: null, maxSlots: null },
    ],
    [{ totalAssignedConversations: '-1' }, { assignedConversations: null }],
    [{ assignedConversations: 4 }, { assignedConversations: 4 }],
    [
      { totalAssignedConvWeight: 0, maxSlots: null },
      { assignedWeight: 0, maxSlots: null },
    ],
    [
      { totalAssignedConvWeight: '', maxSlots: ' ' },
      { assignedWeight: null, maxSlots: null },
    ],
  ])('%j', (data, means) => {
    expect(acceptedOf(sampleBody('AgentSnapshotEvent', { agentId: 'a', ...data })).event).toMatchObject(means);
  });
});

describe('an event without uid', () => {
  const data = { convDetails: { convId: 'c' }, more: [{ b: 1, a: 2 }] };
  const uidOf = (element: unknown) => acceptedOf(element).event.uid;

  it('takes the hash of its content, in one order of keys and without the subscription', () => {
    const plain = sampleBody('MessageConsumerEvent', data, { uid: '' });
    const header = sampleHeader('MessageConsumerEvent', { uid: '', webhookSubscriptionId: undefined });
    const shuffled = { data: { more: [{ a: 2, b: 1 }], convDetails: { convId: 'c' } }, commonHeader: header };
    expect(uidOf(plain)).toBe(
      hash128(
        '{"commonHeader":{"accountId":"12345678","eventTimestamp":1717200000000,"eventType":"MessageConsumerEvent",' +
          '"schemaVersion":"1-0-0","uid":""},"data":{"convDetails":{"convId":"c"},"more":[{"a":2,"b":1}]}}',
      ),
    );
    expect(uidOf(shuffled)).toBe(uidOf(plain));
    expect(uidOf({ ...plain, further: 1 })).not.toBe(uidOf(plain));
    expect(acceptedOf(plain).warnings).toEqual(['uid-missing']);
  });
});

describe('texts for display', () => {
  const nameOf = (agentName: unknown) => acceptedOf(sampleBody('AgentSnapshotEvent', { agentId: 'a', agentName }));

  it('are cut at 1024, and not through a character', () => {
    expect(nameOf('n'.repeat(1024))).toMatchObject({ event: { agentName: 'n'.repeat(1024) }, warnings: [] });
    expect(nameOf('n'.repeat(1025))).toMatchObject({ event: { agentName: 'n'.repeat(1024) }, warnings: ['text-cut'] });
    expect(nameOf('n'.repeat(1023) + '😀')).toMatchObject({ event: { agentName: 'n'.repeat(1023) } });
  });

  it('lose half characters, which would not survive UTF-8', () => {
    expect(nameOf('a\ud83d-\ude00b').event.agentName).toBe('a\ufffd-\ufffdb');
  });
});
