import type { FormulaPlan, MetricPlan, Sample, WindowPlan } from '@app/language';
import { compareLabels, cumulative, type FamilySample, valueAsDouble } from './family.js';
import type { Pace } from './pace.js';

/** Samples of the metrics that a formula reads, by metric name. */
export type ReadSamples = ReadonlyMap<string, readonly FamilySample[]>;

/** One evaluation of a formula: what it reads, and the window, or null since the start. */
export interface Reading {
  readonly read: ReadSamples;
  readonly window: WindowPlan | null;
}

/** Evaluates a formula account by account; what has no finite result is absent. Sorted by labels. */
export async function formulaSamples(
  formula: FormulaPlan,
  accounts: readonly string[],
  { read, window }: Reading,
  pace: Pace,
): Promise<readonly FamilySample[]> {
  const byMetric = new Map([...read].map(([name, samples]) => [name, byAccount(samples)]));
  const out: FamilySample[] = [];
  for (const account of accounts) {
    for (const result of formula.evaluate(
      (metric) => byMetric.get(metric)?.get(account) ?? [],
      window?.seconds ?? null,
    )) {
      if (!Number.isFinite(result.value)) continue;
      out.push({
        labels: [account, ...result.labels, ...(window === null ? [] : [window.label])],
        value: result.value,
        count: 1,
        buckets: [],
        createdMs: null,
      });
    }
    if (pace.due()) await pace.rest();
  }
  return out.sort((a, b) => compareLabels(a.labels, b.labels));
}

/** The metric's formula, or null when its samples are kept. */
export function formulaOf(metric: MetricPlan): FormulaPlan | null {
  return metric.kept.kind === 'formula' ? metric.kept.formula : null;
}

function byAccount(samples: readonly FamilySample[]): ReadonlyMap<string, Sample[]> {
  const accounts = new Map<string, Sample[]>();
  for (const sample of samples) {
    const account = sample.labels[0] ?? '';
    const list = accounts.get(account) ?? [];
    list.push({
      labels: sample.labels.slice(1),
      sum: valueAsDouble(sample.value),
      count: sample.count,
      buckets: cumulative(sample.buckets).slice(0, -1),
    });
    accounts.set(account, list);
  }
  return accounts;
}
