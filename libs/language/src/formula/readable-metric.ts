import type { FormulaPlan, MetricPlan, Sample } from '../catalog.js';

/** What a formula needs to know of a metric that it reads. */
export interface ReadableMetric {
  readonly name: string;
  readonly type: MetricPlan['type'];
  readonly labelNames: readonly string[];
  /** Whether it accrues over state: then its increments say nothing. */
  readonly accrues: boolean;
  /** The bucket bounds of a histogram. */
  readonly buckets: readonly number[];
  /** Null unless it is a formula itself: it is then evaluated along. */
  readonly formula: FormulaPlan | null;
  /** Whether it has a result in a window only: rate() is read in it, or in a formula that it reads. */
  readonly needsWindow: boolean;
  /** Whether its definition is broken, so that nothing is known of it. */
  readonly isBroken: boolean;
}

/** The samples of one group of series become one number; null is no value, undefined no result. */
export type Reduce = (samples: readonly Sample[], seconds: number | null) => number | null | undefined;

/** Samples of formulas that were evaluated along in one evaluation, by name: each is evaluated once, however often read. */
export type Evaluated = Map<string, readonly Sample[]>;

/** What kept metrics read so far, or formulas evaluated along, have as samples. */
export function samplesOf(
  metric: ReadableMetric,
  kept: (name: string) => readonly Sample[],
  seconds: number | null,
  evaluated: Evaluated,
): readonly Sample[] {
  if (metric.formula === null) return kept(metric.name);
  const found = evaluated.get(metric.name);
  if (found !== undefined) return found;
  const samples = metric.formula
    .evaluate(kept, seconds, evaluated)
    .map(({ labels, value }) => ({ labels, sum: value, count: 1, buckets: [] }));
  evaluated.set(metric.name, samples);
  return samples;
}
