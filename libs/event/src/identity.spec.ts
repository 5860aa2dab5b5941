import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sampleEvent } from '../../../test/support/sample-event.js';
import { ENTITY_KINDS, type EntityKind, type Event, EVENT_TYPES, fingerprintOf, identityOf } from './index.js';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[-:\d"\\a]*$/),
  fc.constantFrom('', '-', '0:', '1:-', 'null'),
);

const parts = fc.record({
  type: fc.constantFrom(...EVENT_TYPES),
  accountId: text,
  uid: text,
  conversationId: fc.option(text),
  agentId: fc.option(text),
});

describe('the identity of an event', () => {
  it('is the same exactly for the same account, type, uid, conversation, agent and entity kind', () => {
    const kind = fc.constantFrom(...ENTITY_KINDS);
    fc.assert(
      fc.property(parts, kind, parts, kind, (one, oneKind, other, otherKind) => {
        const same = JSON.stringify([one, oneKind]) === JSON.stringify([other, otherKind]);
        const identities = [identityOf(sampleEvent(one), oneKind), identityOf(sampleEvent(other), otherKind)];
        expect(identities[0] === identities[1]).toBe(same);
      }),
      { numRuns: 1000 },
    );
  });

  const event = sampleEvent({ conversationId: 'c', agentId: 'a' });

  it.each<[string, Partial<Event>]>([
    ['time', { time: 1 }],
    ['receipt', { receivedAt: 1 }],
    ['name', { agentName: 'A' }],
    ['deadline', { effectiveTtr: 5 }],
  ])('has no part in the %s', (_what, other) => {
    expect(fingerprintOf({ ...event, ...other }, 'agent')).toBe(fingerprintOf(event, 'agent'));
  });

  it.each<[string, Partial<Event>, EntityKind]>([
    ['account', { accountId: '2' }, 'agent'],
    ['type', { type: 'MessageAgentEvent' }, 'agent'],
    ['uid', { uid: 'u-2' }, 'agent'],
    ['conversation', { conversationId: 'c2' }, 'agent'],
    ['missing conversation', { conversationId: null }, 'agent'],
    ['empty conversation', { conversationId: '' }, 'agent'],
    ['agent', { agentId: 'a2' }, 'agent'],
    ['entity', {}, 'conversation'],
  ])('has a part in the %s', (_what, other, kind) => {
    expect(fingerprintOf({ ...event, ...other }, kind)).not.toBe(fingerprintOf(event, 'agent'));
  });

  it('stays what it was in earlier versions: marks outlive a deployment', () => {
    expect(identityOf(event, 'agent')).toBe('agent:MessageConsumerEvent:8:123456783:u-11:c1:a');
    expect(fingerprintOf(event, 'agent')).toBe('9ec16d3f255da99885f00281be95b4bf');
  });
});
