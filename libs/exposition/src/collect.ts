import type { SeriesReader } from '@app/engine';
import type { Catalog, FormulaPlan, MetricPlan, WindowPlan } from '@app/language';
import { compareLabels, type Family, type FamilySample } from './family.js';
import { formulaOf, formulaSamples, type ReadSamples } from './formula-samples.js';
import { keptSamples, type KeptSource } from './kept-samples.js';
import { Pace } from './pace.js';
import { type WindowedSamples, windowSamples } from './window-samples.js';

/** While metrics are small, so many of the next ones are read meanwhile: over a slow link each costs a way there and back. */
const AHEAD = 8;

/** A metric with more samples is large: the next one is read when this one is done with. */
const SMALL = 1_000;

/**
 * All exported metrics of the catalog in name order, each with its samples at `nowMs`; a metric without samples has an
 * empty family. Besides those that formulas read, few metrics are in memory at a time. Throws what the reader throws.
 */
export async function* collectSamples(
  catalog: Catalog,
  reader: SeriesReader,
  nowMs: number,
): AsyncGenerator<Family, void, undefined> {
  const accounts = [...(await reader.accounts())].sort();
  const collector = new Collector(catalog, { reader, accounts, nowMs, pace: new Pace() });
  const exported = catalog.metrics.filter((metric) => metric.exported);
  const begun: Promise<readonly FamilySample[]>[] = [];
  let ahead = 1;
  for (const [index, metric] of exported.entries()) {
    for (const next of exported.slice(index + begun.length, index + ahead)) begun.push(begin(collector, next));
    const samples = (await begun.shift()) ?? [];
    ahead = samples.length <= SMALL ? Math.min(AHEAD, ahead * 2) : 1;
    yield {
      name: metric.name,
      help: metric.help,
      type: metric.type,
      labelNames: ['account_id', ...metric.labelNames],
      bounds: metric.kept.kind === 'histogram' ? metric.kept.buckets : [],
      samples,
    };
  }
}

/** What fails before its turn is heard of at its turn. */
function begin(collector: Collector, metric: MetricPlan): Promise<readonly FamilySample[]> {
  const samples = collector.samplesOf(metric);
  samples.catch(() => undefined);
  return samples;
}

const NO_FORMULA: Pick<FormulaPlan, 'windows' | 'reads'> = { windows: [], reads: [] };

class Collector {
  readonly #metrics: ReadonlyMap<string, MetricPlan>;
  /** Only what some formula reads is worth remembering. */
  readonly #shared: ReadonlySet<string>;
  readonly #remembered = new Map<string, Promise<readonly FamilySample[]>>();
  readonly #source: KeptSource;
  /** By metric, the lengths (s) of all windows in which some formula reads it. */
  readonly #lengths = new Map<string, Set<number>>();
  /** By metric, how many formulas with windows are still to read it: it is remembered for so long. */
  readonly #readersLeft = new Map<string, number>();
  readonly #windowed = new Map<string, Promise<WindowedSamples>>();

  constructor(catalog: Catalog, source: KeptSource) {
    this.#metrics = new Map(catalog.metrics.map((metric) => [metric.name, metric]));
    this.#shared = new Set(catalog.metrics.flatMap((metric) => formulaOf(metric)?.reads ?? []));
    this.#source = source;
    for (const metric of catalog.metrics) this.#noteWindows(metric);
  }

  #noteWindows(metric: MetricPlan): void {
    const { windows, reads } = formulaOf(metric) ?? NO_FORMULA;
    if (windows.length === 0) return;
    for (const name of reads) {
      const lengths = this.#lengths.get(name) ?? new Set();
      for (const { seconds } of windows) lengths.add(seconds);
      this.#lengths.set(name, lengths);
      this.#readersLeft.set(name, (this.#readersLeft.get(name) ?? 0) + 1);
    }
  }

  samplesOf(metric: MetricPlan): Promise<readonly FamilySample[]> {
    const remembered = this.#remembered.get(metric.name);
    if (remembered !== undefined) return remembered;
    const formula = formulaOf(metric);
    const samples = formula === null ? keptSamples(this.#source, metric) : this.#evaluate(formula);
    if (this.#shared.has(metric.name)) this.#remembered.set(metric.name, samples);
    return samples;
  }

  /** Once since the start, or once per window. */
  async #evaluate(formula: FormulaPlan): Promise<readonly FamilySample[]> {
    const { accounts, pace } = this.#source;
    const windows = formula.windows.length === 0 ? [null] : formula.windows;
    const samples: FamilySample[] = [];
    for (const window of windows) {
      const read = await this.#read(formula.reads, window);
      for (const sample of await formulaSamples(formula, accounts, { read, window }, pace)) samples.push(sample);
    }
    if (formula.windows.length > 0) this.#forget(formula.reads);
    return samples.sort((a, b) => compareLabels(a.labels, b.labels));
  }

  /** What a formula reads; in a window a gauge is its value now. */
  async #read(names: readonly string[], window: WindowPlan | null): Promise<ReadSamples> {
    const known = names.flatMap((name) => this.#metrics.get(name) ?? []);
    const found = known.map(async (metric) => [metric.name, await this.#readOne(metric, window)] as const);
    return new Map(await Promise.all(found));
  }

  async #readOne(metric: MetricPlan, window: WindowPlan | null): Promise<readonly FamilySample[]> {
    const since = await this.samplesOf(metric);
    if (window === null || !metric.minutes) return since;
    return (await this.#within(metric, since)).get(window.seconds) ?? since;
  }

  #within(metric: MetricPlan, since: readonly FamilySample[]): Promise<WindowedSamples> {
    const remembered = this.#windowed.get(metric.name);
    if (remembered !== undefined) return remembered;
    const found = windowSamples(this.#source, metric, since, this.#lengths.get(metric.name) ?? []);
    this.#windowed.set(metric.name, found);
    return found;
  }

  #forget(names: readonly string[]): void {
    for (const name of names) {
      const left = (this.#readersLeft.get(name) ?? 0) - 1;
      this.#readersLeft.set(name, left);
      if (left <= 0) this.#windowed.delete(name);
    }
  }
}
