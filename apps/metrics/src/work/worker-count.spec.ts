import { expect, it } from '@jest/globals';
import { thisMachine, workerCount } from './worker-count.js';

const GIB = 2 ** 30;

it.each([
  { when: 'two cores', cores: 2, gib: 16, partitions: 8, asked: null, want: 1 },
  { when: 'one core', cores: 1, gib: 16, partitions: 8, asked: null, want: 1 },
  { when: 'four cores', cores: 4, gib: 16, partitions: 8, asked: null, want: 3 },
  { when: 'many cores', cores: 64, gib: 256, partitions: 64, asked: null, want: 8 },
  { when: 'few partitions', cores: 8, gib: 16, partitions: 4, asked: null, want: 4 },
  {
    when: 'little memory: the one that serves has its part of it',
    cores: 16,
    gib: 1,
    partitions: 8,
    asked: null,
    want: 1,
  },
  { when: 'some memory', cores: 16, gib: 2, partitions: 8, asked: null, want: 3 },
  { when: 'less memory than one wants', cores: 16, gib: 0.25, partitions: 8, asked: null, want: 1 },
  { when: 'more asked for than the machine has', cores: 2, gib: 1, partitions: 8, asked: 4, want: 4 },
  { when: 'more asked for than partitions', cores: 2, gib: 1, partitions: 8, asked: 12, want: 8 },
  { when: 'one asked for', cores: 64, gib: 256, partitions: 64, asked: 1, want: 1 },
])('$want with $when', ({ cores, gib, partitions, asked, want }) => {
  expect(workerCount(asked, partitions, { cores, memoryBytes: gib * GIB })).toBe(want);
});

it('knows the machine', () => {
  const { cores, memoryBytes } = thisMachine();
  expect(cores).toBeGreaterThanOrEqual(1);
  expect(memoryBytes).toBeGreaterThan(0);
  expect(memoryBytes).toBeLessThan(2 ** 50);
});
