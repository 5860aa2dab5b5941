import { OCCURRENCES, type Telemetry } from '@app/telemetry';
import { Alarm, Backoff } from './alarm.js';
import type { Clock } from './clock.js';

/** Timers of the process are set for no longer than this; what is due later is looked at again (ms). */
const LOOK_AGAIN_MS = 3_600_000;

/** How often the heartbeat is asked for while a tick waits for it (ms). */
const HEARTBEAT_POLL_MS = 20;

/** The same while there is no hope of one soon (ms). */
const HEARTBEAT_SLOW_POLL_MS = 250;

/** How long a tick waits for a heartbeat before it goes without, so that releases go on (ms). */
const HEARTBEAT_PATIENCE_MS = 500;

/** What is still due after its tick is tried again after this, doubling up to the other (ms). */
const RETRY_FIRST_MS = 250;
const RETRY_LAST_MS = 5_000;

/** A tick that was not processed for this long may be lost (a Redis that lost data); another one does no harm (ms). */
const MISSING_MS = 10_000;

export interface TickerOptions<T> {
  readonly clock: Clock;
  /** The newest heartbeat of ingestion that is known (ms; 0 = none ever), asked for anew when that is before `wanted`. */
  readonly newestHeartbeat: (wanted: number) => Promise<number>;
  readonly tick: (at: number, timersUntil: number) => T;
  /** Puts the item into the partition's queue with that instant; resolves with the id of its job. */
  readonly add: (at: number, data: T) => Promise<number>;
  readonly telemetry: Telemetry;
}

/** The tick that was added last. What it was for may still be due afterwards: a timer that waits for a heartbeat. */
interface Tried {
  readonly due: number;
  /** Whether it let timers fire, too. */
  readonly complete: boolean;
  readonly retryAt: number;
}

/**
 * Puts ticks into one partition's queue when something is due by Redis's clock, at most one at a time.
 *
 * A tick for an instant goes in only when that is over, since an event of the same instant comes first; and it takes the
 * millisecond after it as its place in the queue: an event which is added behind it and was stamped at that instant, or
 * before, gets a later effective one, so that a replay does first what the tick did first.
 */
export class Ticker<T> {
  private readonly alarm = new Alarm();
  private readonly retries = new Backoff(RETRY_FIRST_MS, RETRY_LAST_MS);
  private nextDue: number | null = null;
  private lastJob = 0;
  private pending: { readonly job: number; readonly missingAt: number } | null = null;
  private tried: Tried | null = null;
  private ended = false;

  constructor(private readonly options: TickerOptions<T>) {}

  /** Works until {@link end}; `nextDue` is the partition's as it was found. */
  async run(nextDue: number | null): Promise<void> {
    this.nextDue = nextDue;
    while (!this.ended) {
      try {
        await this.alarm.sleep(await this.step());
      } catch (error) {
        this.options.telemetry.report(OCCURRENCES.redisTrouble, { during: 'tick' }, { err: error });
        await this.alarm.sleep(RETRY_FIRST_MS);
      }
    }
  }

  /** A job was processed, after which this is due next (ms; null = nothing). */
  processed(job: number, nextDue: number | null): void {
    this.lastJob = Math.max(this.lastJob, job);
    if (this.pending !== null && job >= this.pending.job) this.pending = null;
    this.nextDue = nextDue;
    this.alarm.ring();
  }

  end(): void {
    this.ended = true;
    this.alarm.ring();
  }

  /** Does what can be done now. Returns how long nothing more can be done (ms; null = until something happens). */
  private async step(): Promise<number | null> {
    const due = this.nextDue;
    if (due === null) return null;
    const now = this.options.clock.now();
    if (this.pending !== null && now < this.pending.missingAt) return this.pending.missingAt - now;
    this.pending = null;
    const earlyMs = due + 1 - now;
    if (earlyMs > 0) return Math.min(earlyMs, LOOK_AGAIN_MS);
    const heartbeat = await this.options.newestHeartbeat(due);
    if (this.ended || this.nextDue !== due) return 0;
    return this.whenDue(due, heartbeat);
  }

  private async whenDue(due: number, heartbeat: number): Promise<number | null> {
    const now = this.options.clock.now();
    const complete = heartbeat >= due;
    const waitMs = this.waitMs(due, complete, now);
    if (waitMs > 0) return waitMs;
    await (complete ? this.add(due, due) : this.add(now - 1, Math.min(now - 1, heartbeat)));
    if (this.tried?.due !== due) this.retries.reset();
    this.tried = { due, complete, retryAt: now + this.retries.next() };
    return 0;
  }

  /** How long a tick for what is due has to wait (ms; 0 = it goes now). */
  private waitMs(due: number, complete: boolean, now: number): number {
    if (this.tried?.due === due) {
      const asGoodAsBefore = this.tried.complete || !complete;
      return asGoodAsBefore ? Math.max(0, Math.min(HEARTBEAT_SLOW_POLL_MS, this.tried.retryAt - now)) : 0;
    }
    return complete || now - due >= HEARTBEAT_PATIENCE_MS ? 0 : HEARTBEAT_POLL_MS;
  }

  private async add(at: number, timersUntil: number): Promise<void> {
    const job = await this.options.add(at + 1, this.options.tick(at, timersUntil));
    // It may have been processed before its answer came.
    if (job > this.lastJob) this.pending = { job, missingAt: this.options.clock.now() + MISSING_MS };
  }
}
