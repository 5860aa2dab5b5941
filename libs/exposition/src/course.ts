import { type KeptSeries, MINUTE_MS, minuteKey, minuteOf, MINUTES_KEPT, type SeriesReader } from '@app/engine';
import type { Catalog, FormulaPlan, MetricPlan, WindowPlan } from '@app/language';
import { compareLabels } from './family.js';
import { formulaOf } from './formula-samples.js';
import { Pace } from './pace.js';
import { type RollingParts, RollingSamples } from './rolling-samples.js';

/** What the course of a metric is asked for. */
export interface CourseRequest {
  readonly catalog: Catalog;
  readonly reader: SeriesReader;
  readonly accountId: string;
  /** The instant at which the course ends (ms). */
  readonly nowMs: number;
  /** How far back it goes, the running minute included: 1 to 1440, a multiple of `stepMinutes`. */
  readonly minutes: number;
  readonly stepMinutes: number;
}

/** How a metric came to its present value, step by step; the last step holds the running minute. */
export interface Course {
  /** When the first step begins (ms). */
  readonly fromMs: number;
  readonly stepMs: number;
  /** Sorted by labels. */
  readonly series: readonly CourseSeries[];
}

/** One label set, the account left out. */
export interface CourseSeries {
  readonly labels: readonly string[];
  /**
   * Of a counter or histogram: what each step added. Of a formula: its value at the end of each step, in its window then.
   * Null where there is none, and where the window reaches back beyond what is kept.
   */
  readonly values: readonly (number | null)[];
  /** Of a histogram: how many observations each step added; else null. */
  readonly counts: readonly number[] | null;
}

/**
 * The course of a metric from the minutes that are kept of it, or of what it reads; null when it has none: only counters
 * and histograms that a formula reads in windows are kept by the minute, and only windowed formulas of them have a past.
 */
export async function courseOf(metric: MetricPlan, request: CourseRequest): Promise<Course | null> {
  const span = new Span(request);
  const formula = formulaOf(metric);
  if (formula === null) return metric.minutes ? { ...span.head, series: await ofKept(metric, span) } : null;
  const read = formula.reads.map((name) => request.catalog.metrics.find((one) => one.name === name));
  const kept = read.filter((one) => one !== undefined && one.minutes) as MetricPlan[];
  if (formula.windows.length === 0 || kept.length < formula.reads.length) return null;
  return { ...span.head, series: await ofFormula(formula, kept, span) };
}

/** The minutes of a course (of Unix time), and what reads them. */
class Span {
  readonly running: number;
  readonly first: number;
  readonly steps: number;
  readonly pace = new Pace();

  constructor(readonly request: CourseRequest) {
    this.running = minuteOf(request.nowMs);
    this.first = this.running - request.minutes + 1;
    this.steps = request.minutes / request.stepMinutes;
  }

  get head(): Pick<Course, 'fromMs' | 'stepMs'> {
    return { fromMs: this.first * MINUTE_MS, stepMs: this.request.stepMinutes * MINUTE_MS };
  }

  get oldest(): number {
    return this.running - MINUTES_KEPT + 1;
  }

  /** The last minute of a step. */
  lastMinute(step: number): number {
    return this.first + (step + 1) * this.request.stepMinutes - 1;
  }

  /** The account's series of a metric per minute, from `first` to the running one. */
  async minutes(metric: MetricPlan, first: number): Promise<ReadonlyMap<number, readonly KeptSeries[]>> {
    const byKey = new Map<string, number>();
    for (let minute = first; minute <= this.running; minute += 1)
      byKey.set(minuteKey(metric.seriesKey, minute), minute);
    const found = new Map<number, KeptSeries[]>();
    for (const one of await this.series([...byKey.keys()])) {
      const minute = byKey.get(one.metric) ?? first;
      const list = found.get(minute);
      if (list === undefined) found.set(minute, [one]);
      else list.push(one);
    }
    return found;
  }

  /** The account's series under these keys. */
  async series(keys: readonly string[]): Promise<readonly KeptSeries[]> {
    const found: KeptSeries[] = [];
    for await (const slice of this.request.reader.series(keys)) {
      for (const one of slice) if (one.labels[0] === this.request.accountId) found.push(one);
      if (this.pace.due()) await this.pace.rest();
    }
    return found;
  }
}

async function ofKept(metric: MetricPlan, span: Span): Promise<readonly CourseSeries[]> {
  const found = new Map<string, { labels: readonly string[]; sums: bigint[]; counts: number[] }>();
  const histogram = metric.kept.kind === 'histogram';
  for (const one of await span.series([metric.seriesKey])) at(found, one.labels.slice(1), span.steps);
  for (const [minute, series] of await span.minutes(metric, span.first)) {
    const step = Math.floor((minute - span.first) / span.request.stepMinutes);
    for (const { labels, sum, count } of series) {
      const course = at(found, labels.slice(1), span.steps);
      course.sums[step] = (course.sums[step] ?? 0n) + sum;
      course.counts[step] = (course.counts[step] ?? 0) + count;
    }
    if (span.pace.due()) await span.pace.rest();
  }
  return [...found.values()]
    .sort((a, b) => compareLabels(a.labels, b.labels))
    .map(({ labels, sums, counts }) => ({
      labels,
      values: sums.map((sum) => Number(sum) / 1e6),
      counts: histogram ? counts : null,
    }));
}

function at(
  found: Map<string, { labels: readonly string[]; sums: bigint[]; counts: number[] }>,
  labels: readonly string[],
  steps: number,
) {
  const key = JSON.stringify(labels);
  const known = found.get(key) ?? {
    labels,
    sums: new Array<bigint>(steps).fill(0n),
    counts: new Array<number>(steps).fill(0),
  };
  found.set(key, known);
  return known;
}

/** What the windows of a formula move over, per metric that it reads. */
type Kept = ReadonlyMap<string, RollingParts>;

type Values = Map<string, { readonly labels: readonly string[]; readonly values: (number | null)[] }>;

async function ofFormula(formula: FormulaPlan, metrics: readonly MetricPlan[], span: Span): Promise<CourseSeries[]> {
  const longest = Math.max(...formula.windows.map(({ seconds }) => seconds / 60));
  const first = Math.max(span.oldest, span.first - longest);
  const kept = new Map<string, RollingParts>();
  for (const metric of metrics) {
    const labelSets = (await span.series([metric.seriesKey])).map(({ labels }) => labels);
    kept.set(metric.name, { minutes: await span.minutes(metric, first), labelSets });
  }
  const found: Values = new Map();
  for (const window of formula.windows) await slide(formula, window, { kept, span, found });
  return [...found.values()]
    .sort((a, b) => compareLabels(a.labels, b.labels))
    .map((course) => ({ ...course, counts: null }));
}

/** Moves one window of the formula over the course, and notes its value at the end of each step. */
async function slide(
  formula: FormulaPlan,
  { label, seconds }: WindowPlan,
  { kept, span, found }: { kept: Kept; span: Span; found: Values },
): Promise<void> {
  const rolling = new Map([...kept].map(([name, parts]) => [name, new RollingSamples(parts)]));
  for (let step = 0; step < span.steps; step += 1) {
    const last = span.lastMinute(step);
    // The running minute comes on top of the full ones; a minute that has ended is the last of the full ones.
    const from = last - seconds / 60 + (last === span.running ? 0 : 1);
    for (const one of rolling.values()) one.moveTo(from, last);
    const results = from < span.oldest ? [] : formula.evaluate((name) => rolling.get(name)?.samples() ?? [], seconds);
    for (const { labels, value } of results) {
      if (!Number.isFinite(value)) continue;
      const key = JSON.stringify([...labels, label]);
      const values = found.get(key)?.values ?? new Array<number | null>(span.steps).fill(null);
      values[step] = value;
      found.set(key, { labels: [...labels, label], values });
    }
    if (span.pace.due()) await span.pace.rest();
  }
}
