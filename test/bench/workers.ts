import { availableParallelism } from 'node:os';
import { drained, livemeter } from './end-to-end.js';
import { START_MS } from './engine.js';
import { events, take } from './load.js';
import { alternate, type Bench, ratios, resultOf } from './result.js';

/** How many processes work, as far as there are cores, whatever the default is; 1 is one process that serves, too. */
const counts = [1, 2, 4].filter((count) => count <= Math.max(2, availableParallelism()));

/** A backlog is worked off by one metrics app with more and more workers in turn, each on a Redis of its own. */
export const workersBench: Bench = async function* ({ quick, say }) {
  const load = take(events({ agents: 1_000, ratePerMinute: 200, startMs: START_MS }), quick ? 20_000 : 60_000);
  const sides = counts.map((count) => [`${count} workers`, () => drained(livemeter(8, 50, count), load)] as const);
  const found = await alternate(Object.fromEntries(sides), quick ? 1 : 5, say);
  const of = (count: number) => found[`${count} workers`] ?? [];
  const rates = (count: number) => of(count).map(({ perSecond }) => perSecond);
  const bench = 'workers';
  const where = `${availableParallelism()} cores, of which Redis has its part`;
  for (const count of counts.slice(1)) {
    const what = `METRICS_WORKERS=${count} over 1 (backlog of ${load.length} events, ${where})`;
    yield resultOf({ bench, what, unit: '×' }, ratios(rates(count), rates(1)));
  }
  for (const count of counts) {
    const cpu = of(count).map(({ cpuMicros }) => cpuMicros);
    yield resultOf({ bench, what: `METRICS_WORKERS=${count}: queue → state`, unit: 'events/s' }, rates(count));
    yield resultOf({ bench, what: `METRICS_WORKERS=${count}: CPU time per event, with Redis`, unit: 'µs' }, cpu);
  }
};
