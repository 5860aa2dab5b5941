import { setTimeout as after } from 'node:timers/promises';
import { startTestRedis } from '../support/redis.js';
import { greatestRate, latencies, signedRequests, type Target } from './http-load.js';
import { bodies, take } from './load.js';
import { cpuSeconds, type Program, residentMiB, startApp, startBaseline } from './processes.js';
import { alternate, type Bench, quantile, ratios, resultOf } from './result.js';

const CONNECTIONS = 256;

interface Round {
  readonly perSecond: number;
  /** CPU time of the app for each request (µs). */
  readonly cpuMicros: number;
}

/** Ingestion against the same app that authenticates, parses and discards; the metrics app is not running. */
export const ingestionBench: Bench = async function* ({ quick, say }) {
  const redis = await startTestRedis();
  const [ours, discard] = await Promise.all([
    startApp('ingestion', { REDIS_URL: redis.url }),
    startBaseline('discard', {}),
  ]);
  const requests = signedRequests(take(bodies(recently()), 20_000), 'bench');
  const target = (program: Program): Target => ({ url: program.url, requests, connections: CONNECTIONS });
  const ms = quick ? 1_500 : 6_000;
  const round = (program: Program) => () => measured(program, target(program), ms);
  try {
    say('warming up');
    for (const program of [ours, discard]) await greatestRate(target(program), ms);
    const found = await alternate({ ours: round(ours), discard: round(discard) }, quick ? 2 : 7, say);
    const [rates, others] = [found.ours.map(rateOf), found.discard.map(rateOf)];
    const bench = 'ingestion';
    const share = ratios(rates, others).map((ratio) => ratio * 100);
    yield resultOf({ bench, what: 'requests/s, as a part of the app that discards', unit: '%' }, share, {
      sense: 'at least',
      value: 80,
    });
    const costs = [found.ours.map((one) => one.cpuMicros), found.discard.map((one) => one.cpuMicros)] as const;
    const times = ratios(...costs);
    yield resultOf(
      { bench, what: 'CPU time of the app per request, over that of the app that discards', unit: '×' },
      times,
    );
    yield resultOf({ bench, what: `requests/s, ${CONNECTIONS} connections, one event each`, unit: '/s' }, rates);
    yield resultOf({ bench, what: 'requests/s of the app that discards', unit: '/s' }, others);
    yield resultOf({ bench, what: 'CPU time of the app per request', unit: 'µs' }, costs[0]);
    const half =
      quantile(
        [...rates].sort((a, b) => a - b),
        0.5,
      ) / 2;
    const tails: number[] = [];
    for (let n = 0; n < (quick ? 1 : 5); n += 1) {
      await after(500);
      tails.push(quantile(await latencies(target(ours), half, ms), 0.99));
      say(`p99 at ${half.toFixed(0)} requests/s: ${(tails.at(-1) ?? 0).toFixed(2)} ms`);
    }
    const tail = { bench, what: 'acknowledgement, p99 at half of the maximum', unit: 'ms' };
    yield resultOf(tail, tails, { sense: 'at most', value: 10 });
    const memory = { bench, what: 'memory of the app after all this', unit: 'MiB' };
    yield resultOf(memory, [residentMiB(ours.pid)], { sense: 'at most', value: 256 });
  } finally {
    await Promise.all([ours.stop(), discard.stop()]);
    await redis.stop();
  }
};

/** Events of the last minutes: none of them is ahead of the clock when it is sent. */
function recently(): Parameters<typeof bodies>[0] {
  return { agents: 1_000, ratePerMinute: 200, startMs: Date.now() - 600_000 };
}

async function measured(program: Program, target: Target, ms: number): Promise<Round> {
  const before = cpuSeconds(program.pid);
  const startedAt = performance.now();
  const perSecond = await greatestRate(target, ms);
  const requests = (perSecond * (performance.now() - startedAt)) / 1000;
  return { perSecond, cpuMicros: ((cpuSeconds(program.pid) - before) * 1e6) / requests };
}

function rateOf({ perSecond }: Round): number {
  return perSecond;
}
