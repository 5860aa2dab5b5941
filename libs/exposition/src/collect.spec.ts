import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { AgeRange, KeptSeries, SeriesReader } from '@app/engine';
import type { Catalog, MetricPlan } from '@app/language';
import { collectSamples } from './collect.js';
import { renderPrometheus } from './text-format.js';

const NOW = 1_000_000;

/** Kept series in memory, handed out one by one: partitions are not merged. */
class ListedSeries implements SeriesReader {
  constructor(
    private readonly kept: readonly KeptSeries[],
    private readonly knownAccounts: readonly string[] = [],
    private readonly ranges: Readonly<Record<string, AgeRange>> = {},
  ) {}

  async *series(metrics: readonly string[]): AsyncGenerator<readonly KeptSeries[]> {
    for (const one of this.kept) if (metrics.includes(one.metric)) yield [one];
  }

  ages(metric: string, labels: readonly string[]): Promise<AgeRange | null> {
    return Promise.resolve(this.ranges[[metric, ...labels].join(' ')] ?? null);
  }

  accounts(): Promise<readonly string[]> {
    return Promise.resolve(this.knownAccounts);
  }

  stats(): Promise<ReadonlyMap<string, number>> {
    return Promise.resolve(new Map());
  }
}

function metric(name: string, kept: MetricPlan['kept'], labelNames: readonly string[] = []): MetricPlan {
  const type = kept.kind === 'counter' || kept.kind === 'histogram' ? kept.kind : 'gauge';
  const exported = !name.startsWith('_');
  return {
    name,
    help: `Of ${name}.`,
    source: null,
    type,
    labelNames,
    seriesKey: `${name}@1`,
    kept,
    limit: 1,
    minutes: false,
    exported,
  };
}

function series(name: string, labels: readonly string[], rest: Partial<KeptSeries> = {}): KeptSeries {
  return { metric: `${name}@1`, labels, sum: 0n, count: 0, buckets: [], created: 0, touched: 0, ...rest };
}

function catalogOf(metrics: readonly MetricPlan[]): Catalog {
  const plan = { fields: [], names: [], reactions: new Map(), sinces: [], timers: [], overs: [], layoutId: '' };
  return {
    fingerprint: 'f',
    entities: { conversation: { kind: 'conversation', ...plan }, agent: { kind: 'agent', ...plan } },
    metrics: [...metrics].sort((a, b) => (a.name < b.name ? -1 : 1)),
    tables: new Map(),
  };
}

async function lines(metrics: readonly MetricPlan[], reader: SeriesReader): Promise<string[]> {
  let text = '';
  for await (const chunk of renderPrometheus(collectSamples(catalogOf(metrics), reader, NOW))) text += chunk;
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const AGE = (aggregate: 'sum' | 'count' | 'avg' | 'min' | 'max') => metric('g', { kind: 'age', aggregate });
const GAUGE = (aggregate: 'sum' | 'count' | 'avg', labelNames: readonly string[] = []) =>
  metric('g', { kind: 'gauge', aggregate }, labelNames);
const HISTOGRAM = metric('h', { kind: 'histogram', buckets: [1, 5], bucketsMicro: [1e6, 5e6] }, ['agent_id']);

describe('kept metrics', () => {
  const twoAges = [series('g', ['1'], { sum: 900_000n + 990_500n, count: 2 })];
  const ranges = { 'g@1 1': { min: 900_000, max: 990_500 } };

  it.each<{ name: string; metrics: MetricPlan[]; kept: KeptSeries[]; accounts?: string[]; want: string[] }>([
    {
      name: 'a counter is its sum, added over partitions, sorted by labels',
      metrics: [metric('c_total', { kind: 'counter' }, ['kind'])],
      kept: [
        series('c_total', ['2', 'a'], { sum: 1_500_000n, count: 1 }),
        series('c_total', ['1', 'b'], { sum: 2_000_000n, count: 2 }),
        series('c_total', ['1', 'a'], { sum: 4_000_000n, count: 4 }),
        series('c_total', ['1', 'b'], { sum: 3_000_000n, count: 3 }),
      ],
      want: [
        'c_total{account_id="1",kind="a"} 4',
        'c_total{account_id="1",kind="b"} 5',
        'c_total{account_id="2",kind="a"} 1.5',
      ],
    },
    {
      name: 'a counter that exists at 0 is shown, one without series is not, accounts or not',
      metrics: [metric('c_total', { kind: 'counter' }), metric('d_total', { kind: 'counter' })],
      kept: [series('c_total', ['1'])],
      accounts: ['1', '2'],
      want: ['c_total{account_id="1"} 0'],
    },
    {
      name: 'buckets of a histogram are added and made cumulative',
      metrics: [HISTOGRAM],
      kept: [
        series('h', ['1', 'a'], { sum: 9_000_000n, count: 2, buckets: [1, 0, 1] }),
        series('h', ['1', 'a'], { sum: 500_001n, count: 2, buckets: [0, 2, 0] }),
      ],
      want: [
        'h_bucket{account_id="1",agent_id="a",le="1"} 1',
        'h_bucket{account_id="1",agent_id="a",le="5"} 3',
        'h_bucket{account_id="1",agent_id="a",le="+Inf"} 4',
        'h_sum{account_id="1",agent_id="a"} 9.500001',
        'h_count{account_id="1",agent_id="a"} 4',
      ],
    },
    {
      name: 'a sum gauge without further labels is 0 for every known account',
      metrics: [GAUGE('sum')],
      kept: [series('g', ['2'], { sum: 2_500_000n, count: 2 })],
      accounts: ['3', '1', '2'],
      want: ['g{account_id="1"} 0', 'g{account_id="2"} 2.5', 'g{account_id="3"} 0'],
    },
    {
      name: 'a count gauge counts, whatever the contributions',
      metrics: [GAUGE('count')],
      kept: [series('g', ['1'], { sum: 9_000_000n, count: 4 })],
      want: ['g{account_id="1"} 4'],
    },
    {
      name: 'an average without contributions is absent',
      metrics: [GAUGE('avg')],
      kept: [series('g', ['1'], { sum: 1_000_000n, count: 3 }), series('g', ['2'])],
      accounts: ['1', '2', '3'],
      want: ['g{account_id="1"} 0.3333333333333333'],
    },
    {
      name: 'a gauge with labels is absent where nothing contributes',
      metrics: [GAUGE('sum', ['agent_id'])],
      kept: [series('g', ['1', 'a'], { sum: 1_000_000n, count: 1 }), series('g', ['1', 'b'])],
      accounts: ['1', '2'],
      want: ['g{account_id="1",agent_id="a"} 1'],
    },
    { name: 'the greatest age', metrics: [AGE('max')], kept: twoAges, want: ['g{account_id="1"} 100'] },
    { name: 'the least age', metrics: [AGE('min')], kept: twoAges, want: ['g{account_id="1"} 9.5'] },
    { name: 'the sum of ages', metrics: [AGE('sum')], kept: twoAges, want: ['g{account_id="1"} 109.5'] },
    { name: 'the number of ages', metrics: [AGE('count')], kept: twoAges, want: ['g{account_id="1"} 2'] },
    { name: 'the mean age', metrics: [AGE('avg')], kept: twoAges, want: ['g{account_id="1"} 54.75'] },
    {
      name: 'the age of the only one there is, without a read of its own',
      metrics: [AGE('max')],
      kept: [series('g', ['1'], { sum: 940_000n, count: 1 })],
      want: ['g{account_id="1"} 60'],
    },
    {
      name: 'the greatest age of nothing is absent, the number of nothing is 0',
      metrics: [AGE('max'), metric('n', { kind: 'age', aggregate: 'count' })],
      kept: [],
      accounts: ['1'],
      want: ['n{account_id="1"} 0'],
    },
    {
      name: 'the age of a time to come is negative',
      metrics: [AGE('sum')],
      kept: [series('g', ['1'], { sum: 1_060_000n, count: 1 })],
      want: ['g{account_id="1"} -60'],
    },
  ])('$name', async ({ metrics, kept, accounts, want }) => {
    expect(await lines(metrics, new ListedSeries(kept, accounts ?? ['1'], ranges))).toEqual(want);
  });

  it('shows the families in the order of the catalog, empty ones too', async () => {
    const names: string[] = [];
    const metrics = [HISTOGRAM, GAUGE('sum'), metric('c_total', { kind: 'counter' })];
    for await (const one of collectSamples(catalogOf(metrics), new ListedSeries([]), NOW)) names.push(one.name);
    expect(names).toEqual(['c_total', 'g', 'h']);
  });
});

describe('formulas', () => {
  const ratio = metric('ratio', {
    kind: 'formula',
    formula: {
      reads: ['_part', 'g'],
      readsFormulas: [],
      windows: [],
      evaluate: (samplesOf) => {
        const part = samplesOf('_part')[0];
        const whole = samplesOf('g')[0];
        return part === undefined || whole === undefined ? [] : [{ labels: [], value: part.sum / whole.sum }];
      },
    },
  });
  const reader = new ListedSeries(
    [
      series('_part', ['1'], { sum: 1_000_000n, count: 1 }),
      series('g', ['1'], { sum: 3_000_000n, count: 1 }),
      series('_part', ['2'], { sum: 1_000_000n, count: 1 }),
    ],
    ['1', '2', '3'],
  );

  it('are evaluated per account; hidden metrics can be read but are not shown; no result is absent', async () => {
    const hidden = metric('_part', { kind: 'gauge', aggregate: 'sum' });
    expect(await lines([ratio, hidden, GAUGE('sum')], reader)).toEqual([
      'g{account_id="1"} 3',
      'g{account_id="2"} 0',
      'g{account_id="3"} 0',
      'ratio{account_id="1"} 0.3333333333333333',
    ]);
  });

  it('may read formulas, and histograms with cumulative buckets', async () => {
    const share = metric(
      'share',
      {
        kind: 'formula',
        formula: {
          reads: ['h', 'ratio'],
          readsFormulas: [],
          windows: [],
          evaluate: (samplesOf) =>
            samplesOf('h').map(({ labels, buckets, count }) => ({
              labels,
              value: (buckets[1] ?? 0) / count + (samplesOf('ratio')[0]?.sum ?? 100),
            })),
        },
      },
      ['agent_id'],
    );
    const kept = [series('h', ['1', 'a'], { sum: 9_000_000n, count: 4, buckets: [1, 2, 1] })];
    expect((await lines([share, HISTOGRAM, ratio], new ListedSeries(kept, ['1']))).at(-1)).toBe(
      'share{account_id="1",agent_id="a"} 100.75',
    );
  });
});

describe('over a slow link', () => {
  /** Counts how many reads are under way, and lets them end only when nothing else happens any more. */
  class SlowSeries extends ListedSeries {
    most = 0;
    private underWay = 0;

    override async *series(metrics: readonly string[]): AsyncGenerator<readonly KeptSeries[]> {
      this.underWay += 1;
      this.most = Math.max(this.most, this.underWay);
      await setImmediate();
      yield* super.series(metrics);
      this.underWay -= 1;
    }
  }

  const names = Array.from({ length: 40 }, (_, index) => `m${String(index).padStart(2, '0')}_total`);
  const counters = names.map((name) => metric(name, { kind: 'counter' }, ['n']));
  const few = (name: string): KeptSeries[] => [series(name, ['1', '0'], { sum: 1_000_000n })];
  const many = (name: string): KeptSeries[] =>
    Array.from({ length: 1_500 }, (_, n) => series(name, ['1', String(n)], { sum: 1_000_000n }));

  it('small metrics are read side by side, some at a time, and told in their order', async () => {
    const reader = new SlowSeries(names.flatMap(few));
    expect(await lines(counters, reader)).toEqual(names.map((name) => `${name}{account_id="1",n="0"} 1`));
    expect(reader.most).toBe(8);
  });

  it('large ones are read one after the other: they do not fit into memory together', async () => {
    const reader = new SlowSeries(names.slice(0, 5).flatMap(many));
    expect(await lines(counters.slice(0, 5), reader)).toHaveLength(5 * 1_500);
    expect(reader.most).toBe(1);
  });

  it('what fails is told at its turn', async () => {
    class Failing extends SlowSeries {
      override async *series(metrics: readonly string[]): AsyncGenerator<readonly KeptSeries[]> {
        if (metrics[0] === 'm05_total@1') throw new Error('Redis is away');
        yield* super.series(metrics);
      }
    }
    const told: string[] = [];
    const collecting = async (): Promise<void> => {
      for await (const { name } of collectSamples(catalogOf(counters), new Failing(names.flatMap(few)), NOW))
        told.push(name);
    };
    await expect(collecting()).rejects.toThrow('Redis is away');
    expect(told).toEqual(names.slice(0, 5));
  });
});
