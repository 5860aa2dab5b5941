import type { LabelSet } from './label-set.js';

/**
 * What least, greatest, deviation and quantiles are computed from: how many entities contribute each value, kept as gauge
 * series of a key of their own, `name@revision#values`, with the value as one more label. Contributions come and go in any
 * order, partitions add up, and what nobody contributes any more is gone.
 */

/** The key under which the values of a gauge are kept. */
export function valuesKey(seriesKey: string): string {
  return `${seriesKey}#values`;
}

/** The labels under which a value (micro-units) is kept. */
export function valueLabels(labels: LabelSet, micro: number): LabelSet {
  return labels.with(String(micro));
}

/** What {@link valueLabels} was made of. */
export function splitValue(labels: readonly string[]): { readonly labels: readonly string[]; readonly micro: number } {
  return { labels: labels.slice(0, -1), micro: Number(labels.at(-1)) };
}
