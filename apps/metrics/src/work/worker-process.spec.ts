import { expect, it } from '@jest/globals';
import { pauseMs } from './worker-process.js';

it('waits longer from end to end, and never long', () => {
  expect([1, 2, 3, 4, 5, 6, 100].map(pauseMs)).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
});
