import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Heap } from './heap.js';

describe('Heap', () => {
  it('gives back what was put in as a stable sort would', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (keys) => {
        const heap = new Heap<{ key: number; index: number }>();
        const items = keys.map((key, index) => ({ key, index }));
        for (const item of items) heap.push(item.key, item);
        const want = [...items].sort((a, b) => a.key - b.key);
        expect(Array.from(items, () => heap.pop())).toEqual(want);
        expect(heap.pop()).toBeUndefined();
        expect(heap.leastKey).toBeUndefined();
      }),
    );
  });
});
