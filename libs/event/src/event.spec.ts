import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sampleEvent } from '../../../test/support/sample-event.js';
import { ENTITY_KINDS, entityKey, entityOf, EVENT_FIELDS, parseEntityKey } from './index.js';

const ref = fc.record({
  kind: fc.constantFrom(...ENTITY_KINDS),
  accountId: fc.string({ unit: 'binary' }),
  id: fc.string({ unit: 'binary' }),
});

describe('an entity key', () => {
  it('reads back as the entity that it names', () => {
    fc.assert(fc.property(ref, (entity) => expect(parseEntityKey(entityKey(entity))).toEqual(entity)));
  });

  it('is that of one entity alone', () => {
    fc.assert(
      fc.property(ref, ref, (one, other) => {
        const same = one.kind === other.kind && one.accountId === other.accountId && one.id === other.id;
        expect(entityKey(one) === entityKey(other)).toBe(same);
      }),
    );
  });

  it('keeps apart what a plain separator would merge', () => {
    const pairs = [
      ['a', ':b'],
      ['a:', 'b'],
      ['1:a', 'b'],
      ['', '1:ab'],
    ] as const;
    const keys = pairs.map(([accountId, id]) => entityKey({ kind: 'agent', accountId, id }));
    expect(new Set(keys).size).toBe(pairs.length);
  });
});

describe('the entity of an event', () => {
  it.each([
    ['conversation', { kind: 'conversation', accountId: 'acc', id: 'c1' }],
    ['agent', null],
  ] as const)('of kind %s', (kind, want) => {
    expect(entityOf(sampleEvent({ accountId: 'acc', conversationId: 'c1' }), kind)).toEqual(want);
  });
});

it('has a static type for each field', () => {
  expect(Object.keys(EVENT_FIELDS).sort()).toEqual(Object.keys(sampleEvent({})).sort());
});
