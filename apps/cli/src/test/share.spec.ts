import { describe, expect, it } from '@jest/globals';
import { sharesOf } from './share.js';

const sources = (sizes: readonly number[]) =>
  sizes.map((size, index) => ({ file: `${index}`, text: 'x'.repeat(size * 1000) }));

describe('files of tests', () => {
  it.each([
    { what: 'few stay together, however many threads there are', sizes: [40, 40], threads: 8, shares: ['0 1'] },
    {
      what: 'many are dealt out by their size',
      sizes: [200, 50, 50, 100, 10],
      threads: 2,
      shares: ['0 4', '1 2 3'],
    },
    {
      what: 'each share is worth its thread',
      sizes: [100, 100, 100, 100],
      threads: 4,
      shares: ['0 2', '1 3'],
    },
    { what: 'a file is not cut', sizes: [900], threads: 4, shares: ['0'] },
    { what: 'none are one share of nothing', sizes: [], threads: 4, shares: [''] },
  ])('$what', ({ sizes, threads, shares }) => {
    const dealt = sharesOf(sources(sizes), threads);
    expect(dealt.map((share) => share.map(({ file }) => file).join(' '))).toEqual(shares);
  });
});
