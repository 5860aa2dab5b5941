import { hash128 } from '@app/event';

/**
 * A seeded stream of pseudo-random numbers (sfc32). Streams of different names are independent of each other, so that what one part of the
 * simulation draws never moves what another part draws. Only operations that every JavaScript engine computes alike are used.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(seed: number, name: string) {
    const digest = hash128(`${seed}/${name}`);
    this.a = parseInt(digest.slice(0, 8), 16) | 0;
    this.b = parseInt(digest.slice(8, 16), 16) | 0;
    this.c = parseInt(digest.slice(16, 24), 16) | 0;
    this.counter = parseInt(digest.slice(24, 32), 16) | 0;
  }

  /** Uniform in [0, 1). */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return (sum >>> 0) / 4294967296;
  }

  /** A whole number, uniform from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the choices; the list must not be empty. */
  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.next() * choices.length)] as T;
  }

  /** Exponential: the gaps of a Poisson process. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** Log-normal: half of the values lie below the median; `sigma` makes the tail heavy (1 is heavy already). */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  /** How often in a row a trial of this probability succeeds: 0, 1, 2 … */
  successes(probability: number): number {
    let count = 0;
    while (this.chance(probability)) count += 1;
    return count;
  }

  /** Standard normal, by Marsaglia's polar method: it needs no sine, on whose last digit engines differ. */
  private normal(): number {
    for (;;) {
      const u = 2 * this.next() - 1;
      const v = 2 * this.next() - 1;
      const square = u * u + v * v;
      if (square > 0 && square < 1) return u * Math.sqrt((-2 * Math.log(square)) / square);
    }
  }
}
