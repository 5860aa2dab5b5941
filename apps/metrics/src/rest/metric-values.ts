import type { SeriesReader } from '@app/engine';
import { collectSamples, courseOf, type CourseSeries, cumulative, type Family, valueAsDouble } from '@app/exposition';
import type { Catalog } from '@app/language';
import type { BadParameter } from '../http/parameters.js';
import type { MetricQuery } from './metric-query.js';
import type { MetricsReply } from './replies.js';
import type { TeamOf } from './teams.js';

/** From what the metrics of an account are told. */
export interface MetricSource {
  readonly catalog: Catalog;
  readonly reader: SeriesReader;
  readonly accountId: string;
  /** The instant for which they are told (ms). */
  readonly nowMs: number;
  /** The team of an agent, where the catalog knows teams. */
  readonly teamOf: TeamOf | null;
}

/** Narrows what tells agents apart to a team: a metric that has a label of that name is narrowed by it. */
const TEAM_LABEL = 'team';
const AGENT_LABEL = 'agent_id';

type MetricView = MetricsReply['metrics'][number];
type SampleView = MetricView['samples'][number];
type CourseView = NonNullable<MetricView['course']>;

/** What is wrong with the names and labels that are asked for, under this catalog. */
export function unknownNames(catalog: Catalog, { names, labels }: MetricQuery, hasTeams: boolean): BadParameter[] {
  const exported = catalog.metrics.filter((metric) => metric.exported);
  const wanted = names === null ? exported : exported.filter(({ name }) => names.includes(name));
  const errors: BadParameter[] = [];
  if (names !== null && wanted.length < names.length) {
    errors.push({ parameter: 'name', allowed: `of ${exported.map(({ name }) => name).join(', ')}` });
  }
  const own = wanted.flatMap((metric) => metric.labelNames);
  const known = [...new Set(hasTeams && own.includes(AGENT_LABEL) ? [...own, TEAM_LABEL] : own)].sort();
  for (const label of labels.keys()) {
    const allowed = ['name', 'range', 'limit', ...known.map((one) => `label ${one}`)].join(', ');
    if (!known.includes(label)) errors.push({ parameter: label, allowed: `only ${allowed}` });
  }
  return errors;
}

/** The values of metrics now and, if that is asked for, how they came to be. Rejects as the reader does. */
export async function metricValues(source: MetricSource, query: MetricQuery): Promise<MetricsReply> {
  const { catalog, reader, nowMs } = source;
  const { names } = query;
  // What is not asked for is not collected, unless a formula that is asked for reads it.
  const metrics = catalog.metrics.map((metric) => ({
    ...metric,
    exported: metric.exported && (names === null || names.includes(metric.name)),
  }));
  const views = new Map<string, MetricView>();
  for await (const family of collectSamples({ ...catalog, metrics }, reader, nowMs)) {
    views.set(family.name, await metricView(family, source, query));
  }
  const inOrder = (names ?? [...views.keys()]).flatMap((name) => views.get(name) ?? []);
  return { at: new Date(nowMs).toISOString(), metrics: inOrder };
}

async function metricView(family: Family, source: MetricSource, query: MetricQuery): Promise<MetricView> {
  const { name, help, type, labelNames, samples } = family;
  const wanted = samples.filter(
    ({ labels }) =>
      labels[0] === source.accountId && matches(labelNames.slice(1), labels.slice(1), query, source.teamOf),
  );
  return {
    name,
    help,
    type,
    samples: wanted.slice(0, query.limit).map((sample) => sampleView(family, sample)),
    total: wanted.length,
    course: await courseView(family, source, query),
  };
}

function sampleView(family: Family, { labels, value, count, buckets }: Family['samples'][number]): SampleView {
  const named = labelsView(family.labelNames.slice(1), labels.slice(1));
  const plain = { labels: named, value: finite(valueAsDouble(value)) };
  if (family.type !== 'histogram') return plain;
  const bounds = cumulative(buckets).map((below, index) => ({ le: family.bounds[index] ?? null, count: below }));
  return { ...plain, count, buckets: bounds };
}

async function courseView(family: Family, source: MetricSource, query: MetricQuery): Promise<CourseView | null> {
  const metric = source.catalog.metrics.find(({ name }) => name === family.name);
  if (query.course === null || metric === undefined) return null;
  const course = await courseOf(metric, { ...source, ...query.course });
  if (course === null) return null;
  const names = family.labelNames.slice(1);
  const wanted = course.series
    .filter(({ labels }) => matches(names, labels, query, source.teamOf))
    .slice(0, query.limit);
  return {
    from: new Date(course.fromMs).toISOString(),
    step: course.stepMs / 1000,
    series: wanted.map((series) => seriesView(names, series)),
  };
}

function seriesView(names: readonly string[], { labels, values, counts }: CourseSeries): CourseView['series'][number] {
  return { labels: labelsView(names, labels), values, ...(counts === null ? {} : { counts }) };
}

/** A metric that lacks a label which is asked for has no sample with it. */
function matches(
  names: readonly string[],
  labels: readonly string[],
  query: MetricQuery,
  teamOf: TeamOf | null,
): boolean {
  return [...query.labels].every(([label, value]) => {
    if (label !== TEAM_LABEL || names.includes(label)) return labels[names.indexOf(label)] === value;
    const agent = labels[names.indexOf(AGENT_LABEL)];
    return agent !== undefined && teamOf?.(agent) === value;
  });
}

function labelsView(names: readonly string[], labels: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, labels[index] ?? '']));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
