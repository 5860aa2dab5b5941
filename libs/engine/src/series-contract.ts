import { MINUTE_MS, MINUTES_KEPT } from './minutes.js';
import { expect, it } from '@jest/globals';
import { hash128 } from '@app/event';
import { seriesId } from './label-set.js';
import { SERIES_LIFE_MS, SUM_LIMIT } from './retention.js';
import type { SeriesDelta } from './store.js';
import {
  type Commit,
  counter,
  gauge,
  histogram,
  HOSTILE_TEXTS,
  type Read,
  ref,
  type Under,
  write,
} from './store-contract-parts.js';

/** By what a commit names a series that it refuses. */
const idOf = (metric: string, labels: readonly string[]): string => seriesId(metric, JSON.stringify(labels));

/** Part of the contract: see `store-contract.ts`. */
export function describeCounters(under: Under, commit: Commit, read: Read): void {
  it('adds to histograms and keeps when they were created and touched', async () => {
    await commit({ series: [{ ...histogram([1, 0, 2], 30n, 3), created: 100, touched: 200 }] });
    await commit({ series: [{ ...histogram([0, 4, 0], -7n, 4), created: 50, touched: 150 }] });
    expect(await read('m@1')).toEqual([
      { metric: 'm@1', labels: ['a'], sum: 23n, count: 7, buckets: [1, 4, 2], created: 50, touched: 200 },
    ]);
  });

  it('makes a series exist at 0', async () => {
    await commit({ series: [{ ...counter('m@1', ['a'], 0n), count: 0 }] });
    expect(await read('m@1')).toMatchObject([{ labels: ['a'], sum: 0n, count: 0 }]);
  });

  it.each([
    [2n ** 53n + 1n, 2n],
    [-(2n ** 62n), -1n],
    [999_999_999n, 1n],
    [-1n, 1n],
    [-1_000_000_000n, 999_999_999n],
    [SUM_LIMIT - 1n, 1n],
    [-SUM_LIMIT + 1n, -1n],
  ])('is exact in 64 bits: %s + %s', async (first, second) => {
    await commit({ series: [counter('m@1', ['a'], first)] });
    await commit({ series: [counter('m@1', ['a'], second)] });
    expect((await read('m@1'))[0]?.sum).toBe(first + second);
  });

  it.each([1n, -1n])('refuses what would leave 64 bits and writes nothing of it (sign %s)', async (sign) => {
    await commit({ series: [counter('m@1', ['full'], sign * SUM_LIMIT)] });
    const outcome = await commit({
      clock: 99,
      entities: [write('c1', 10)],
      marks: [hash128('x')],
      series: [counter('m@1', ['new'], 1n), counter('m@1', ['full'], sign)],
      accounts: ['a'],
      stats: new Map([['s', 1]]),
    });
    expect(outcome).toEqual({ kind: 'refused', outOfRange: [idOf('m@1', ['full'])], overLimit: [] });
    const { head, entities, seenUntil } = await under().store.load({
      entities: [ref('c1')],
      identities: [hash128('x')],
    });
    expect([head.clock, entities, seenUntil]).toEqual([0, [null], [null]]);
    expect((await read('m@1')).map((series) => series.sum)).toEqual([sign * SUM_LIMIT]);
    expect([await under().reader.accounts(), [...(await under().reader.stats())]]).toEqual([[], []]);
  });

  it('drops a series that nothing touched for its life, and starts it anew', async () => {
    const late = 1_000 + SERIES_LIFE_MS;
    await commit({ clock: 1_000, series: [{ ...counter('m@1', ['a'], 5n), created: 1_000, touched: 1_000 }] });
    await commit({ clock: late });
    expect(await read('m@1')).toHaveLength(1);
    await commit({ clock: late + 1 });
    expect(await read('m@1')).toEqual([]);
    await commit({ series: [{ ...counter('m@1', ['a'], 2n), created: late + 1, touched: late + 1 }] });
    expect(await read('m@1')).toMatchObject([{ sum: 2n, count: 1, created: late + 1 }]);
  });

  it('drops the series of a minute a day after it', async () => {
    const minute = 1_000_000;
    const key = `m@1#${minute}`;
    const at = { created: minute * MINUTE_MS, touched: minute * MINUTE_MS };
    const series = [key, 'm@1'].map((metric) => ({ ...counter(metric, ['a'], 5n), ...at }));
    await commit({ clock: minute * MINUTE_MS, series });
    await commit({ clock: (minute + MINUTES_KEPT) * MINUTE_MS });
    expect(await read(key)).toHaveLength(1);
    await commit({ clock: (minute + MINUTES_KEPT + 1) * MINUTE_MS });
    expect(await read(key)).toEqual([]);
    expect(await read('m@1')).toHaveLength(1);
  });

  it('knows accounts and counts its own figures', async () => {
    await commit({ accounts: ['a', 'b'], stats: new Map([['x|1', 2]]) });
    await commit({
      accounts: HOSTILE_TEXTS,
      stats: new Map([
        ['x|1', 3],
        ['__proto__', 1],
      ]),
    });
    expect([...(await under().reader.accounts())].sort()).toEqual(['a', 'b', ...HOSTILE_TEXTS].sort());
    expect(await under().reader.stats()).toEqual(
      new Map([
        ['x|1', 5],
        ['__proto__', 1],
      ]),
    );
  });
}

/** Part of the contract: see `store-contract.ts`. */
export function describeGauges(under: Under, commit: Commit, read: Read): void {
  it('lets a gauge vanish with its last contribution', async () => {
    await commit({ series: [gauge('g@1', ['a'], 5n, 1), gauge('g@1', ['b'], 7n, 2)] });
    await commit({ series: [gauge('g@1', ['a'], -5n, -1), gauge('g@1', ['b'], -3n, -1)] });
    expect(await read('g@1')).toMatchObject([{ labels: ['b'], sum: 4n, count: 1 }]);
    await commit({ series: [gauge('g@1', ['b'], 6n, 0)] });
    expect(await read('g@1')).toMatchObject([{ labels: ['b'], sum: 10n, count: 1 }]);
  });

  it('keeps the values of a gauge for as long as somebody contributes them, however old', async () => {
    const value = (micro: string, count: number) => gauge('g@1#values', ['a', micro], 0n, count);
    await commit({ series: [value('-5', 1), value('9000000000000000000', 2)] });
    await commit({ clock: 2 * SERIES_LIFE_MS, series: [value('-5', -1), value('9000000000000000000', -1)] });
    expect(await read('g@1#values')).toMatchObject([{ labels: ['a', '9000000000000000000'], count: 1 }]);
  });

  it('tells hostile labels apart, and reads only the metrics asked for', async () => {
    const labels = HOSTILE_TEXTS.flatMap((text) => [[text], [text, ''], ['', text], [`${text}",`, text]]);
    const wanted = [...new Map(labels.map((one) => [JSON.stringify(one), one])).values()];
    await commit({ series: wanted.map((one) => gauge('g@1', one, 1n, 1)) });
    await commit({ series: [counter('m@1', ['x'], 1n)] });
    const found = (await read('g@1')).map((series) => JSON.stringify(series.labels));
    expect(found.sort()).toEqual(wanted.map((one) => JSON.stringify(one)).sort());
  });

  it('keeps the least and the greatest time of an age gauge', async () => {
    const place = (member: string, since: number | null, labels = ['a', '\ud800']) =>
      commit({ ages: [{ metric: 'g@1', labelsText: JSON.stringify(labels), member, since }] });
    await place('x', 1_700_000_000_123);
    await place('y', 1_600_000_000_001);
    await place('\ud800', 1_500_000_000_001);
    await place('\udc00', 1_400_000_000_001);
    await place('z', 5, ['other']);
    await place('\udc00', null);
    expect(await under().reader.ages('g@1', ['a', '\ud800'])).toEqual({
      min: 1_500_000_000_001,
      max: 1_700_000_000_123,
    });
    for (const member of ['x', 'y', '\ud800']) await place(member, null);
    expect(await under().reader.ages('g@1', ['a', '\ud800'])).toBeNull();
  });
}

/** Part of the contract: see `store-contract.ts`. */
export function describeLimits(under: Under, commit: Commit, read: Read): void {
  const limited = (delta: SeriesDelta, limit = 2): SeriesDelta => ({ ...delta, limit });
  const refusedOf = async (...series: SeriesDelta[]) => {
    const outcome = await commit({ series });
    return outcome.kind === 'refused' ? outcome.overLimit : outcome.kind;
  };

  it('refuses the label sets that come after the limit of an account, and writes nothing', async () => {
    const of = (...labels: string[]) => limited(counter('m@1', labels, 1n));
    expect(await refusedOf(of('a', '1'), of('b"\\', '1'), of('b"\\', '2'))).toBe('committed');
    expect(await refusedOf(of('a', '2'), of('a', '3'), of('a', '4'))).toEqual([
      idOf('m@1', ['a', '3']),
      idOf('m@1', ['a', '4']),
    ]);
    expect(await refusedOf(of('b"\\', '3'))).toEqual([idOf('m@1', ['b"\\', '3'])]);
    expect(await read('m@1')).toHaveLength(3);
    expect(await refusedOf(of('a', '1'), of('a', '2'), of('b"\\', '2'))).toBe('committed');
  });

  it('counts each metric by itself, and nothing that has no limit', async () => {
    const of = (metric: string, label: string, limit: number) => limited(counter(metric, ['a', label], 1n), limit);
    expect(await refusedOf(of('m@1', '1', 1), of('g@1', '1', 1), of('m@1', '2', 0), of('m@1', '3', 0))).toBe(
      'committed',
    );
    expect(await refusedOf(of('m@1', '4', 1))).toEqual([idOf('m@1', ['a', '4'])]);
  });

  it('lets another label set in when a gauge leaves one, in the same commit too', async () => {
    const of = (label: string, count: number) => limited(gauge('g@1', ['a', label], 0n, count));
    expect(await refusedOf(of('1', 1), of('2', 1))).toBe('committed');
    expect(await refusedOf(of('3', 1), of('1', -1))).toBe('committed');
    expect(await refusedOf(of('4', 1))).toEqual([idOf('g@1', ['a', '4'])]);
    await commit({ series: [of('2', -1)] });
    expect(await refusedOf(of('4', 1))).toBe('committed');
  });

  it('at a takeover forgets how many label sets a metric had that is no more', async () => {
    const of = (metric: string, label: string) => limited(counter(metric, ['a', label], 1n), 1);
    await commit({ series: [of('m@1', '1'), of('g@1', '1')] });
    await commit({ catalog: 'second', takeover: { layouts: new Map(), metrics: ['m@1'] } });
    expect(await refusedOf(of('m@1', '2'), of('g@1', '2'))).toEqual([idOf('m@1', ['a', '2'])]);
    expect(await refusedOf(of('g@1', '2'))).toBe('committed');
    expect((await under().store.load({ entities: [], identities: [] })).head.catalog).toBe('second');
  });

  it('takes a lower limit as it comes: what is there stays', async () => {
    const of = (label: string, limit: number) => limited(counter('m@1', ['a', label], 1n), limit);
    await commit({ series: [of('1', 5), of('2', 5), of('3', 5)] });
    expect(await refusedOf(of('1', 1), of('4', 1))).toEqual([idOf('m@1', ['a', '4'])]);
    expect(await refusedOf(of('3', 1))).toBe('committed');
  });
}
