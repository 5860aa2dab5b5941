import { describe, expect, it } from '@jest/globals';
import { Center } from './center.js';
import type { Fact } from './fact.js';
import { leftOfShift, PEAK, untilShift, WORKING_DAY } from './working-day.js';

const MIDNIGHT = Date.UTC(2026, 4, 4);
const HOUR = 3_600_000;

/** A day of a hundredth of a large brand. */
const day: Fact[] = [
  ...new Center({
    seed: 7,
    startMs: MIDNIGHT,
    agents: 20,
    ratePerMinute: 10_000 / 43_200,
    tempo: 1,
    slaMs: 600_000,
    hasHours: true,
    skills: 4,
  }).facts(MIDNIGHT + 24 * HOUR),
];

const hourOf = ({ time }: Fact): number => Math.floor((time - MIDNIGHT) / HOUR);

describe('the day of a brand', () => {
  it('has all of its conversations in its hours, a tenth of them in the busiest', () => {
    expect(WORKING_DAY.reduce((sum, percent) => sum + percent, 0)).toBe(100);
    expect(PEAK).toBeCloseTo(2.4);
    const hours = day.filter(({ occasion }) => occasion.type === 'ConversationRequestEvent').map(hourOf);
    const within = (from: number, to: number): number => hours.filter((hour) => hour >= from && hour < to).length;
    expect(within(0, 24)).toBeGreaterThan(280);
    expect(within(9, 12)).toBeGreaterThan(4 * within(0, 6));
  });

  it('has shifts: by night few agents are seen, by day many', () => {
    const seen = (from: number, to: number): number => {
      const facts = day.filter((fact) => hourOf(fact) >= from && hourOf(fact) < to);
      const ids = facts.flatMap(({ occasion }) => (occasion.type === 'AgentSnapshotEvent' ? [occasion.agent.id] : []));
      return new Set(ids).size;
    };
    expect(seen(10, 11)).toBeGreaterThan(2 * seen(1, 2));
  });

  it('sees silent conversations closed by the system at once, every 25 minutes', () => {
    const ends = day.filter(({ occasion }) => occasion.type === 'ConversationEndEvent');
    const swept = ends.filter(({ time }) => (time - MIDNIGHT) % (25 * 60_000) < 500);
    const chance = (ends.length * 500) / (25 * 60_000);
    expect(swept.length).toBeGreaterThan(10 * chance);
  });
});

describe('a shift over midnight', () => {
  const shift = { fromMs: 20 * HOUR, lengthMs: 8 * HOUR };

  it.each([
    { hour: 20, left: 8, until: 24 },
    { hour: 23, left: 5, until: 21 },
    { hour: 25, left: 3, until: 19 },
    { hour: 28, left: 0, until: 16 },
    { hour: 43, left: 0, until: 1 },
  ])('at hour $hour has $left h left, and begins again in $until h', ({ hour, left, until }) => {
    expect(leftOfShift(shift, hour * HOUR) / HOUR).toBe(left);
    expect(untilShift(shift, hour * HOUR) / HOUR).toBe(until);
  });
});
