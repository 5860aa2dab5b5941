import type { RefusedCommit } from './store.js';

/** Series that a commit has refused so far: what is meant for them must go elsewhere when the work is done again. */
export class Barred {
  private readonly ranges = new Set<string>();
  private readonly limits = new Set<string>();

  /** Whether the series (by `seriesId`) would leave its range: what is meant for it has no result. */
  isOutOfRange(series: string): boolean {
    return this.ranges.has(series);
  }

  /** Whether the label set is beyond the limit of its metric: what is meant for it goes to the overflow. */
  isOverLimit(series: string): boolean {
    return this.limits.has(series);
  }

  get isEmpty(): boolean {
    return this.ranges.size === 0 && this.limits.size === 0;
  }

  /** Tells whether any of them is new: else the same work would be refused again, without end. */
  add({ outOfRange, overLimit }: RefusedCommit): boolean {
    const before = this.ranges.size + this.limits.size;
    for (const series of outOfRange) this.ranges.add(series);
    for (const series of overLimit) this.limits.add(series);
    return this.ranges.size + this.limits.size > before;
  }
}
