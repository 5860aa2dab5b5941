import type { KeptSeries, SeriesReader } from './store.js';

/** Reads several partitions as one. A series that several of them keep comes several times. */
export function mergeReaders(readers: readonly SeriesReader[]): SeriesReader {
  return {
    series: (metrics) => seriesOf(readers, metrics),
    ages: async (metric, labels) => {
      const ranges = await Promise.all(readers.map((reader) => reader.ages(metric, labels)));
      const found = ranges.filter((range) => range !== null);
      if (found.length === 0) return null;
      return { min: Math.min(...found.map((range) => range.min)), max: Math.max(...found.map((range) => range.max)) };
    },
    accounts: async () => {
      const lists = await Promise.all(readers.map((reader) => reader.accounts()));
      return [...new Set(lists.flat())].sort();
    },
    stats: async () => {
      const sums = new Map<string, number>();
      for (const reader of readers) {
        for (const [name, value] of await reader.stats()) sums.set(name, (sums.get(name) ?? 0) + value);
      }
      return sums;
    },
  };
}

async function* seriesOf(
  readers: readonly SeriesReader[],
  metrics: readonly string[],
): AsyncGenerator<readonly KeptSeries[]> {
  for (const reader of readers) yield* reader.series(metrics);
}
