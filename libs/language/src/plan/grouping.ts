import type { Evaluate } from '../catalog.js';
import type { MetricDefinition } from '../definition/definitions.js';
import type { Findings } from '../diagnostic.js';
import { compileExpression } from '../expression/compile.js';
import type { Vocabulary } from '../expression/context.js';
import type { Grouping } from '../formula/evaluate.js';
import type { ReadableMetric } from '../formula/readable-metric.js';
import { type Selector, withLabelsOf } from '../formula/selector.js';
import { didYouMean } from '../nearest-name.js';
import type { MetricBody } from '../source/schema.js';
import { isGoodLabel } from './metric-names.js';

/** What the labels of a formula are planned with. */
export interface GroupingContext {
  /** What an expression on labels may name besides them. */
  readonly vocabulary: Vocabulary;
  readonly findings: Findings;
}

/** One label of a formula's results: its evaluation on the labels of a metric, or null when it is broken. */
interface ResultLabel {
  readonly name: string;
  on(metric: ReadableMetric): Evaluate | null;
}

/** The labels of the results, and how they come from those of each metric; what is broken is reported and left out. */
export function planGrouping(
  metric: MetricDefinition,
  body: MetricBody,
  selectors: readonly Selector[],
  context: GroupingContext,
): { readonly names: readonly string[]; readonly grouping: Grouping } {
  const labels = resultLabels(metric, body, context);
  const metrics = new Set(selectors.map((selector) => selector.metric));
  const grouping = new Map(
    [...metrics].map((read) => [read.name, labels.flatMap((label) => label.on(read) ?? [])] as const),
  );
  return { names: labels.map((label) => label.name), grouping };
}

function resultLabels(metric: MetricDefinition, { by = [] }: MetricBody, context: GroupingContext): ResultLabel[] {
  if (!Array.isArray(by)) {
    return Object.keys(by)
      .filter((name) => isGoodLabel(name, metric.positionOfKey('by', name), context.findings))
      .map((name) => ({ name, on: (read) => computed(metric, name, read, context) }));
  }
  return by.flatMap((name, index) => {
    const at = metric.positionOf('by', index);
    if (!isGoodLabel(name, at, context.findings)) return [];
    if (by.indexOf(name) < index) {
      const message = `the label "${name}" is listed twice`;
      context.findings.error(at, { code: 'duplicate', message, remedy: 'list it once' });
      return [];
    }
    return [{ name, on: (read) => listed(metric, index, name, { read, ...context }) }];
  });
}

function listed(
  metric: MetricDefinition,
  index: number,
  name: string,
  { read, findings }: GroupingContext & { readonly read: ReadableMetric },
): Evaluate | null {
  const position = read.labelNames.indexOf(name);
  if (position >= 0) return ({ state }) => state[position];
  findings.error(metric.positionOf('by', index), {
    code: 'unknown-label',
    message: `the metric "${read.name}" has no label "${name}"`,
    remedy: didYouMean(name, read.labelNames, 'group by labels that every metric of the formula has'),
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
  const compiled = text && compileExpression(text, 'label', withLabelsOf(read, vocabulary), findings);
  return compiled?.evaluate ?? null;
}
