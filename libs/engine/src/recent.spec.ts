import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES, type EventType } from '@app/event';
import fc from 'fast-check';
import type { RecentEvent } from './entity.js';
import { RECENT_EVENTS, withRecent } from './recent.js';

const told = (events: readonly RecentEvent[]): readonly RecentEvent[] =>
  events.reduce<readonly RecentEvent[]>((recent, { type, time }) => withRecent(recent, type, time), []);

const A: EventType = 'ConversationRequestEvent';
const B: EventType = 'MessageConsumerEvent';

describe('the last events of an entity', () => {
  it.each([
    { name: 'in order of time', given: [30, 10, 20], want: [10, 20, 30] },
    { name: 'only the last five', given: [1, 2, 3, 4, 5, 6, 7], want: [3, 4, 5, 6, 7] },
    { name: 'not one from before them', given: [2, 3, 4, 5, 6, 1], want: [2, 3, 4, 5, 6] },
    { name: 'each of the same time', given: [1, 1, 1], want: [1, 1, 1] },
  ])('are kept $name', ({ given, want }) => {
    expect(told(given.map((time) => ({ type: B, time }))).map(({ time }) => time)).toEqual(want);
  });

  it('stand in the order of types at one time', () => {
    expect(
      told([
        { type: B, time: 1 },
        { type: A, time: 1 },
      ]).map(({ type }) => type),
    ).toEqual([A, B]);
  });

  it('are the same in whatever order the events arrive', () => {
    const event = fc.record({ type: fc.constantFrom(...EVENT_TYPES), time: fc.nat(6) });
    const shuffled = fc
      .array(event, { maxLength: 12 })
      .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(told(other)).toEqual(told(list));
        expect(told(list).length).toBe(Math.min(RECENT_EVENTS, list.length));
      }),
    );
  });
});
