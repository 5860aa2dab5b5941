import { describe, expect, it } from '@jest/globals';
import type { Item } from './item.js';
import { type Job, Lineup, LINEUP_MAX } from './lineup.js';

const tick: Item = { kind: 'tick', at: 1, timersUntil: 1 };

function job(id: string, count: number): Job {
  return { id, items: Array.from({ length: count }, () => tick) };
}

describe('jobs that are worked off together', () => {
  it.each([
    { reached: ['', 0], done: 0, why: 'nothing was done before' },
    { reached: ['6', 9], done: 0, why: 'all jobs before were done' },
    { reached: ['7', 0], done: 0, why: 'the first has just begun' },
    { reached: ['7', 2], done: 2, why: 'the first is half done' },
    { reached: ['8', 0], done: 3, why: 'the first was done together with one that has no items' },
    { reached: ['9', 1], done: 4, why: 'it ended within the last' },
    { reached: ['12', 5], done: 5, why: 'later jobs were done with them' },
    { reached: [String(9 + LINEUP_MAX), 5], done: 0, why: 'the queue was begun anew: too far ahead to be of it' },
    { reached: ['replay', 5], done: 0, why: 'what was done before is no job of this queue' },
  ] as const)('go on behind $done items when $why', ({ reached: [id, jobItems], done }) => {
    expect(new Lineup([job('7', 3), job('8', 0), job('9', 2)]).doneAt({ job: id, jobItems })).toBe(done);
  });

  it('tell for each number of items in which job the last of them stands', () => {
    const lineup = new Lineup([job('7', 3), job('8', 0), job('9', 2)]);
    expect([1, 3, 4, 5].map((count) => lineup.placeAt(count))).toEqual([
      { job: '7', jobItems: 1 },
      { job: '7', jobItems: 3 },
      { job: '9', jobItems: 1 },
      { job: '9', jobItems: 2 },
    ]);
  });
});
