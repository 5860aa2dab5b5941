import { type Item, Partition } from '@app/engine';
import { fixedPacks, formulasInForce } from './catalogs.js';
import { drained, livemeter, type Side } from './end-to-end.js';
import { engineRate, partitionInMemory, START_MS } from './engine.js';
import type { Event } from '@app/event';
import { events, itemOf, pieces, take } from './load.js';
import { openConversations } from './populated.js';
import type { Bench, Finding, Growth } from './result.js';

const ENGINE = 'events/s per core, engine in memory';
const QUEUE = 'events/s, queue → state';

/** How throughput changes as each thing grows; the rest stands still. */
export const growthBench: Bench = async function* ({ quick, say }) {
  const load = take(events({ agents: 1_000, ratePerMinute: 200, startMs: START_MS }), quick ? 20_000 : 100_000);
  const items = load.map(itemOf);
  const fixed = fixedPacks();
  await engineRate(fixed, items.slice(0, 20_000));
  const points = async (
    sizes: readonly number[],
    rate: (size: number) => Promise<number>,
  ): Promise<Growth['points']> => {
    const found: { x: number; y: number }[] = [];
    for (const x of sizes) {
      say(`at ${x}`);
      // The better of two: what the machine does beside makes it slower, never faster.
      found.push({ x, y: Math.max(await rate(x), await rate(x)) });
    }
    return found;
  };
  yield growth(
    'Batch size, in memory',
    'events in a batch',
    ENGINE,
    await points([1, 10, 50, 100, 500], (size) => engineRate(fixed, items, size)),
  );
  yield growth(
    'Formulas in force',
    'metrics',
    ENGINE,
    await points([10, 50, 200], (count) => engineRate(formulasInForce(count), items)),
  );
  yield growth(
    'Agents',
    'agents',
    ENGINE,
    await points([100, 1_000, 10_000], async (agents) => {
      const center = { agents, ratePerMinute: agents / 5, startMs: START_MS };
      return engineRate(fixed, take(events(center), items.length).map(itemOf));
    }),
  );
  const opens = quick ? [1_000, 10_000] : [10_000, 100_000, 1_000_000];
  yield growth(
    'Open conversations',
    'open conversations',
    ENGINE,
    await points(opens, (count) => withOpen(count, items)),
  );
  const backlog = load.slice(0, quick ? 10_000 : 40_000);
  yield growth(
    'Batch size, end to end',
    'events in a batch',
    QUEUE,
    await points([1, 10, 50, 200, 500], (size) =>
      rateFrom(livemeter(8, size), size === 1 ? backlog.slice(0, backlog.length / 4) : backlog),
    ),
  );
  yield growth(
    'Partitions',
    'partitions',
    QUEUE,
    await points([1, 2, 4, 8, 16, 32], (partitions) => rateFrom(livemeter(partitions, 50), backlog)),
  );
};

function growth(title: string, x: string, y: string, points: Growth['points']): Finding {
  return { kind: 'growth', growth: { title, x, y, points } };
}

/** The rate of a load on an engine that has so many other conversations open. */
async function withOpen(count: number, items: readonly Item[]): Promise<number> {
  const partition = partitionInMemory(fixedPacks());
  let jobs = 0;
  let some: Item[] = [];
  for (const event of openConversations(count, 1_000, START_MS)) {
    if (some.push(itemOf(event)) < 500) continue;
    jobs = await step(partition, some, jobs);
    some = [];
  }
  jobs = await step(partition, some, jobs);
  globalThis.gc?.();
  const before = process.cpuUsage();
  for (const piece of pieces(items, 500)) jobs = await step(partition, piece, jobs);
  const { user, system } = process.cpuUsage(before);
  return items.length / ((user + system) / 1e6);
}

async function step(partition: Partition, items: readonly Item[], jobs: number): Promise<number> {
  await partition.process({ id: String(jobs + 1), items });
  return jobs + 1;
}

async function rateFrom(side: Side, backlog: readonly Event[]): Promise<number> {
  return (await drained(side, backlog)).perSecond;
}
