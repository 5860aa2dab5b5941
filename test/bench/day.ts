/**
 * A day of the largest brand, replayed through the engine in memory, in eight partitions with the default hold: 10 000
 * agents, 10 million conversations a month, some 60 million events. Says after each hour of the day how fast it goes and
 * what memory it holds. `npm run bench:day -- [--hours H] [--agents N]`
 */
import { parseArgs } from 'node:util';
import { Replay } from '@app/engine';
import type { Event } from '@app/event';
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

/** So many events are generated, then replayed: what generating costs is left out. */
const AT_ONCE = 20_000;

let total = 0;
let inHour = 0;
let hour = 0;
let seconds = 0;
let waiting: Event[] = [];
const head = ['hour', 'events', 'events/s of CPU time', 'heap after collection'];
process.stdout.write(`${row(head)}${row(head.map(() => '---'))}`);
for (const event of events(center)) {
  const ended = event.time >= START_MS + (hour + 1) * HOUR_MS;
  if (ended || waiting.length >= AT_ONCE) await work();
  if (ended) tell();
  if (hour >= Number(values.hours)) break;
  waiting.push(event);
}
await replay.finish(null);
process.stdout.write(`\n${total} events; ${replay.poison.length} could not be applied\n`);

async function work(): Promise<void> {
  const before = process.cpuUsage();
  for (const event of waiting) await replay.event(event);
  const { user, system } = process.cpuUsage(before);
  seconds += (user + system) / 1e6;
  inHour += waiting.length;
  waiting = [];
}

function tell(): void {
  globalThis.gc?.();
  const heap = process.memoryUsage().heapUsed / 1024 / 1024;
  hour += 1;
  total += inHour;
  process.stdout.write(row([String(hour), String(inHour), (inHour / seconds).toFixed(0), `${heap.toFixed(0)} MiB`]));
  inHour = 0;
  seconds = 0;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}
