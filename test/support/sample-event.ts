import { type Event, NOTHING_CARRIED } from '@app/event';

/** An event of which only the named fields matter: the rest is the plainest that can be. */
export function sampleEvent(fields: Partial<Event>): Event {
  return {
    type: 'MessageConsumerEvent',
    time: 1_717_200_000_000,
    receivedAt: 1_717_200_000_040,
    accountId: '12345678',
    uid: 'u-1',
    ...NOTHING_CARRIED,
    ...fields,
  };
}
