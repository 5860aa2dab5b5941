import { describe, expect, it } from '@jest/globals';
import { type Entry, LineReader } from './line-reader.js';

const T0 = 1_772_474_400_000;

/** A body of which only type, time and conversation matter. */
function body(at: number, conversation = 'c1'): object {
  return {
    commonHeader: {
      accountId: '84731',
      uid: `u${at}`,
      schemaVersion: '1-0-0',
      eventTimestamp: T0 + at,
      eventType: 'MessageConsumerEvent',
    },
    data: { convDetails: { convId: conversation } },
  };
}

/** Times of happening and receipt since T0, or what else an entry is. */
function told(entry: Entry): unknown {
  switch (entry.kind) {
    case 'event':
      return [entry.event.time - T0, entry.event.receivedAt - T0, ...(entry.agentReceivedAt === null ? [] : ['agent'])];
    case 'outage':
      return `outage ${entry.from}-${entry.to}`;
    case 'ignored':
      return 'ignored';
    case 'problem':
      return entry.reason;
  }
}

function read(...lines: readonly (object | string)[]): unknown[] {
  const reader = new LineReader();
  return lines.flatMap((line) => reader.read(typeof line === 'string' ? line : JSON.stringify(line))).map(told);
}

describe('the lines of a file to replay', () => {
  it('takes a body as received at the greatest event time so far', () => {
    expect(read(body(0), body(500), body(200), body(700))).toEqual([
      [0, 0],
      [500, 500],
      [200, 500],
      [700, 700],
    ]);
  });

  it('takes the events of an array one after the other', () => {
    expect(read([body(5), body(3)], body(4))).toEqual([
      [5, 5],
      [3, 5],
      [4, 5],
    ]);
  });

  it('takes the receipt from a line of the record', () => {
    expect(
      read(
        { receivedAt: T0 + 90, event: body(50) },
        { receivedAt: T0 + 95, agentReceivedAt: T0 + 99, event: body(60) },
        body(10),
      ),
    ).toEqual([
      [50, 90],
      [60, 95, 'agent'],
      [10, 60],
    ]);
  });

  it.each([
    { line: '{"outage":{"from":5,"to":9}}', want: 'outage 5-9' },
    { line: '{"outage":{"from":9,"to":5}}', want: 'an outage needs "from" and "to" in ms, from not after to' },
    { line: '{"outage":true}', want: 'an outage needs "from" and "to" in ms, from not after to' },
    { line: 'hello', want: 'is not JSON' },
    { line: '7', want: 'not-an-object: the event is not a JSON object' },
    { line: '{"receivedAt":"now","event":{}}', want: 'receivedAt must be a time in ms' },
    { line: '{"receivedAt":5,"agentReceivedAt":-1,"event":{}}', want: 'agentReceivedAt must be a time in ms' },
    { line: '{"receivedAt":5}', want: 'not-an-object: the event is not a JSON object' },
    { line: '{"commonHeader":{"eventType":"Novelty","accountId":"1"},"data":{}}', want: 'ignored' },
  ])('reads $line', ({ line, want }) => {
    expect(read(line)).toEqual([want]);
  });
});

describe('names of agents', () => {
  it.each([
    { personalData: true, want: 'Ada' },
    { personalData: false, want: null },
  ])('are read: $personalData', ({ personalData, want }) => {
    const named = {
      ...body(1),
      data: { convDetails: { convId: 'c1' }, agentDetails: { agentId: 'a', agentName: 'Ada' } },
    };
    const [entry] = new LineReader(personalData).read(JSON.stringify({ receivedAt: T0 + 1, event: named }));
    expect(entry).toMatchObject({ kind: 'event', event: { agentId: 'a', agentName: want } });
  });
});
