import type { FormulaPlan, MetricPlan } from '../catalog.js';
import type { MetricDefinition } from '../definition/definitions.js';
import { compileExpression } from '../expression/compile.js';
import { formulaPlan } from '../formula/evaluate.js';
import type { ReadableMetric } from '../formula/readable-metric.js';
import { labelVocabulary, type Selector, selectorCalls } from '../formula/selector.js';
import type { MetricBody } from '../source/schema.js';
import type { Surroundings } from './entity-context.js';
import { planGrouping } from './grouping.js';
import { metricPlan } from './metric-parts.js';
import { kindOf } from './metric-shape.js';
import { planWindows } from './windows.js';
import { orderByDependency } from './topology.js';

/** Plans the metrics that are computed from other metrics, each after those that it reads. */
export function planFormulas(
  metrics: readonly MetricDefinition[],
  kept: readonly MetricPlan[],
  surroundings: Surroundings,
): readonly MetricPlan[] {
  const formulas = metrics.filter((metric) => metric.body !== null && kindOf(metric.body) === 'formula');
  const { ordered, cycles } = orderByDependency(formulas, ({ name }) => surroundings.formulaNames.get(name) ?? []);
  for (const cycle of cycles) reportCycle(formulas, cycle, surroundings);
  const known = new Map<string, ReadableMetric>(metrics.map(({ name }) => [name, brokenMetric(name)]));
  for (const plan of kept) known.set(plan.name, readable(plan, false));
  return ordered.flatMap((metric) => {
    const planned = metric.body && planFormula(metric, metric.body, known, surroundings);
    if (planned === null) return [];
    known.set(planned.plan.name, readable(planned.plan, planned.needsWindow));
    return [planned.plan];
  });
}

function reportCycle(
  formulas: readonly MetricDefinition[],
  cycle: readonly string[],
  { findings }: Surroundings,
): void {
  const first = formulas.find((metric) => metric.name === cycle[0]);
  if (first === undefined) return;
  findings.error(first.positionOf('formula'), {
    code: 'cycle',
    message: `formulas read each other in a circle: ${cycle.join(' → ')}`,
    remedy: 'let one of them read metrics that are no formulas',
  });
}

function brokenMetric(name: string): ReadableMetric {
  return {
    name,
    type: 'gauge',
    labelNames: [],
    accrues: false,
    buckets: [],
    formula: null,
    needsWindow: false,
    isBroken: true,
  };
}

/** Of a formula with windows, `window` is no label here: it is evaluated in the windows of the formula that reads it. */
function readable({ name, type, labelNames, kept }: MetricPlan, needsWindow: boolean): ReadableMetric {
  const accrues = kept.kind === 'accruing';
  const buckets = kept.kind === 'histogram' ? kept.buckets : [];
  const formula = kept.kind === 'formula' ? kept.formula : null;
  const labels = formula === null || formula.windows.length === 0 ? labelNames : labelNames.slice(0, -1);
  return { name, type, labelNames: labels, accrues, buckets, formula, needsWindow, isBroken: false };
}

interface PlannedFormula {
  readonly plan: MetricPlan;
  readonly needsWindow: boolean;
}

const READS_NOTHING = {
  code: 'wrong-shape',
  message: 'the formula reads no metric',
  remedy: 'read one, as in sum(consumer_wait_seconds)',
} as const;

function planFormula(
  metric: MetricDefinition,
  body: MetricBody,
  known: ReadonlyMap<string, ReadableMetric>,
  { complete, findings, lineage, zones, data }: Surroundings,
): PlannedFormula | null {
  const text = metric.expressionAt('formula');
  if (text === null) return null;
  const selectors: Selector[] = [];
  const labelsOnly = labelVocabulary(zones, data);
  const metricNames = [...known.keys()];
  const metricNamed = (name: string): ReadableMetric | undefined => known.get(name);
  const context = { metricNamed, metricNames, complete, vocabulary: labelsOnly, selectors };
  const refusedNames = new Map(metricNames.map((name) => [name, refusedMetric(name)]));
  const vocabulary = { ...labelsOnly, refusedNames, calls: selectorCalls(context) };
  const compiled = compileExpression(text, 'number', vocabulary, findings);
  const by = planGrouping(metric, body, selectors, { vocabulary: labelsOnly, findings });
  if (compiled === null) return null;
  if (selectors.length === 0) findings.error(text.positionAt(0), READS_NOTHING);
  const windows = planWindows(metric, body, findings);
  checkWindows(metric, selectors, findings);
  const formula: FormulaPlan = formulaPlan(compiled.evaluate, selectors, by.grouping, windows);
  const revision = lineage.revisionOf(['formula', compiled.canonical, body.by, body.windows], []);
  const names = windows.length === 0 ? by.names : [...by.names, 'window'];
  const plan = metricPlan(body, names, { kind: 'formula', formula }, { revision });
  return { plan, needsWindow: selectors.some((each) => each.needsWindow) };
}

/** `rate` needs a window, and so does what reads a formula with it. One whose name begins with `_` gets that of its reader. */
function checkWindows(
  metric: MetricDefinition,
  selectors: readonly Selector[],
  findings: Surroundings['findings'],
): void {
  const first = selectors.find((each) => each.needsWindow);
  if (first === undefined || (metric.body?.windows ?? []).length > 0 || metric.name.startsWith('_')) return;
  const message = first.metric.needsWindow
    ? `rate() needs a window, and "${first.metric.name}" reads it`
    : 'rate() needs a window';
  findings.error(metric.positionOf('formula'), {
    code: 'missing-key',
    message,
    remedy: 'add windows:, as in [5m, 1h]',
  });
}

function refusedMetric(name: string): { message: string; remedy: string } {
  return {
    message: `"${name}" is a metric, not a number`,
    remedy: `write sum(${name}), count(${name}) or value(${name})`,
  };
}
