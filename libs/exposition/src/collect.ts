import type { SeriesReader } from '@app/engine';
import type { Catalog, FormulaPlan, MetricPlan, WindowPlan } from '@app/language';
import { compareLabels, type Family, type FamilySample } from './family.js';
import { formulaOf, formulaSamples, type ReadSamples } from './formula-samples.js';
import { keptSamples, type KeptSource, windowSamples } from './kept-samples.js';
import { Pace } from './pace.js';

/**
 * All exported metrics of the catalog in name order, each with its samples at `nowMs`; a metric without samples has an
 * empty family. One metric is in memory at a time, but for those that formulas read. Throws what the reader throws.
 */
export async function* collectSamples(
  catalog: Catalog,
  reader: SeriesReader,
  nowMs: number,
): AsyncGenerator<Family, void, undefined> {
  const accounts = [...(await reader.accounts())].sort();
  const collector = new Collector(catalog, { reader, accounts, nowMs, pace: new Pace() });
  for (const metric of catalog.metrics) {
    if (!metric.exported) continue;
    yield {
      name: metric.name,
      help: metric.help,
      type: metric.type,
      labelNames: ['account_id', ...metric.labelNames],
      bounds: metric.kept.kind === 'histogram' ? metric.kept.buckets : [],
      samples: await collector.samplesOf(metric),
    };
  }
}

class Collector {
  readonly #metrics: ReadonlyMap<string, MetricPlan>;
  /** Only what some formula reads is worth remembering. */
  readonly #shared: ReadonlySet<string>;
  readonly #remembered = new Map<string, readonly FamilySample[]>();
  readonly #source: KeptSource;

  constructor(catalog: Catalog, source: KeptSource) {
    this.#metrics = new Map(catalog.metrics.map((metric) => [metric.name, metric]));
    this.#shared = new Set(catalog.metrics.flatMap((metric) => formulaOf(metric)?.reads ?? []));
    this.#source = source;
  }

  async samplesOf(metric: MetricPlan): Promise<readonly FamilySample[]> {
    const remembered = this.#remembered.get(metric.name);
    if (remembered !== undefined) return remembered;
    const formula = formulaOf(metric);
    const samples = formula === null ? await keptSamples(this.#source, metric) : await this.#evaluate(formula);
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
      samples.push(...(await formulaSamples(formula, accounts, { read, window }, pace)));
    }
    return samples.sort((a, b) => compareLabels(a.labels, b.labels));
  }

  /** What a formula reads; in a window a gauge is its value now. */
  async #read(names: readonly string[], window: WindowPlan | null): Promise<ReadSamples> {
    const read = new Map<string, readonly FamilySample[]>();
    for (const name of names) {
      const metric = this.#metrics.get(name);
      if (metric === undefined) continue;
      const since = await this.samplesOf(metric);
      const inMinutes = window !== null && metric.minutes;
      read.set(name, inMinutes ? await windowSamples(this.#source, metric, since, window.seconds) : since);
    }
    return read;
  }
}
