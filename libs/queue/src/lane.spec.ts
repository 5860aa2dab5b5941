import { expect, it } from '@jest/globals';
import { Lane, QueueUnavailable, type Receipt } from './lane.js';
import type { Stamped } from './intake.js';

interface Sent {
  readonly items: readonly string[];
  readonly answer: (receipt: Receipt) => void;
  readonly fail: (error: Error) => void;
}

/** A lane whose adds are answered by hand. */
function laneByHand(maxBatch = 500, timeoutMs = 60_000): { lane: Lane<string>; sent: Sent[] } {
  const sent: Sent[] = [];
  const send = (items: readonly Stamped<string>[]): Promise<Receipt> =>
    new Promise((answer, fail) => sent.push({ items: items.map((item) => item.data), answer, fail }));
  return { lane: new Lane<string>(send, { maxBatch, timeoutMs, weight: null }), sent };
}

const item = (data: string, at = 0): Stamped<string>[] => [{ at, data }];

/** Lets everything that is already decided happen. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('sends at once when nothing is under way, then all that came meanwhile together', async () => {
  const { lane, sent } = laneByHand();
  const first = lane.add(item('a'));
  expect(sent.map((batch) => batch.items)).toEqual([['a']]);
  const others = [lane.add(item('b')), lane.add([...item('c'), ...item('d')])];
  await settled();
  expect(sent).toHaveLength(1);
  sent[0]?.answer({ job: 1, floor: 0 });
  await first;
  await settled();
  expect(sent.map((batch) => batch.items)).toEqual([['a'], ['b', 'c', 'd']]);
  sent[1]?.answer({ job: 2, floor: 0 });
  expect((await Promise.all(others)).map((added) => added.job)).toEqual([2, 2]);
});

it('never sends more than the limit in a batch, and splits a call that is larger', async () => {
  const { lane, sent } = laneByHand(3);
  const added = lane.add(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((data, at) => ({ at, data })));
  const after = lane.add(item('h', 9));
  for (let job = 1; job <= 3; job += 1) {
    sent[job - 1]?.answer({ job, floor: 4 });
    await settled();
  }
  expect(sent.map((batch) => batch.items)).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e', 'f'],
    ['g', 'h'],
  ]);
  expect(await added).toEqual({ effective: [4, 4, 4, 4, 4, 5, 6], job: 3 });
  expect(await after).toEqual({ effective: [9], job: 3 });
});

it('gives each item the greatest instant up to it, beginning with the floor', async () => {
  const { lane, sent } = laneByHand();
  const added = lane.add([5, 3, 8, 7, 12].map((at) => ({ at, data: 'x' })));
  sent[0]?.answer({ job: 1, floor: 6 });
  expect((await added).effective).toEqual([6, 6, 8, 8, 12]);
});

it('rejects a batch that failed, and sends the next items at once', async () => {
  const { lane, sent } = laneByHand();
  const failed = lane.add(item('a'));
  const next = lane.add(item('b'));
  sent[0]?.fail(new Error('gone'));
  await expect(failed).rejects.toMatchObject({ name: 'QueueUnavailable', outcome: 'unknown', message: 'gone' });
  await settled();
  sent[1]?.answer({ job: 1, floor: 0 });
  await next;
  const last = lane.add(item('c'));
  expect(sent.map((batch) => batch.items)).toEqual([['a'], ['b'], ['c']]);
  sent[2]?.answer({ job: 2, floor: 0 });
  await last;
});

it('rejects what has no answer in time: unknown if it was sent, refused and never sent if it still waited', async () => {
  const { lane, sent } = laneByHand(500, 1);
  const outcomes = await Promise.allSettled([lane.add(item('sent')), lane.add(item('waiting'))]);
  expect(outcomes.map((each) => each.status === 'rejected' && (each.reason as QueueUnavailable).outcome)).toEqual([
    'unknown',
    'refused',
  ]);
  sent[0]?.answer({ job: 1, floor: 0 });
  await settled();
  expect(sent.map((batch) => batch.items)).toEqual([['sent']]);
});
