import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deliveries, type Delivery, HOLD_MS } from './delivery.js';

const disorders = fc.record({
  seed: fc.integer(),
  shuffleMs: fc.integer({ min: 0, max: HOLD_MS }),
  duplicates: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** Events in order of time, with many ties; the body tells the original order. */
const runs = fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 60 }).map((gaps) => {
  let time = 0;
  return gaps.map((gap, index): Delivery => {
    time += gap;
    return { at: time, subject: String(index % 3), endpoint: 'e', body: `${index}@${time}` };
  });
});

const timeOf = ({ body }: Delivery): number => Number(body.split('@')[1]);

describe('deliveries', () => {
  it('delivers every event at least once and invents none, whatever the disorder', () => {
    fc.assert(
      fc.property(runs, disorders, (events, disorder) => {
        const bodies = [...deliveries(events, disorder)].map(({ body }) => body);
        expect(new Set(bodies)).toEqual(new Set(events.map(({ body }) => body)));
        if (disorder.duplicates === 0) expect(bodies).toHaveLength(events.length);
      }),
    );
  });

  it('never brings an event later than the hold behind the greatest time before it, but for second copies', () => {
    fc.assert(
      fc.property(runs, disorders, (events, disorder) => {
        let greatest = -Infinity;
        const seen = new Set<string>();
        for (const delivery of deliveries(events, disorder)) {
          if (!seen.has(delivery.body)) expect(timeOf(delivery)).toBeGreaterThanOrEqual(greatest - disorder.shuffleMs);
          seen.add(delivery.body);
          greatest = Math.max(greatest, timeOf(delivery));
        }
      }),
    );
  });

  it('goes by the time of delivery', () => {
    fc.assert(
      fc.property(runs, disorders, (events, disorder) => {
        const times = [...deliveries(events, disorder)].map(({ at }) => at);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });

  it('keeps the order without disorder', () => {
    fc.assert(
      fc.property(runs, (events) => {
        expect([...deliveries(events, { seed: 1, shuffleMs: 0, duplicates: 0 })]).toEqual(events);
      }),
    );
  });

  it('shuffles the first copies alike, with or without duplicates', () => {
    fc.assert(
      fc.property(runs, disorders, (events, disorder) => {
        const firsts = (duplicates: number): string[] => [
          ...new Set([...deliveries(events, { ...disorder, duplicates })].map(({ body }) => body)),
        ];
        expect(firsts(disorder.duplicates)).toEqual(firsts(0));
      }),
    );
  });
});
