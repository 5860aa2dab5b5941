import type { EntityKind } from '@app/event';
import type { Catalog, MetricPlan, OverPlan } from '@app/language';
import { ParameterReader, type Parameters, type Read, type Rule } from '../http/parameters.js';
import type { KnownEntity } from './entities.js';

/** The entities behind a number: those that a metric over state counts now, with certain labels. */
export interface DrillDown {
  readonly kind: EntityKind;
  counts(entity: KnownEntity): boolean;
}

/** A query with the part that names a metric and its labels taken out of it. */
export interface Drilled {
  /** Null when no metric is named. */
  readonly drill: DrillDown | null;
  readonly rest: Parameters;
}

/** Parameters that are never labels. */
const PAGE_ONLY = ['sort', 'limit', 'cursor'];

/**
 * Takes `metric` and the labels of that metric out of the parameters. A formula stands for the gauges that it reads.
 * Labels that the metric lacks are left to the caller, who knows which other parameters there are.
 */
export function readDrillDown(catalog: Catalog, parameters: Parameters, kinds: readonly EntityKind[]): Read<Drilled> {
  const { metric: name, ...others } = parameters;
  if (name === undefined) return { ok: true, query: { drill: null, rest: parameters } };
  const reader = new ParameterReader(parameters);
  const metric = reader.read('metric', metricRule(catalog, kinds), null);
  if (metric === null) return reader.result({ drill: null, rest: {} });
  const overs = oversOf(catalog, metric, kinds);
  const names = new Set(['account_id', ...overs.flatMap(({ over }) => over.metric.labelNames)]);
  const labels = Object.entries(others).filter(([label]) => names.has(label) && !PAGE_ONLY.includes(label));
  const rest = Object.fromEntries(Object.entries(others).filter(([label]) => !labels.some(([one]) => one === label)));
  const wanted: Wanted[] = labels.map(([label, value]) => ({ label, value: typeof value === 'string' ? value : null }));
  for (const { label, value } of wanted) if (value === null) reader.wrong(label, 'one value of that label');
  const { kind } = overs[0] ?? { kind: 'conversation' };
  const keys = overs.filter((one) => one.kind === kind).map(({ over }) => conditionOf(over.metric, wanted));
  return reader.result({ drill: { kind, counts: (entity) => keys.some((counts) => counts(entity)) }, rest });
}

interface Wanted {
  readonly label: string;
  readonly value: string | null;
}

interface Over {
  readonly kind: EntityKind;
  readonly over: OverPlan;
}

/** The metrics over state behind a metric: itself, or those that a formula reads, through other formulas too. */
function oversOf(catalog: Catalog, metric: MetricPlan, kinds: readonly EntityKind[]): Over[] {
  const names = metric.kept.kind === 'formula' ? metric.kept.formula.reads : [metric.name];
  return kinds.flatMap((kind) =>
    catalog.entities[kind].overs
      .filter((over) => names.includes(over.metric.name))
      .map((over): Over => ({ kind, over })),
  );
}

function metricRule(catalog: Catalog, kinds: readonly EntityKind[]): Rule<MetricPlan | null> {
  const metrics = catalog.metrics.filter((metric) => oversOf(catalog, metric, kinds).length > 0);
  return {
    allowed: `a metric over ${kinds.map((kind) => `${kind}s`).join(' or ')}: ${metrics.map(({ name }) => name).join(', ')}`,
    parse: (text) => metrics.find(({ name }) => name === text),
  };
}

/** Whether an entity contributes to the metric under labels such as these. */
function conditionOf(metric: MetricPlan, wanted: readonly Wanted[]): (entity: KnownEntity) => boolean {
  const names = ['account_id', ...metric.labelNames];
  const places = wanted.filter(({ label }) => names.includes(label));
  const tests = places.map(({ label, value }) => [names.indexOf(label), value] as const);
  return ({ layout, record }) => {
    const at = layout.overs.findIndex(([seriesKey]) => seriesKey === metric.seriesKey);
    const contribution = record.contributions[at] ?? null;
    return contribution !== null && tests.every(([place, value]) => contribution.labels[place] === value);
  };
}
