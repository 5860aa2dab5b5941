import type { MetricObjectWithValues, MetricValueWithName } from 'prom-client';

/** A registry's figures as values. */
export type Figures = readonly MetricObjectWithValues<MetricValueWithName<string>>[];

/** What a worker tells the process that started it. */
export type FromWorker =
  /** Every second: it lives; and what it lacks for its work, in words, or null. */
  | { readonly kind: 'state'; readonly lacks: string | null }
  /** The answer to each {@link AskFigures}. */
  | { readonly kind: 'figures'; readonly figures: Figures };

/** The only thing that a worker is asked. */
export interface AskFigures {
  readonly kind: 'ask-figures';
}
