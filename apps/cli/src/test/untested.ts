import type { Catalog, TestCase } from '@app/language';

/**
 * The metrics that no test exercises: none wants a sample of them. One that is only for formulas counts with a formula
 * that reads it.
 */
export function untestedMetrics({ metrics }: Catalog, tests: readonly TestCase[]): readonly string[] {
  const exercised = new Set(tests.flatMap(metricsWanted));
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  // A set is walked to what is added to it on the way: formulas may read formulas.
  for (const name of exercised) {
    const kept = byName.get(name)?.kept;
    const read = kept?.kind === 'formula' ? kept.formula.reads : [];
    for (const each of read) if (byName.get(each)?.exported === false) exercised.add(each);
  }
  return metrics.map((metric) => metric.name).filter((name) => !exercised.has(name));
}

function metricsWanted({ expectations }: TestCase): readonly string[] {
  return expectations.flatMap((each) => (each.kind === 'samples' && each.samples.length > 0 ? [each.metric] : []));
}
