import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.js';
import { sortInSlices } from './slice-sort.js';

describe('sorting in slices', () => {
  it.each([0, 1, 2047, 2048, 2049, 4096, 10_007])('sorts %d items as Array.sort does', async (length) => {
    const items = Array.from({ length }, (_, index) => ({ key: (index * 7919) % 97, index }));
    const compare = (a: { key: number }, b: { key: number }) => a.key - b.key;
    expect(await sortInSlices(items, compare, new Pace())).toEqual([...items].sort(compare));
  });
});
