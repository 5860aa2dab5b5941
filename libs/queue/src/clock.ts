import { onOtherServer, type RedisClient, redisTime } from '@app/redis';
import { Alarm } from './alarm.js';
import { INGESTION_KEY } from './keys.js';

/** Redis's time, in integer milliseconds. */
export interface Clock {
  now(): number;
}

interface Sample {
  readonly roundTripMs: number;
  /** Redis's time less this process's monotonic time (ms). */
  readonly offsetMs: number;
}

/** Samples that are kept: the one with the shortest way there and back counts. */
const KEPT_SAMPLES = 8;

const FIRST_SAMPLES = 3;
const SAMPLE_EVERY_MS = 1_000;

/**
 * An estimate of Redis's time, driven by this process's monotonic clock between samples of TIME; no machine's wall clock
 * is read. It never runs backwards: should Redis's own clock be set back, it stands still until that has caught up. Of a
 * cluster it is the clock of the server that has ingestion's heartbeats, for all replicas the same.
 */
export class RedisClock implements Clock {
  private samples: Sample[] = [];
  private offsetMs = Number.NaN;
  private last = 0;
  private stopped = false;
  private readonly alarm = new Alarm();
  /** Another server may answer after a reconnection, with a clock of its own. */
  private readonly forget = (): void => {
    this.samples = [];
  };
  private unwatch = (): void => undefined;

  constructor(private readonly redis: RedisClient) {}

  /** Resolves when the time is known. Rejects when Redis cannot be asked. */
  async start(): Promise<void> {
    for (let i = 0; i < FIRST_SAMPLES; i += 1) await this.sample();
    this.unwatch = onOtherServer(this.redis, this.forget);
    void this.follow();
  }

  /** Milliseconds of Redis's time. Throws before {@link start} has resolved. */
  now(): number {
    if (Number.isNaN(this.offsetMs)) throw new Error('the clock has not been started');
    this.last = Math.max(this.last, Math.floor(performance.now() + this.offsetMs));
    return this.last;
  }

  /** Ends the sampling; `now` goes on by the last estimate. */
  stop(): void {
    this.stopped = true;
    this.unwatch();
    this.alarm.ring();
  }

  private async follow(): Promise<void> {
    await this.alarm.sleep(SAMPLE_EVERY_MS);
    while (!this.stopped) {
      // Without an answer the last estimate goes on; whoever needs Redis itself will notice that it is away.
      await this.sample().catch(() => undefined);
      await this.alarm.sleep(SAMPLE_EVERY_MS);
    }
  }

  private async sample(): Promise<void> {
    const asked = performance.now();
    const redisMs = await redisTime(this.redis, INGESTION_KEY);
    const answered = performance.now();
    this.samples.push({ roundTripMs: answered - asked, offsetMs: redisMs - (asked + answered) / 2 });
    if (this.samples.length > KEPT_SAMPLES) this.samples.shift();
    this.offsetMs = this.samples.reduce((best, next) => (next.roundTripMs < best.roundTripMs ? next : best)).offsetMs;
  }
}
