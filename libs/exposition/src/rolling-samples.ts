import type { KeptSeries } from '@app/engine';
import type { Sample } from '@app/language';
import { cumulative } from './family.js';

interface Running {
  readonly labels: readonly string[];
  sum: bigint;
  count: number;
  readonly buckets: number[];
}

/** Over what a window moves; all labels with the account in front. */
export interface RollingParts {
  /** What each minute added. */
  readonly minutes: ReadonlyMap<number, readonly KeptSeries[]>;
  /** Label sets that stand there even when nothing was added. */
  readonly labelSets: readonly (readonly string[])[];
}

/** The samples of one metric and account within a window that moves on minute by minute: sums are exact, so nothing drifts. */
export class RollingSamples {
  private readonly minutes: RollingParts['minutes'];
  private readonly running = new Map<string, Running>();
  /** The window, both inclusive; null before the first move. */
  private window: { from: number; last: number } | null = null;

  constructor({ minutes, labelSets }: RollingParts) {
    this.minutes = minutes;
    for (const labels of labelSets) this.at(labels);
  }

  /** Moves the window to these minutes, both inclusive; neither end may go back. */
  moveTo(from: number, last: number): void {
    const window = (this.window ??= { from, last: from - 1 });
    while (window.last < last) this.add((window.last += 1), 1);
    while (window.from < from) this.add(window.from++, -1);
  }

  /** The samples as a formula sees them. */
  samples(): Sample[] {
    return [...this.running.values()].map(({ labels, sum, count, buckets }) => ({
      labels,
      sum: Number(sum) / 1e6,
      count,
      buckets: cumulative(buckets).slice(0, -1),
    }));
  }

  private add(minute: number, sign: 1 | -1): void {
    for (const one of this.minutes.get(minute) ?? []) {
      const running = this.at(one.labels);
      running.sum += BigInt(sign) * one.sum;
      running.count += sign * one.count;
      one.buckets.forEach((count, index) => {
        running.buckets[index] = (running.buckets[index] ?? 0) + sign * count;
      });
    }
  }

  private at(labels: readonly string[]): Running {
    const key = JSON.stringify(labels);
    const found = this.running.get(key) ?? { labels: labels.slice(1), sum: 0n, count: 0, buckets: [] };
    this.running.set(key, found);
    return found;
  }
}
