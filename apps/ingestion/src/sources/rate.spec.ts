import { describe, expect, it } from '@jest/globals';
import { Rate } from './rate.js';

describe('a rate of 2 requests per second', () => {
  it.each<[story: string, at: readonly number[], want: readonly boolean[]]>([
    ['lets a second of them come at once', [0, 0, 0], [true, true, false]],
    ['lets one come each half second', [0, 0, 499, 500, 999, 1_000], [true, true, false, true, false, true]],
    ['keeps no more than a second for later', [0, 0, 60_000, 60_000, 60_000], [true, true, true, true, false]],
  ])('%s', (_story, at, want) => {
    let now = 0;
    const rate = new Rate(2, () => now);
    expect(at.map((ms) => ((now = ms), rate.take()))).toEqual(want);
  });
});
