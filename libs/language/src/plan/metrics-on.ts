import type { MetricPlan, ObservePlan, ZeroPlan } from '../catalog.js';
import type { MetricDefinition } from '../definition/definitions.js';
import type { MetricBody } from '../source/schema.js';
import { compileAt, type EntityContext } from './entity-context.js';
import { lineageOfNames, resolveNames } from './event-names.js';
import { identityOf } from './identity.js';
import { metricPlan, planBuckets, planLabels } from './metric-parts.js';

/** An `on:` metric and its rules. */
export interface OnMetric {
  readonly plan: MetricPlan;
  readonly observe: ObservePlan;
  readonly zero: ZeroPlan | null;
}

/** Plans a counter or histogram that events feed. */
export function planOnMetric(context: EntityContext, metric: MetricDefinition, body: MetricBody): OnMetric {
  const { lineage, withEvent: vocabulary, findings } = context;
  const on = resolveNames(context, metric, { value: body.on, path: ['on'] });
  const zeroOn = resolveNames(context, metric, { value: body.zero_on, path: ['zero_on'] });
  const when = compileAt(context, metric, { path: ['when'], want: 'condition', vocabulary });
  const value = compileAt(context, metric, { path: ['value'], want: 'number', vocabulary });
  const labels = planLabels(context, metric, body, vocabulary);
  const kept = body.type === 'histogram' ? planBuckets(metric, body, findings) : ({ kind: 'counter' } as const);
  const said = ['on', context.kind, body.type, body.on, body.zero_on, labels.names, body.buckets];
  const names = lineageOfNames(context, [...on, ...zeroOn]);
  const identity = identityOf([when, value, ...labels.compiled], said, names);
  const revision = lineage.revisionOf(identity.rules, identity.reads);
  const plan = metricPlan(body, labels.names, kept, { revision, minutes: context.windowed.has(body.name) });
  const shared = { metric: plan, labels: labels.evaluates, rule: body.name };
  return {
    plan,
    observe: { ...shared, on, when: when?.evaluate ?? null, value: value?.evaluate ?? null },
    zero: zeroOn.length === 0 ? null : { ...shared, on: zeroOn },
  };
}
