import { EVENT_TYPES } from '@app/event';
import fc from 'fast-check';
import type { EventStep } from './story.js';

/** A few entities and seconds, so that ties, waits, transfers, breaches and expiries are frequent. */
const CONVERSATIONS = ['c1', 'c2', 'c3'];
const AGENTS = ['a1', 'a2'];

const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null, freq: 4 });

/** One event of any type at a time from 0 to 400 s, in steps that often collide. */
export const arbitraryEvent: fc.Arbitrary<EventStep> = fc
  .record({
    at: fc.oneof(
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 4000 }).map((tenths) => tenths / 10),
      // Bursts in which neighbours overtake each other within the hold.
      fc.integer({ min: 0, max: 59 }).map((step) => Math.floor(step / 20) * 100 + (step % 20) / 20),
    ),
    type: fc.constantFrom(...EVENT_TYPES),
    conversation: fc.constantFrom(...CONVERSATIONS),
    agent: fc.constantFrom(...AGENTS),
    isAssigned: orNull(fc.boolean()),
    deadlineIn: orNull(fc.integer({ min: -20, max: 90 })),
    state: orNull(fc.constantFrom('ONLINE', 'AWAY', 'BACK_SOON', 'OFFLINE')),
    assignedWeight: orNull(fc.integer({ min: 0, max: 60 }).map((tenths) => tenths / 10)),
    maxSlots: orNull(fc.integer({ min: 0, max: 4 })),
    actionName: fc.constantFrom('FOCUS_CONV', 'UNFOCUS_CONV'),
  })
  .map(({ deadlineIn, ...event }) => ({
    ...event,
    agentName: `name of ${event.agent}`,
    effectiveTtr: deadlineIn === null ? null : Math.round((event.at + deadlineIn) * 1000),
  }));

/** Events with uids of their own, in order of time. */
export const arbitraryHistory: fc.Arbitrary<EventStep[]> = fc
  .array(arbitraryEvent, { minLength: 1, maxLength: 60 })
  .map((events) => events.map((event, index) => ({ ...event, uid: `u${index}` })).sort((a, b) => a.at - b.at));
