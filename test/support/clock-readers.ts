import type { Catalog, MetricPlan } from '@app/language';

/**
 * Leaves out of an exposition the samples of metrics that read the clock: two readings are never of the same instant. They
 * are those of which an age is kept, and formulas that read such a one or have windows.
 */
export function withoutClockReaders(catalog: Catalog): (exposition: string) => string {
  const plans = new Map(catalog.metrics.map((metric) => [metric.name, metric]));
  const names = catalog.metrics.filter((metric) => readsClock(metric, plans)).map(({ name }) => name);
  const samples = new RegExp(`^(${names.join('|')})\\{.*\n`, 'gm');
  return (exposition) => (names.length === 0 ? exposition : exposition.replace(samples, ''));
}

function readsClock({ kept }: MetricPlan, plans: ReadonlyMap<string, MetricPlan>): boolean {
  if (kept.kind !== 'formula') return kept.kind === 'age';
  const { windows, reads } = kept.formula;
  return windows.length > 0 || reads.some((name) => plans.get(name)?.kept.kind === 'age');
}
