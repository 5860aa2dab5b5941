import type { Delivery } from './delivery.js';

/** What has become of a run's deliveries so far. */
export interface Tally {
  readonly sent: number;
  readonly failedAttempts: number;
  /** Handed over and not yet taken by the receiver. */
  readonly pending: number;
  /** Subjects that wait to be tried again. */
  readonly retrying: number;
  /** Why the latest failed attempt failed; null when none has. */
  readonly lastFailure: string | null;
}

/** What a sender needs from outside. */
export interface SenderPorts {
  /** Makes one request; answers null when the body was taken, else why not. */
  readonly post: (body: string) => Promise<string | null>;
  /** Calls back after this time (ms). */
  readonly later: (ms: number, call: () => void) => void;
}

/** The deliveries of one subject, the oldest first. */
interface Lane {
  readonly waiting: Delivery[];
  failures: number;
}

const FIRST_GAP_MS = 2_000;
const LONGEST_GAP_MS = 300_000;

/** Deliveries that could go out now, and deliveries in all, above which a run has to wait. */
const MOST_READY = 1_000;
const MOST_PENDING = 100_000;

/**
 * Sends as LivePerson does: what concerns one conversation (or one agent) in order and one after the other, different ones side by side; what
 * was not answered with 200 or 201 again after 2, 4, 8 … seconds, at most five minutes, while the others go on.
 */
export class Sender {
  private readonly lanes = new Map<string, Lane>();
  private readonly ready: Lane[] = [];
  private waiters: (() => void)[] = [];
  private inFlight = 0;
  private sent = 0;
  private failedAttempts = 0;
  private pending = 0;
  private retrying = 0;
  private lastFailure: string | null = null;

  constructor(
    private readonly ports: SenderPorts,
    private readonly concurrency: number,
  ) {}

  get tally(): Tally {
    const { sent, failedAttempts, pending, retrying, lastFailure } = this;
    return { sent, failedAttempts, pending, retrying, lastFailure };
  }

  /** Takes a delivery; it goes out as soon as those of its subject before it have. */
  send(delivery: Delivery): void {
    this.pending += 1;
    const lane = this.lanes.get(delivery.subject);
    if (lane !== undefined) {
      lane.waiting.push(delivery);
      return;
    }
    const opened = { waiting: [delivery], failures: 0 };
    this.lanes.set(delivery.subject, opened);
    this.ready.push(opened);
    this.pump();
  }

  /** Resolves when there is room for more. */
  async room(): Promise<void> {
    while (this.ready.length >= MOST_READY || this.pending >= MOST_PENDING) await this.progress();
  }

  /** Resolves when all has been delivered, or when the signal is aborted. */
  async drained(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.wake(), { once: true });
    while (this.pending > 0 && !signal.aborted) await this.progress();
  }

  private pump(): void {
    while (this.inFlight < this.concurrency) {
      const lane = this.ready.shift();
      if (lane === undefined) return;
      this.inFlight += 1;
      void this.attempt(lane);
    }
  }

  private async attempt(lane: Lane): Promise<void> {
    const [head] = lane.waiting;
    if (head === undefined) return;
    const failure = await this.ports.post(head.body);
    this.inFlight -= 1;
    if (failure === null) this.delivered(lane, head);
    else this.failed(lane, failure);
    this.pump();
    this.wake();
  }

  private delivered(lane: Lane, head: Delivery): void {
    lane.waiting.shift();
    lane.failures = 0;
    this.sent += 1;
    this.pending -= 1;
    if (lane.waiting.length > 0) this.ready.push(lane);
    else this.lanes.delete(head.subject);
  }

  private failed(lane: Lane, failure: string): void {
    this.failedAttempts += 1;
    this.lastFailure = failure;
    this.retrying += 1;
    const gap = Math.min(LONGEST_GAP_MS, FIRST_GAP_MS * 2 ** Math.min(lane.failures, 20));
    lane.failures += 1;
    this.ports.later(gap, () => {
      this.retrying -= 1;
      this.ready.push(lane);
      this.pump();
    });
  }

  private progress(): Promise<void> {
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  private wake(): void {
    const { waiters } = this;
    this.waiters = [];
    for (const resolve of waiters) resolve();
  }
}
