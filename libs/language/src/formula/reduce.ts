import type { Sample } from '../catalog.js';
import type { ReadableMetric, Reduce } from './readable-metric.js';

/** `sum(m)` and `value(m)`: a counter or histogram without samples is 0, a gauge has no value. */
export function reduceSum(metric: ReadableMetric): Reduce {
  return totalOf(metric, (sample) => sample.sum);
}

/** `count(m)`: observations, increments, or the entities that contribute. */
export function reduceCount(metric: ReadableMetric): Reduce {
  return totalOf(metric, (sample) => sample.count);
}

function totalOf({ type }: ReadableMetric, part: (sample: Sample) => number): Reduce {
  const none = type === 'gauge' ? null : 0;
  return (samples) => (samples.length === 0 ? none : samples.reduce((total, sample) => total + part(sample), 0));
}

/** `rate(m)`: increments or observations per second of the window; since the start there is none. */
export function reduceRate(metric: ReadableMetric): Reduce {
  const total = metric.type === 'histogram' ? reduceCount(metric) : reduceSum(metric);
  return (samples, seconds) => {
    const amount = total(samples, seconds);
    return seconds === null || typeof amount !== 'number' ? undefined : amount / seconds;
  };
}

/** `share(m, x)`: the part of the observations at or below the bound with this index. None observed: no result. */
export function reduceShare(bound: number): Reduce {
  return (samples) => {
    const count = samples.reduce((total, sample) => total + sample.count, 0);
    const within = samples.reduce((total, sample) => total + (sample.buckets[bound] ?? 0), 0);
    return count === 0 ? undefined : within / count;
  };
}

/**
 * `quantile(q, m)`: estimated within its bucket as by histogram_quantile of Prometheus: evenly spread, from 0 in the first
 * bucket; above the greatest bound it is that bound. None observed: no result.
 */
export function reduceQuantile(quantile: number, bounds: readonly number[]): Reduce {
  return (samples) => {
    const count = samples.reduce((total, sample) => total + sample.count, 0);
    if (count === 0) return undefined;
    const cumulative = bounds.map((_, at) => samples.reduce((total, sample) => total + (sample.buckets[at] ?? 0), 0));
    const rank = quantile * count;
    const index = cumulative.findIndex((within) => within >= rank && within > 0);
    if (index < 0) return bounds.at(-1);
    const upper = bounds[index] ?? 0;
    const lower = index === 0 ? Math.min(0, upper) : (bounds[index - 1] ?? 0);
    const below = index === 0 ? 0 : (cumulative[index - 1] ?? 0);
    const inside = (cumulative[index] ?? 0) - below;
    return inside === 0 ? upper : lower + ((upper - lower) * (rank - below)) / inside;
  };
}
