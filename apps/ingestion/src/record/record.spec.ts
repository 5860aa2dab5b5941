import { describe, expect, it } from '@jest/globals';
import { EventRecord } from './record.js';
import { eventLine } from './record-line.js';

function recording() {
  const appended: string[] = [];
  const record = new EventRecord({
    append: (text) => {
      appended.push(text);
      return Promise.resolve();
    },
  });
  return { record, appended };
}

describe('the record', () => {
  it('is written in order of receipt, whatever settles first', async () => {
    const { record, appended } = recording();
    const [first, second, third] = [record.take(), record.take(), record.take()];
    const written = [third.fill('c\n'), second.fill('b\n')];
    expect(appended).toEqual([]);
    written.push(first.fill('a\n'));
    await Promise.all(written);
    expect(appended).toEqual(['a\nb\nc\n']);
  });

  it('skips what was not stored and goes on behind it', async () => {
    const { record, appended } = recording();
    const [failed, stored] = [record.take(), record.take()];
    const written = stored.fill('b\n');
    await Promise.all([failed.fill(''), written]);
    await record.take().fill('');
    expect(appended).toEqual(['b\n']);
  });

  it('tells everyone whose lines could not be written', async () => {
    const record = new EventRecord({ append: () => Promise.reject(new Error('no space')) });
    const [first, second] = [record.take(), record.take()];
    const written = [second.fill('b\n'), first.fill('a\n')];
    expect((await Promise.allSettled(written)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

describe('a line of it', () => {
  it.each([
    {
      instants: { conversation: 5, agent: null },
      json: '\r\n{"a":\n1}\n',
      want: '{"receivedAt":5,"event":{"a": 1}}\n',
    },
    { instants: { conversation: 5, agent: 5 }, json: '{}', want: '{"receivedAt":5,"event":{}}\n' },
    { instants: { conversation: 5, agent: 7 }, json: '{}', want: '{"receivedAt":5,"agentReceivedAt":7,"event":{}}\n' },
    { instants: { conversation: null, agent: 7 }, json: '{}', want: '{"receivedAt":7,"event":{}}\n' },
  ])('is $want', ({ instants, json, want }) => {
    expect(eventLine(instants, json)).toBe(want);
  });
});
