/**
 * A brand of 106 events/s whose events could not be delivered for three hours: they come at ten times that rate, beside what
 * happens now. Real processes, as configured by default; says what was sent and refused, and how long it takes until what is
 * sent now is seen. `npm run overload -- [--minutes M]`; three hours take 18 minutes.
 */
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { childrenOf } from '../support/child-processes.js';
import { startTestRedis } from '../support/redis.js';
import { Line, signedRequests } from './http-load.js';
import { bodies } from './load.js';
import { seenOverRest, sendSnapshot } from './probe.js';
import { cpuSeconds, type Program, redisCpuSeconds, residentMiB, startApp } from './processes.js';
import { quantile } from './result.js';

const LIVE_PER_SECOND = 106;
const STORED_PER_SECOND = 10 * LIVE_PER_SECOND;
const STORED_HOURS = 3;
const CONNECTIONS = 32;

/** As Prometheus is configured in `config/prometheus`. */
const SCRAPE_EVERY_MS = 15_000;

const PROBE_EVERY_MS = 1_000;

/** What became of one stream. */
interface Sent {
  accepted: number;
  refused: number;
  /** How long it took to send all of it. */
  seconds: number;
}

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '18' } } });
const seconds = Number(values.minutes) * 60;

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const redis = await startTestRedis();
const env = { REDIS_URL: redis.url, LIVEMETER_MAX_BACKLOG: '2000000' };
const ingestion = await startApp('ingestion', env);
const metrics = await startApp('metrics', env);
const begin = Date.now() - STORED_HOURS * 3_600_000;
try {
  const stored = (n: number): number => begin + (n * 1_000) / LIVE_PER_SECOND;
  const [old, live, fresh, scrapes] = await Promise.all([
    send(STORED_PER_SECOND, { seed: 1, timeOf: stored }),
    send(LIVE_PER_SECOND, { seed: 2, timeOf: Date.now }),
    probed(),
    scraped(),
  ]);
  for (const [name, { accepted, refused, seconds: took }] of Object.entries({ stored: old, live })) {
    const rate = (accepted / took).toFixed(0);
    process.stdout.write(`${name}: ${accepted} events accepted (${rate}/s), ${refused} requests refused\n`);
  }
  for (const [what, times] of Object.entries({ 'receipt → REST': fresh, 'a scrape': scrapes })) {
    const [median, p99, most] = [0.5, 0.99, 1].map((q) => quantile(times, q).toFixed(0));
    process.stdout.write(`${what}: median ${median} ms, p99 ${p99} ms, greatest ${most} ms of ${times.length}\n`);
  }
  await tellCosts();
} finally {
  await Promise.all([ingestion.stop(), metrics.stop()]);
  await redis.stop();
}

/** From the sending of a snapshot until REST shows it (ms), once a second; ascending. */
function probed(): Promise<number[]> {
  return every(PROBE_EVERY_MS, async (round) => {
    await sendSnapshot(ingestion, round);
    await seenOverRest(metrics, round);
    if (round % 60 === 0) say(`${round} probes`);
  });
}

/** How long each scrape took (ms), ascending. */
function scraped(): Promise<number[]> {
  return every(SCRAPE_EVERY_MS, async () => void (await (await fetch(`${metrics.url}/metrics`)).text()));
}

/** Does it at a steady pace until the time is up, one round after the other; how long each took (ms), ascending. */
async function every(paceMs: number, work: (round: number) => Promise<void>): Promise<number[]> {
  const took: number[] = [];
  const stops = performance.now() + seconds * 1_000;
  for (let round = 1; performance.now() < stops; round += 1) {
    const startedAt = performance.now();
    await work(round);
    took.push(performance.now() - startedAt);
    await after(Math.max(0, startedAt + paceMs - performance.now()));
  }
  return took.sort((a, b) => a - b);
}

/** What the processes took, of a core and of memory. */
async function tellCosts(): Promise<void> {
  const tell = (name: string, cpu: number, peakMiB: number): void => {
    const share = ((100 * cpu) / seconds).toFixed(0);
    process.stdout.write(`${name}: ${share} % of a core, ${peakMiB.toFixed(0)} MiB at most\n`);
  };
  const ofApp = (name: string, { pid }: Program): void => {
    const peaks = [pid, ...childrenOf(pid)].map((one) => residentMiB(one, 'peak'));
    tell(
      name,
      cpuSeconds(pid),
      peaks.reduce((sum, peak) => sum + peak, 0),
    );
  };
  ofApp('ingestion', ingestion);
  ofApp('metrics', metrics);
  const client = new Redis(redis.url);
  const peak = /^used_memory_peak:(\d+)/m.exec(await client.info('memory'))?.[1];
  tell('Redis', await redisCpuSeconds(client), Number(peak) / 2 ** 20);
  client.disconnect();
}

/** Sends a simulated center's events at a steady rate, each with another time; what is refused comes again at once. */
async function send(perSecond: number, stream: { seed: number; timeOf: (n: number) => number }): Promise<Sent> {
  const center = bodies({ agents: 1_500, ratePerMinute: 150, startMs: begin, seed: stream.seed });
  const { hostname, port } = new URL(ingestion.url);
  const sent: Sent = { accepted: 0, refused: 0, seconds: 0 };
  const total = Math.floor(perSecond * seconds);
  const startedAt = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    const line = await Line.open(hostname, Number(port));
    while (next < total) {
      const n = next++;
      const early = startedAt + (n * 1_000) / perSecond - performance.now();
      if (early > 0.5) await after(early);
      const body = String(center.next().value).replace(
        /"eventTimestamp":\d+/,
        `"eventTimestamp":${Math.floor(stream.timeOf(n))}`,
      );
      await deliver(line, signedRequests([body], 'bench')[0] ?? Buffer.alloc(0), sent);
    }
    line.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  sent.seconds = (performance.now() - startedAt) / 1_000;
  return sent;
}

async function deliver(line: Line, request: Buffer, sent: Sent): Promise<void> {
  for (;;) {
    try {
      await line.exchange(request);
      sent.accepted += 1;
      return;
    } catch (error) {
      if (!String(error).includes('HTTP/1.1 503')) throw error;
      sent.refused += 1;
    }
  }
}
