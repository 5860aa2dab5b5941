import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryCourse, compared } from '../../../test/support/crash-course.js';
import { MemoryStore } from './memory-store.js';

describe('a partition in memory', () => {
  it('comes to the same numbers however its queue is cut, ticked and redelivered, and its workers crash and stall', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCourse, async (course) => {
        const memory = new MemoryStore();
        const { want, got } = await compared(course, { store: memory, reader: memory });
        expect(got).toBe(want);
      }),
      { numRuns: 150 },
    );
  });
});
