import { describe, expect, it } from '@jest/globals';
import type { Event } from '@app/event';
import { partitionOf } from '@app/queue';
import { sampleEvent } from '../../../test/support/sample-event.js';
import { eventLine, outageLine } from './record/record-line.js';
import { type Instants, noteInstants, sharesOf } from './shares.js';

function event(conversationId: string | null, agentId: string | null): Event {
  const when = { time: 1_000, receivedAt: 2_000 };
  return sampleEvent({ type: 'MessageAgentEvent', ...when, accountId: 'a', uid: 'u', conversationId, agentId });
}

/** An id that lives in the partition, out of two. */
function idIn(partition: number, prefix: string): string {
  for (let i = 0; ; i += 1) if (partitionOf('a', `${prefix}${i}`, 2) === partition) return `${prefix}${i}`;
}

const [c0, c1, a0, a1] = [idIn(0, 'c'), idIn(1, 'c'), idIn(0, 'a'), idIn(1, 'a')];

describe('the shares of a delivery', () => {
  it.each([
    { name: 'a conversation', events: [event(c0, null)], want: { 0: [[0, ['conversation']]] } },
    { name: 'an agent', events: [event(null, a1)], want: { 1: [[0, ['agent']]] } },
    { name: 'both in one partition', events: [event(c1, a1)], want: { 1: [[0, ['conversation', 'agent']]] } },
    { name: 'both in two', events: [event(c0, a1)], want: { 0: [[0, ['conversation']]], 1: [[0, ['agent']]] } },
    {
      name: 'several events, in their order',
      events: [event(c0, a1), event(c0, null), event(null, a1)],
      want: {
        0: [
          [0, ['conversation']],
          [1, ['conversation']],
        ],
        1: [
          [0, ['agent']],
          [2, ['agent']],
        ],
      },
    },
  ])('$name', ({ events, want }) => {
    const shares = sharesOf(events, 2);
    const got = [...shares].map(([partition, { items, places }]) => [
      partition,
      items.map((item, index) => [places[index], item.data.entities]),
    ]);
    expect(Object.fromEntries(got)).toEqual(want);
    for (const { items } of shares.values()) for (const { at } of items) expect(at).toBe(2_000);
  });
});

describe('a line of the record', () => {
  it.each([
    { name: 'one entity', of: event(c0, null), effective: { 0: 2_500 }, want: '{"receivedAt":2500,"event":{}}\n' },
    { name: 'only an agent', of: event(null, a0), effective: { 0: 2_500 }, want: '{"receivedAt":2500,"event":{}}\n' },
    { name: 'one partition', of: event(c0, a0), effective: { 0: 2_500 }, want: '{"receivedAt":2500,"event":{}}\n' },
    {
      name: 'two that agree',
      of: event(c0, a1),
      effective: { 0: 2_500, 1: 2_500 },
      want: '{"receivedAt":2500,"event":{}}\n',
    },
    {
      name: 'two that differ',
      of: event(c0, a1),
      effective: { 0: 2_500, 1: 2_700 },
      want: '{"receivedAt":2500,"agentReceivedAt":2700,"event":{}}\n',
    },
  ])('has the instants that count: $name', ({ of, effective, want }) => {
    const instants: Instants = { conversation: null, agent: null };
    const answers: Record<number, number | undefined> = effective;
    for (const [partition, share] of sharesOf([of], 2)) {
      noteInstants([instants], share, { effective: [answers[partition] ?? Number.NaN], job: 1 });
    }
    expect(eventLine(instants, '{}')).toBe(want);
  });

  it('of an outage', () => {
    expect(outageLine(5, 9)).toBe('{"outage":{"from":5,"to":9}}\n');
  });
});
