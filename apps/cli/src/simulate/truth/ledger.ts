/** What tells the series of one metric apart; `account_id` is added when it is written. */
export type Labels = Readonly<Record<string, string>>;

/** One series: micro-units added up, or of a histogram how many observations lie at or below each bound as well. */
interface Series {
  readonly labels: Labels;
  micros: number;
  count: number;
  readonly upTo: number[];
}

interface Metric {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly bounds: readonly number[];
  readonly series: Map<string, Series>;
}

/** Numbers by metric and labels, as they are added up. Times come in as ms, and are written in seconds. */
export class Ledger {
  private readonly metrics = new Map<string, Metric>();

  /** Names a metric, so that it is written even when nothing is added to it. Bounds (s) make it a histogram. */
  declare(name: string, type: 'counter' | 'gauge' | readonly number[]): void {
    const isHistogram = typeof type !== 'string';
    this.metrics.set(name, {
      type: isHistogram ? 'histogram' : type,
      bounds: isHistogram ? type : [],
      series: new Map(),
    });
  }

  /** Adds to a counter or a gauge. */
  add(name: string, labels: Labels, amount = 1): void {
    this.series(name, labels).micros += Math.round(amount * 1e6);
  }

  /** Adds a length of time (ms) to a counter of seconds. */
  addTime(name: string, labels: Labels, ms: number): void {
    if (ms > 0) this.series(name, labels).micros += ms * 1_000;
  }

  /** Adds one observation (ms) to a histogram of seconds. */
  observe(name: string, labels: Labels, ms: number): void {
    const series = this.series(name, labels);
    series.micros += ms * 1_000;
    series.count += 1;
    for (const [index, bound] of this.metric(name).bounds.entries()) {
      if (ms <= bound * 1_000) series.upTo[index] = (series.upTo[index] ?? 0) + 1;
    }
  }

  /** Forgets what was added to a metric. */
  clear(name: string): void {
    this.metric(name).series.clear();
  }

  /** Takes a metric out. */
  withdraw(name: string): void {
    this.metrics.delete(name);
  }

  /** All of it in Prometheus' text format, line by line. */
  *lines(accountId: string): Generator<string, void, undefined> {
    for (const [name, metric] of this.metrics) {
      yield `# TYPE ${name} ${metric.type}`;
      for (const series of metric.series.values()) {
        const labels = { account_id: accountId, ...series.labels };
        if (metric.type === 'histogram') yield* histogramLines(name, labels, metric.bounds, series);
        else yield `${name}${written(labels)} ${series.micros / 1e6}`;
      }
    }
  }

  private metric(name: string): Metric {
    const metric = this.metrics.get(name);
    if (metric === undefined) throw new Error(`metric ${name} was never declared`);
    return metric;
  }

  private series(name: string, labels: Labels): Series {
    const { series, bounds } = this.metric(name);
    const key = JSON.stringify(labels);
    let found = series.get(key);
    if (found === undefined) {
      found = { labels, micros: 0, count: 0, upTo: bounds.map(() => 0) };
      series.set(key, found);
    }
    return found;
  }
}

function* histogramLines(name: string, labels: Labels, bounds: readonly number[], series: Series): Generator<string> {
  for (const [index, bound] of bounds.entries()) {
    yield `${name}_bucket${written({ ...labels, le: String(bound) })} ${series.upTo[index] ?? 0}`;
  }
  yield `${name}_bucket${written({ ...labels, le: '+Inf' })} ${series.count}`;
  yield `${name}_sum${written(labels)} ${series.micros / 1e6}`;
  yield `${name}_count${written(labels)} ${series.count}`;
}

function written(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${pairs.join(',')}}`;
}
