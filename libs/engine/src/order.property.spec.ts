import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryHistory } from '../../../test/support/arbitrary-events.js';
import { everyForm } from '../../../test/support/every-form.js';
import { type EventStep, tell } from '../../../test/support/story.js';

const catalog = everyForm();
const HOLD_MS = 250;

/** The greatest armed time is 400 + 90 s; snapshots expire 90 s after the last event. */
const UNTIL = 1000;

/** Receives each event at its time + lag + its own delay, and some again later. */
const arbitraryDelivery = arbitraryHistory.chain((events) =>
  fc.record({
    events: fc.constant(events),
    lag: fc.constantFrom(0, 0, 1.5, 3600),
    delays: fc.array(fc.integer({ min: 0, max: HOLD_MS }), { minLength: events.length, maxLength: events.length }),
    again: fc.array(fc.tuple(fc.nat({ max: events.length - 1 }), fc.integer({ min: 0, max: 200_000 })), {
      maxLength: 20,
    }),
  }),
);

const byReceipt = (a: EventStep, b: EventStep): number => (a.received ?? a.at) - (b.received ?? b.at);

describe('order', () => {
  it('does not matter within the hold, nor do lag and duplicates', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryDelivery, async ({ events, lag, delays, again }) => {
        const straight = events.map((event) => ({ ...event, received: event.at }));
        const delivered = events.map((event, index) => ({
          ...event,
          received: event.at + lag + (delays[index] ?? 0) / 1000,
        }));
        const repeated = again.flatMap(([index, later]) => {
          const event = delivered[index];
          return event === undefined ? [] : [{ ...event, received: event.received + later / 1000 }];
        });
        const crooked = [...delivered, ...repeated].sort(byReceipt);
        const want = await tell(catalog, straight, { holdMs: HOLD_MS, until: UNTIL });
        expect(await tell(catalog, crooked, { holdMs: HOLD_MS, until: UNTIL, partitions: 1 })).toEqual(want);
      }),
      { numRuns: 150 },
    );
  });
});
