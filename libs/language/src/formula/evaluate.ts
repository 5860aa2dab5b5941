import type { Evaluate, FormulaPlan, Sample, Scope, WindowPlan } from '../catalog.js';
import { EMPTY_SCOPE } from '../expression/term.js';
import { labelText } from '../label-text.js';
import { type ReadableMetric, samplesOf } from './readable-metric.js';
import type { Selector } from './selector.js';

/** The labels of a formula's results, computed from the labels of each metric that it reads. */
export type Grouping = ReadonlyMap<string, readonly Evaluate[]>;

interface Group {
  readonly labels: readonly string[];
  /** By selector: the samples of this group that it selects. */
  readonly samples: Sample[][];
}

/** A formula's evaluation: one result per label set that any metric which it reads has. */
export function formulaPlan(
  value: Evaluate,
  selectors: readonly Selector[],
  grouping: Grouping,
  windows: readonly WindowPlan[],
): FormulaPlan {
  const metrics = new Map(selectors.map((selector) => [selector.metric.name, selector.metric]));
  return {
    reads: keptMetrics([...metrics.values()]),
    readsFormulas: formulasAmong([...metrics.values()]),
    windows,
    evaluate: (kept, seconds, evaluated = new Map()) => {
      const samples = new Map(
        [...metrics.values()].map((metric) => [metric.name, samplesOf(metric, kept, seconds, evaluated)]),
      );
      const groups = groupSamples(selectors, grouping, samples);
      return [...groups.values()].flatMap((group) => resultOf(value, selectors, { ...group, seconds }));
    },
  };
}

function formulasAmong(metrics: readonly ReadableMetric[]): readonly string[] {
  return [
    ...new Set(metrics.flatMap(({ name, formula }) => (formula === null ? [] : [name, ...formula.readsFormulas]))),
  ];
}

/** The metrics whose samples are wanted, directly or through other formulas. */
function keptMetrics(metrics: readonly ReadableMetric[]): readonly string[] {
  return [...new Set(metrics.flatMap((metric) => metric.formula?.reads ?? [metric.name]))].sort();
}

function groupSamples(
  selectors: readonly Selector[],
  grouping: Grouping,
  samples: ReadonlyMap<string, readonly Sample[]>,
): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  selectors.forEach(({ metric, condition }, index) => {
    const by = grouping.get(metric.name) ?? [];
    for (const sample of samples.get(metric.name) ?? []) {
      const scope: Scope = { state: sample.labels, event: EMPTY_SCOPE.event, now: EMPTY_SCOPE.now };
      const labels = by.map((evaluate) => labelOf(evaluate(scope)));
      if (labels.includes(undefined)) continue;
      const group = groupOf(groups, labels as string[], selectors.length);
      if (condition === null || condition(scope) === true) group.samples[index]?.push(sample);
    }
  });
  return groups;
}

/** A label that has no result leaves its series out; null is the empty text. */
function labelOf(value: ReturnType<Evaluate>): string | undefined {
  return value === undefined ? undefined : value === null ? '' : labelText(String(value));
}

function groupOf(groups: Map<string, Group>, labels: readonly string[], selectors: number): Group {
  const key = labels.length === 0 ? '' : JSON.stringify(labels);
  const found = groups.get(key);
  if (found !== undefined) return found;
  const made: Group = { labels, samples: Array.from({ length: selectors }, () => []) };
  groups.set(key, made);
  return made;
}

/** What has no result is absent, and so is null. */
function resultOf(
  value: Evaluate,
  selectors: readonly Selector[],
  { labels, samples, seconds }: Group & { readonly seconds: number | null },
): { labels: readonly string[]; value: number }[] {
  const numbers = selectors.map(({ reduce }, index) => reduce(samples[index] ?? [], seconds));
  // A selector without a result is undefined in the state, which no reader takes for a value.
  const result = value({ ...EMPTY_SCOPE, state: numbers as (number | null)[] });
  return typeof result === 'number' ? [{ labels, value: result }] : [];
}
