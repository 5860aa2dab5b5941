/**
 * A day of the largest brand, replayed through the engine in memory, in eight partitions with the default hold: 10 000
 * agents, 10 million conversations a month, some 60 million events. Says after each hour of the day how fast it goes and
 * what memory it holds. `npm run bench:day -- [--hours H] [--agents N]`
 */
import { parseArgs } from 'node:util';
import { Replay } from '@app/engine';
import { DEFAULT_PARTITIONS, partitionOf } from '@app/queue';
import { allPacks } from './catalogs.js';
import { START_MS } from './engine.js';
import { events } from './load.js';

const HOUR_MS = 3_600_000;

/** 10 million a month of 30 days, for 10 000 agents. */
const CONVERSATIONS_PER_MINUTE_AND_AGENT = 10_000_000 / (30 * 24 * 60) / 10_000;

const { values } = parseArgs({
  options: { hours: { type: 'string', default: '24' }, agents: { type: 'string', default: '10000' } },
});
const agents = Number(values.agents);
const replay = new Replay({ catalog: allPacks(), holdMs: 250, partitions: DEFAULT_PARTITIONS, partitionOf });
const center = { agents, ratePerMinute: agents * CONVERSATIONS_PER_MINUTE_AND_AGENT, startMs: START_MS };

let total = 0;
let inHour = 0;
let hour = 0;
let cpu = process.cpuUsage();
let generating = 0;
let before = performance.now();
process.stdout.write(
  '| hour | events | events/s of CPU time, generating left out | heap after collection |\n|---|---|---|---|\n',
);
for (const event of events(center)) {
  generating += performance.now() - before;
  if (event.time >= START_MS + (hour + 1) * HOUR_MS) {
    tell();
    if (hour >= Number(values.hours)) break;
  }
  await replay.event(event);
  total += 1;
  inHour += 1;
  before = performance.now();
}
await replay.finish(null);
process.stdout.write(`\n${total} events; ${replay.poison.length} could not be applied\n`);

function tell(): void {
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (user + system) / 1e6 - generating / 1000;
  globalThis.gc?.();
  const heap = process.memoryUsage().heapUsed / 1024 / 1024;
  hour += 1;
  process.stdout.write(`| ${hour} | ${inHour} | ${(inHour / seconds).toFixed(0)} | ${heap.toFixed(0)} MiB |\n`);
  inHour = 0;
  generating = 0;
  cpu = process.cpuUsage();
}
