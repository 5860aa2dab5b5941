import type { Catalog } from '../catalog.js';
import { type Diagnostic, Findings, type Position } from '../diagnostic.js';
import type { TestCase } from './test-case.js';

/**
 * The metrics that no test exercises: none wants a sample of them. One that is only for formulas counts with a formula
 * that reads it.
 */
export function untestedMetrics({ metrics }: Catalog, tests: readonly TestCase[]): readonly string[] {
  const exercised = new Set(tests.flatMap(metricsWanted));
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  for (const name of [...exercised]) {
    const kept = byName.get(name)?.kept;
    const read = kept?.kind === 'formula' ? [...kept.formula.reads, ...kept.formula.readsFormulas] : [];
    for (const each of read) if (byName.get(each)?.exported === false) exercised.add(each);
  }
  return metrics.map((metric) => metric.name).filter((name) => !exercised.has(name));
}

/**
 * A warning for each metric that no test exercises, in the order of files and lines.
 * @param places Where each metric is defined.
 */
export function warnOfUntested(
  catalog: Catalog,
  tests: readonly TestCase[],
  places: ReadonlyMap<string, Position>,
): readonly Diagnostic[] {
  const findings = new Findings();
  for (const name of untestedMetrics(catalog, tests)) {
    const place = places.get(name);
    if (place === undefined) continue;
    findings.warning(place, {
      code: 'untested',
      message: `no test wants a sample of "${name}"`,
      remedy: 'tell a story with it in a *.test.yaml beside the definitions',
    });
  }
  return findings.sorted('warning');
}

function metricsWanted({ expectations }: TestCase): readonly string[] {
  return expectations.flatMap((each) => (each.kind === 'samples' && each.samples.length > 0 ? [each.metric] : []));
}
