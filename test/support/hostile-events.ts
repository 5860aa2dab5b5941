import { AGENT_STATES, type Event, EVENT_TYPES } from '@app/event';
import fc from 'fast-check';

/** Names that programs stumble over; few, so that events meet. */
const names = fc.constantFrom(
  ...['__proto__', 'constructor', 'toString', 'a:b', '1:a', '"', '\\', '\u202e', '\u{1f600}', '', ' ', '\n', '0'],
  ...['x'.repeat(256), '__overflow__', '{}', '\u0000', 'le', '84731|b'],
);

const text = fc.oneof(names, fc.string({ unit: 'binary', maxLength: 20 }), fc.constant('ü'.repeat(1_024)));

const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null, freq: 4 });

/** Whatever a double that is no less than 0 can be. */
const amount = fc.oneof(
  fc.constantFrom(0, 1, 5e-324, 1e-7, 0.1, 9e12, 9.1e12, 2 ** 53, 1e21, Number.MAX_VALUE),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
);

/** The first instant of 2015 (ms): no event that is let in is older. */
const EARLIEST = 1_420_070_400_000;

/** From long ago until five minutes after the receipt, as normalising lets through. */
const timeBefore = (receivedAt: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: receivedAt - 500_000, max: receivedAt + 300_000 }),
    fc.constantFrom(EARLIEST, receivedAt - 72 * 3_600_000, receivedAt, receivedAt + 300_000),
    fc.integer({ min: EARLIEST, max: receivedAt + 300_000 }),
  );

/** An event as strange as normalising lets it be, and its texts stranger; received at the instant (ms). */
export function hostileEvent(receivedAt: number): fc.Arbitrary<Event> {
  return fc.record({
    type: fc.constantFrom(...EVENT_TYPES),
    time: timeBefore(receivedAt),
    receivedAt: fc.constant(receivedAt),
    accountId: names,
    uid: fc.oneof(names, fc.string()),
    conversationId: names,
    agentId: names,
    agentName: orNull(text),
    isAssigned: orNull(fc.boolean()),
    effectiveTtr: orNull(fc.oneof(timeBefore(receivedAt), fc.constantFrom(Number.MAX_SAFE_INTEGER, EARLIEST))),
    stateCode: orNull(text),
    state: orNull(fc.constantFrom(...AGENT_STATES)),
    reasonCode: orNull(text),
    reason: orNull(text),
    viewName: orNull(text),
    actionName: orNull(fc.oneof(text, fc.constantFrom('FOCUS_CONV', 'UNFOCUS_CONV'))),
    assignedWeight: orNull(amount),
    maxSlots: orNull(amount),
    assignedConversations: orNull(amount),
  });
}
