import { type Evaluate, type MetricPlan, type OverPlan, type Reads, READS_ALWAYS } from '../catalog.js';
import type { MetricDefinition } from '../definition/definitions.js';
import { type Compiled, compileAge, isAge } from '../expression/compile.js';
import type { AgeComparison } from '../expression/context.js';
import { NO_LOCALS } from '../expression/term.js';
import type { MetricBody } from '../source/schema.js';
import { planAggregate } from './aggregates.js';
import { compileAt, type EntityContext, readsOf } from './entity-context.js';
import { identityOf } from './identity.js';
import { metricPlan, planLabels } from './metric-parts.js';
import type { TimedEvent } from './own-events.js';

/** A metric over state, its rule, and the timer that re-evaluates it when an age passes a bound. */
export interface OverMetric {
  readonly plan: MetricPlan;
  readonly over: OverPlan;
  readonly flip: TimedEvent | null;
  /** What its expressions read. */
  readonly reads: readonly string[];
}

/** Plans a gauge over the state of entities, or a counter that accrues while their state holds. */
export function planOverMetric(context: EntityContext, metric: MetricDefinition, body: MetricBody): OverMetric {
  const { lineage, overState: vocabulary, kind } = context;
  const when = compileAt(context, metric, { path: ['when'], want: 'condition', vocabulary });
  const value = planValue(context, metric);
  const labels = planLabels(context, metric, body, context.stateOnly);
  const accrues = body.type === 'counter';
  const kept = accrues ? ACCRUING : planAggregate(metric, body, value.isAge, context.findings);
  if (accrues && value.isAge) context.findings.error(metric.positionOf('value'), AGE_ACCRUED);
  const said = ['over', kind, accrues ? 'accrues' : (body.aggregate ?? 'sum'), value.isAge, labels.names];
  const identity = identityOf([when, value.compiled, ...labels.compiled], said, []);
  const revision = lineage.revisionOf(identity.rules, identity.reads);
  const plan = metricPlan(body, labels.names, kept, { revision, minutes: accrues && context.windowed.has(body.name) });
  const over: OverPlan = {
    metric: plan,
    when: when?.evaluate ?? null,
    value: contributionOf(value, accrues),
    labels: labels.evaluates,
    reads: overReads(context, when, identity.reads),
    rule: body.name,
  };
  return { plan, over, flip: planFlip(plan, when), reads: identity.reads };
}

const ACCRUING = { kind: 'accruing' } as const;

const AGE_ACCRUED = {
  code: 'conflicting-keys',
  message: 'a counter over state accrues a number per second, not an age',
  remedy: 'leave value: out to count seconds, or use type: gauge',
} as const;

interface PlannedValue {
  readonly isAge: boolean;
  readonly compiled: Compiled | null;
}

/** The contribution: a number, or the time whose age is aggregated when it is read. */
function planValue(context: EntityContext, metric: MetricDefinition): PlannedValue {
  const text = metric.expressionAt('value');
  if (text !== null && isAge(text)) {
    return { isAge: true, compiled: compileAge(text, context.stateOnly, context.findings) };
  }
  const vocabulary = context.stateOnly;
  return { isAge: false, compiled: compileAt(context, metric, { path: ['value'], want: 'number', vocabulary }) };
}

function contributionOf({ isAge, compiled }: PlannedValue, accrues: boolean): OverPlan['value'] {
  const evaluate = compiled?.evaluate ?? ((): number => 1);
  if (isAge) return { kind: 'age', since: evaluate };
  return { kind: accrues ? 'rate' : 'number', evaluate };
}

/** A condition that compares ages depends on the instant. */
function overReads(context: EntityContext, when: Compiled | null, reads: readonly string[]): Reads {
  return comparesAges(when) ? READS_ALWAYS : readsOf(context, reads);
}

function comparesAges(when: Compiled | null): when is Compiled {
  return when !== null && when.ages.length > 0;
}

/** The timer of a condition that compares ages; null when it compares none. */
function planFlip({ name }: MetricPlan, when: Compiled | null): TimedEvent | null {
  if (!comparesAges(when)) return null;
  const plan = {
    kind: 'flip',
    id: `~flip:${name}`,
    name: null,
    at: nextFlip(when.ages),
    reads: READS_ALWAYS,
    rule: name,
  } as const;
  return { plan, text: when.canonical, reads: [...when.reads] };
}

/** The earliest instant after now at which one of the comparisons changes, or null. */
function nextFlip(ages: readonly AgeComparison[]): Evaluate {
  return (scope) => {
    let next: number | null = null;
    for (const { since, thresholdMs } of ages) {
      const time = since(scope, NO_LOCALS);
      if (typeof time !== 'number') continue;
      const flip = time + thresholdMs;
      if (flip > scope.now && (next === null || flip < next)) next = flip;
    }
    return next;
  };
}
