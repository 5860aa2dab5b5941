import { expect, it } from '@jest/globals';
import { createLogger, Telemetry } from '@app/telemetry';
import { Ticker } from './ticker.js';

interface Tick {
  readonly at: number;
  readonly timersUntil: number;
}

/** A ticker under a clock and heartbeats set by hand; every tick that it adds can be awaited. */
class Bench {
  now = 1_000;
  heartbeat = 0;
  jobs = 0;
  refusals = 0;
  readonly ticks: (Tick & { readonly place: number })[] = [];
  private readonly waiting: (() => void)[] = [];
  readonly ticker = new Ticker<Tick>({
    clock: { now: () => this.now },
    newestHeartbeat: async () => this.heartbeat,
    tick: (at, timersUntil) => ({ at, timersUntil }),
    add: async (place, tick) => this.add(place, tick),
    telemetry: new Telemetry(createLogger('test', 'silent')),
  });

  /** The tick with this number (from 0), when it has come. */
  async tick(index: number): Promise<Tick & { readonly place: number }> {
    let tick = this.ticks[index];
    while (tick === undefined) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
      tick = this.ticks[index];
    }
    return tick;
  }

  /** The worker has processed the newest job. */
  processed(nextDue: number | null): void {
    this.ticker.processed(this.jobs, nextDue);
  }

  private add(place: number, tick: Tick): number {
    if (this.refusals-- > 0) throw new Error('Redis is away');
    this.ticks.push({ ...tick, place });
    this.waiting.splice(0).forEach((resolve) => resolve());
    return ++this.jobs;
  }
}

/** Lets everything that is already decided happen. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('adds nothing before the instant is over, then one tick for it', async () => {
  const bench = new Bench();
  bench.heartbeat = 5_000;
  bench.now = 2_000;
  const running = bench.ticker.run(2_000);
  await settled();
  expect(bench.ticks).toEqual([]);
  bench.now = 2_001;
  expect(await bench.tick(0)).toEqual({ at: 2_000, timersUntil: 2_000, place: 2_001 });
  bench.now = 3_000;
  await settled();
  expect(bench.ticks).toHaveLength(1);
  bench.processed(2_500);
  expect(await bench.tick(1)).toEqual({ at: 2_500, timersUntil: 2_500, place: 2_501 });
  bench.processed(null);
  await settled();
  expect(bench.ticks).toHaveLength(2);
  bench.ticker.end();
  await running;
});

it('waits a while for a heartbeat, since a timer may fire only where ingestion was ready', async () => {
  const bench = new Bench();
  bench.heartbeat = 1_999;
  bench.now = 2_100;
  const running = bench.ticker.run(2_000);
  await settled();
  expect(bench.ticks).toEqual([]);
  bench.heartbeat = 2_050;
  expect(await bench.tick(0)).toEqual({ at: 2_000, timersUntil: 2_000, place: 2_001 });
  bench.ticker.end();
  await running;
});

it('lets releases go on without a heartbeat, timers only up to the last one, and does not spin', async () => {
  const bench = new Bench();
  bench.heartbeat = 1_500;
  bench.now = 2_500;
  const running = bench.ticker.run(2_000);
  expect(await bench.tick(0)).toEqual({ at: 2_499, timersUntil: 1_500, place: 2_500 });
  bench.processed(2_000);
  await settled();
  await settled();
  expect(bench.ticks).toHaveLength(1);
  bench.heartbeat = 2_400;
  expect(await bench.tick(1)).toEqual({ at: 2_000, timersUntil: 2_000, place: 2_001 });
  bench.ticker.end();
  await running;
});

it('tries again when the queue is away', async () => {
  const bench = new Bench();
  bench.heartbeat = bench.now = 9_000;
  bench.refusals = 1;
  const running = bench.ticker.run(2_000);
  expect((await bench.tick(0)).at).toBe(2_000);
  bench.ticker.end();
  await running;
});

it('adds another tick when one seems to be lost', async () => {
  const bench = new Bench();
  bench.heartbeat = bench.now = 9_000;
  const running = bench.ticker.run(2_000);
  await bench.tick(0);
  await settled();
  bench.now += 10_000;
  // An older job than the tick's: the tick itself is still missing.
  bench.ticker.processed(0, 3_000);
  expect((await bench.tick(1)).at).toBe(3_000);
  bench.ticker.end();
  await running;
});
