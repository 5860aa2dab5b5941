import type { Evaluate, MetricPlan } from '../catalog.js';
import type { MetricDefinition } from '../definition/definitions.js';
import type { Findings } from '../diagnostic.js';
import type { Compiled } from '../expression/compile.js';
import type { Vocabulary } from '../expression/context.js';
import type { MetricBody } from '../source/schema.js';
import { compileAt, type EntityContext } from './entity-context.js';
import { isGoodLabel } from './metric-names.js';

/** The labels of a metric, in written order. */
export interface LabelParts {
  readonly names: readonly string[];
  readonly evaluates: readonly Evaluate[];
  readonly compiled: readonly Compiled[];
}

/** Compiles the labels of a metric. */
export function planLabels(
  context: EntityContext,
  metric: MetricDefinition,
  body: MetricBody,
  vocabulary: Vocabulary,
): LabelParts {
  const names = Object.keys(body.labels ?? {});
  const compiled = names.flatMap((name) => {
    isGoodLabel(name, metric.positionOfKey('labels', name), context.findings);
    return compileAt(context, metric, { path: ['labels', name], want: 'label', vocabulary }) ?? [];
  });
  return { names, evaluates: compiled.map((each) => each.evaluate), compiled };
}

/** The limit of a metric that sets none. */
const MOST_LABEL_SETS = 50_000;

/** The metric itself, as it is kept and exported. */
export function metricPlan(
  body: MetricBody,
  labelNames: readonly string[],
  kept: MetricPlan['kept'],
  { revision, minutes = false }: { readonly revision: string; readonly minutes?: boolean },
): MetricPlan {
  return {
    name: body.name,
    help: body.help,
    source: body.source ?? null,
    type: body.type,
    labelNames,
    seriesKey: `${body.name}@${revision}`,
    kept,
    limit: body.limit ?? MOST_LABEL_SETS,
    minutes,
    exported: !body.name.startsWith('_'),
  };
}

/** A sum is kept in 64 bits of micro-units. */
const GREATEST_BOUND = 9e12;

/** The bounds of a histogram, as numbers and in micro-units. */
export function planBuckets(metric: MetricDefinition, body: MetricBody, findings: Findings): MetricPlan['kept'] {
  const buckets = body.buckets ?? [];
  const bucketsMicro = buckets.map((bound) => Math.round(bound * 1e6));
  buckets.forEach((bound, index) => {
    const before = bucketsMicro[index - 1];
    const isAscending = before === undefined || before < (bucketsMicro[index] ?? 0);
    if (isAscending && Math.abs(bound) <= GREATEST_BOUND) return;
    findings.error(metric.positionOf('buckets', index), {
      code: 'bad-buckets',
      message: isAscending ? `the bound ${bound} is out of range` : `the bound ${bound} is not above the one before it`,
      remedy: isAscending ? 'bounds are finite; +Inf is added by itself' : 'write the bounds in ascending order',
    });
  });
  return { kind: 'histogram', buckets, bucketsMicro };
}
