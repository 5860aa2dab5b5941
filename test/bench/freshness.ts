import { setTimeout as after } from 'node:timers/promises';
import { startTestRedis } from '../support/redis.js';
import { latencies, signedRequests } from './http-load.js';
import { bodies, take } from './load.js';
import { seenInMetrics, seenOverRest, sendSnapshot } from './probe.js';
import { type Program, startApp } from './processes.js';
import { type Bench, quantile, type Run, resultOf } from './result.js';

/** The load beside the probes; "largest" at its peak hour is 723 events/s. */
const EVENTS_PER_SECOND = 700;

interface Sides {
  readonly ingestion: Program;
  readonly metrics: Program;
}

/** From the sending of a snapshot to the end of the first reply that shows it, under a steady load. */
export const freshnessBench: Bench = async function* (run) {
  for (const hold of [250, 0]) {
    const found = await underHold(hold, run);
    const limit = hold === 0 ? 250 : 500;
    for (const [where, times] of Object.entries(found)) {
      const at = `receipt → ${where}, hold ${hold} ms, ${EVENTS_PER_SECOND} events/s beside`;
      const head = { bench: 'freshness', unit: 'ms' };
      yield resultOf({ ...head, what: `${at}: median` }, [quantile(times, 0.5)]);
      yield resultOf({ ...head, what: `${at}: p99 of ${times.length}` }, [quantile(times, 0.99)], {
        sense: 'at most',
        value: limit,
      });
    }
  }
};

async function underHold(hold: number, { quick, say }: Run): Promise<Record<string, number[]>> {
  const redis = await startTestRedis();
  const env = { REDIS_URL: redis.url, LIVEMETER_HOLD_MS: String(hold) };
  const ingestion = await startApp('ingestion', env);
  const metrics = await startApp('metrics', env);
  try {
    const center = { agents: 1_000, ratePerMinute: 100, startMs: Date.now() - 3_600_000 };
    const requests = signedRequests(take(bodies(center), 60_000), 'bench');
    const target = { url: ingestion.url, requests, connections: 64 };
    say(`hold ${hold} ms: warming up`);
    await latencies(target, EVENTS_PER_SECOND, quick ? 1_000 : 5_000);
    const seconds = quick ? 5 : 60;
    const load = latencies(target, EVENTS_PER_SECOND, seconds * 1000);
    const found = await probed({ ingestion, metrics }, seconds, say);
    await load;
    return found;
  } finally {
    await Promise.all([ingestion.stop(), metrics.stop()]);
    await redis.stop();
  }
}

/** Sends snapshots one after the other, each as soon as the last is seen; from the sending of each to its being seen (ms), ascending. */
async function probed(sides: Sides, seconds: number, say: Run['say']): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = { '/metrics': [], REST: [] };
  const stops = performance.now() + (seconds - 1) * 1000;
  for (let weight = 1; performance.now() < stops; weight += 1) {
    const sent = performance.now();
    await sendSnapshot(sides.ingestion, weight);
    const [scrape, rest] = await Promise.all([
      seenInMetrics(sides.metrics, weight),
      seenOverRest(sides.metrics, weight),
    ]);
    found['/metrics']?.push(scrape - sent);
    found['REST']?.push(rest - sent);
    if (weight % 20 === 0) say(`${weight} probes`);
    await after(50);
  }
  for (const times of Object.values(found)) times.sort((a, b) => a - b);
  return found;
}
