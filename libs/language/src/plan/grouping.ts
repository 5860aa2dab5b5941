import type { Evaluate } from '../catalog.js';
import type { MetricDefinition } from '../definition/definitions.js';
import type { Findings } from '../diagnostic.js';
import { compileExpression } from '../expression/compile.js';
import type { Vocabulary } from '../expression/context.js';
import type { Grouping } from '../formula/evaluate.js';
import type { ReadableMetric } from '../formula/readable-metric.js';
import { labelReadables, type Selector } from '../formula/selector.js';
import { didYouMean } from '../nearest-name.js';
import type { MetricBody } from '../source/schema.js';
import { isGoodLabel } from './metric-names.js';

interface GroupingContext {
  readonly vocabulary: Vocabulary;
  readonly findings: Findings;
}

/** The labels of the results, and how they come from those of each metric; null when some are broken. */
export function planGrouping(
  metric: MetricDefinition,
  { by = [] }: MetricBody,
  selectors: readonly Selector[],
  context: GroupingContext,
): { names: readonly string[]; grouping: Grouping } | null {
  const list = Array.isArray(by) ? by : null;
  const names = list ?? Object.keys(by);
  names.forEach((name, index) => {
    const at = list === null ? metric.positionOfKey('by', name) : metric.positionOf('by', index);
    isGoodLabel(name, at, context.findings);
  });
  const grouping = new Map<string, readonly Evaluate[]>();
  for (const read of new Set(selectors.map((selector) => selector.metric))) {
    const labels = names.map((name, index) =>
      list === null ? computed(metric, name, read, context) : listed(metric, index, read, { ...context, name }),
    );
    if (labels.includes(null)) return null;
    grouping.set(read.name, labels as Evaluate[]);
  }
  return { names, grouping };
}

function listed(
  metric: MetricDefinition,
  index: number,
  { name: read, labelNames }: ReadableMetric,
  { name, findings }: GroupingContext & { readonly name: string },
): Evaluate | null {
  const position = labelNames.indexOf(name);
  if (position >= 0) return ({ state }) => state[position];
  findings.error(metric.positionOf('by', index), {
    code: 'unknown-label',
    message: `the metric "${read}" has no label "${name}"`,
    remedy: didYouMean(name, labelNames, 'group by labels that every metric of the formula has'),
  });
  return null;
}

function computed(
  metric: MetricDefinition,
  name: string,
  read: ReadableMetric,
  { vocabulary, findings }: GroupingContext,
): Evaluate | null {
  const text = metric.expressionAt('by', name);
  const names = labelReadables(read.labelNames);
  const compiled = text && compileExpression(text, 'label', { ...vocabulary, names }, findings);
  return compiled?.evaluate ?? null;
}
