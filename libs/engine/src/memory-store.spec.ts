import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DueEntry, DueIndex } from './due-index.js';
import { MemoryStore } from './memory-store.js';
import { describeStateStore } from './store-contract.js';

describeStateStore('MemoryStore', () => {
  const store = new MemoryStore();
  return Promise.resolve({ store, reader: store, close: () => Promise.resolve() });
});

describe('DueIndex', () => {
  it('agrees with a sorted list, whatever is put and taken out', () => {
    const step = fc.record({ key: fc.nat(15), due: fc.option(fc.nat(20)), instant: fc.nat(20), limit: fc.nat(6) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const index = new DueIndex<DueEntry>();
        const entries = Array.from({ length: 16 }, (_, key) => ({ key: `k${key}`, due: 0, position: -1 }));
        const model = new Map<string, number>();
        for (const { key, due, instant, limit } of steps) {
          const entry = entries[key];
          if (entry === undefined) continue;
          index.put(entry, due);
          if (due === null) model.delete(entry.key);
          else model.set(entry.key, due);
          const sorted = [...model].sort(([k1, d1], [k2, d2]) => d1 - d2 || (k1 < k2 ? -1 : 1));
          const want = sorted.filter(([, at]) => at <= instant).slice(0, limit);
          expect(index.until(instant, limit).map((found) => [found.key, found.due])).toEqual(want);
          expect(index.next).toBe(sorted[0]?.[1] ?? null);
        }
      }),
    );
  });
});
