import { startTestRedis } from '../support/redis.js';
import { ACCOUNT } from './load.js';
import { agentHistory, Populating } from './populated.js';
import { type Program, residentMiB, startApp } from './processes.js';
import { type Bench, type Run, resultOf } from './result.js';

/** What prom-client's clock of the event loop counts as no delay at all (ms). */
const LOOP_RESOLUTION_MS = 10;

/** Agents whose series come to about 100 000 lines. */
const FEWER_AGENTS = 1_250;

interface Scraped {
  readonly ms: number;
  readonly lines: number;
  readonly blockedMs: number;
}

/** `/metrics` and REST with 100 000 series, and with those of 10 000 agents. */
export const scrapeBench: Bench = async function* (run) {
  yield* withAgents(FEWER_AGENTS, 300, run);
  yield* withAgents(run.quick ? 2_500 : 10_000, 2_000, run);
};

async function* withAgents(agents: number, limitMs: number, { quick, say }: Run): ReturnType<Bench> {
  const redis = await startTestRedis(['--appendonly', 'no']);
  const populating = new Populating(redis.url);
  const histories: ReturnType<typeof agentHistory>[] = [];
  const nowMs = Date.now();
  for (let agent = 0; agent < agents; agent += 1) histories.push(agentHistory(agent, nowMs));
  say(`${agents} agents: filling Redis`);
  await populating.apply(histories.flat().sort((a, b) => a.time - b.time));
  populating.close();
  const env = { REDIS_URL: redis.url, LIVEMETER_DURABILITY: 'reduced', LIVEMETER_PARTITIONS: '8' };
  const metrics = await startApp('metrics', env);
  try {
    const found: Scraped[] = [];
    for (let n = 0; n < (quick ? 3 : 9); n += 1) {
      found.push(await scraped(metrics, '/metrics'));
      say(`${agents} agents: ${JSON.stringify(found.at(-1))}`);
    }
    const counted = found.slice(1);
    const lines = counted[0]?.lines ?? 0;
    const head = { bench: 'scrape', unit: 'ms' };
    const what = `/metrics, ${lines} series (${agents} agents)`;
    yield resultOf(
      { ...head, what },
      counted.map(({ ms }) => ms),
      { sense: 'at most', value: limitMs },
    );
    const blocked = counted.map(({ blockedMs }) => blockedMs);
    yield resultOf({ ...head, what: `${what}: longest block of the event loop` }, blocked, {
      sense: 'at most',
      value: 20,
    });
    for (const path of [`/v1/accounts/${ACCOUNT}/agents?sort=-load&limit=100`, `/v1/accounts/${ACCOUNT}/load`]) {
      const replies: Scraped[] = [];
      for (let n = 0; n < (quick ? 3 : 9); n += 1) replies.push(await scraped(metrics, path));
      yield resultOf(
        { ...head, what: `${path}, ${agents} agents` },
        replies.slice(1).map(({ ms }) => ms),
      );
      const what = `${path}, ${agents} agents: longest block of the event loop`;
      yield resultOf(
        { ...head, what },
        replies.slice(1).map(({ blockedMs }) => blockedMs),
        {
          sense: 'at most',
          value: 20,
        },
      );
    }
    const memory = { bench: 'scrape', what: `memory of the metrics app, ${agents} agents`, unit: 'MiB' };
    yield resultOf(memory, [residentMiB(metrics.pid)], { sense: 'at most', value: 256 });
  } finally {
    await metrics.stop();
    await redis.stop();
  }
}

/** One request; how long the app's event loop was blocked meanwhile is told by its own figures, which begin anew when read. */
async function scraped(metrics: Program, path: string): Promise<Scraped> {
  await loopDelay(metrics);
  const startedAt = performance.now();
  const response = await fetch(`${metrics.url}${path}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const ms = performance.now() - startedAt;
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const blockedMs = Math.max(0, (await loopDelay(metrics)) - LOOP_RESOLUTION_MS);
  return { ms, lines: linesOf(bytes), blockedMs };
}

async function loopDelay(metrics: Program): Promise<number> {
  const text = await (await fetch(`${metrics.url}/metrics/process`)).text();
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(text)?.[1]) * 1000;
}

/** Lines that are no comments. */
function linesOf(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === 0x0a && bytes[at + 1] !== 0x23 && at + 1 < bytes.length) lines += 1;
  }
  return lines;
}
