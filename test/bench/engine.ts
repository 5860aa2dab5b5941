import { type Item, type Job, MemoryStore, Partition } from '@app/engine';
import type { Catalog } from '@app/language';
import { allPacks, fixedPacks } from './catalogs.js';
import { events, itemOf, pieces, take } from './load.js';
import { alternate, type Bench, ratios, resultOf } from './result.js';

/** As large as batches get. */
const BATCH = 500;

/** A Monday morning (UTC). */
export const START_MS = Date.UTC(2026, 4, 4, 9);

/** From normalised event to series: one partition in memory, hold 0, with de-duplication. */
export const engineBench: Bench = async function* ({ quick, say }) {
  const count = quick ? 40_000 : 300_000;
  say(`a center of 1 000 agents: ${count} events`);
  const items = take(events({ agents: 1_000, ratePerMinute: 200, startMs: START_MS }), count).map(itemOf);
  const [fixed, all] = [fixedPacks(), allPacks()];
  await engineRate(fixed, items.slice(0, 20_000));
  await engineRate(all, items.slice(0, 20_000));
  const rounds = quick ? 2 : 7;
  const sides = { fixed: () => engineRate(fixed, items), all: () => engineRate(all, items) };
  const rates = await alternate(sides, rounds, say);
  const head = { bench: 'engine', unit: 'events/s' };
  yield resultOf(
    { bench: 'engine', what: 'everything that ships, as a part of the packs of language.md §9 alone', unit: '×' },
    ratios(rates.all, rates.fixed),
  );
  yield resultOf({ ...head, what: 'per core, packs of language.md §9' }, rates.fixed, {
    sense: 'at least',
    value: 100_000,
  });
  yield resultOf({ ...head, what: 'per core, everything that ships' }, rates.all, {
    sense: 'at least',
    value: 50_000,
  });
};

/** Events per second of CPU time (all threads of this process: garbage is paid for, too). */
export async function engineRate(catalog: Catalog, items: readonly Item[], batch = BATCH): Promise<number> {
  const partition = partitionInMemory(catalog);
  const jobs = pieces(items, batch).map((piece, index): Job => ({ id: String(index + 1), items: piece }));
  globalThis.gc?.();
  const before = process.cpuUsage();
  for (const job of jobs) await partition.process(job);
  const { user, system } = process.cpuUsage(before);
  return items.length / ((user + system) / 1e6);
}

/** One partition without hold; poison fails the bench. */
export function partitionInMemory(catalog: Catalog): Partition {
  const setAside = ({ reason }: { readonly reason: string }): Promise<void> => Promise.reject(new Error(reason));
  return new Partition({ catalog, store: new MemoryStore(), holdMs: 0, setAside });
}
