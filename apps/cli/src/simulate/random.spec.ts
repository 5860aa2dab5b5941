import { describe, expect, it } from '@jest/globals';
import { Random } from './random.js';

function draw(seed: number, name: string): number[] {
  const random = new Random(seed, name);
  return Array.from({ length: 4 }, () => random.between(0, 999_999));
}

describe('Random', () => {
  it('draws the same on every machine and in every version', () => {
    expect(draw(7, 'arrivals')).toEqual([680_321, 147_963, 223_390, 332_112]);
  });

  it('draws something else for another seed or another name', () => {
    expect(draw(8, 'arrivals')).not.toEqual(draw(7, 'arrivals'));
    expect(draw(7, 'shuffle')).not.toEqual(draw(7, 'arrivals'));
  });

  it.each([
    { name: 'uniform', of: (random: Random) => random.next(), mean: 0.5, tolerance: 0.01 },
    {
      name: 'whole numbers, both ends included',
      of: (random: Random) => random.between(1, 3),
      mean: 2,
      tolerance: 0.02,
    },
    { name: 'exponential', of: (random: Random) => random.exponential(10), mean: 10, tolerance: 0.2 },
    { name: 'log-normal', of: (random: Random) => Math.log(random.logNormal(1, 0.8)), mean: 0, tolerance: 0.02 },
    { name: 'successes', of: (random: Random) => random.successes(0.8), mean: 4, tolerance: 0.1 },
  ])('has the mean that it should: $name', ({ of, mean, tolerance }) => {
    const random = new Random(1, 'mean');
    const draws = 50_000;
    let sum = 0;
    for (let index = 0; index < draws; index += 1) sum += of(random);
    expect(Math.abs(sum / draws - mean)).toBeLessThan(tolerance);
  });
});
