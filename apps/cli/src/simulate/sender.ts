import type { Delivery } from './delivery.js';
import { Pace } from './pace.js';
import { type Lane, type Parcel, Store } from './store.js';

/** What has become of a run's deliveries so far. */
export interface Tally {
  readonly sent: number;
  /** Of those sent: which needed more than one attempt. */
  readonly retried: number;
  readonly failedAttempts: number;
  /** Attempts that may have been taken although they count as failed, as no answer came in time: each makes a duplicate then. */
  readonly duplicates: number;
  /** Handed over, and neither taken by the receiver nor given up. */
  readonly pending: number;
  /** Given up, as the retention was over. */
  readonly lost: number;
  /** How often everything was held back, and the longest time of it (ms of the sender's clock). */
  readonly holds: number;
  readonly longestHoldMs: number;
  readonly isHolding: boolean;
  /** Live ones that went ahead of stored ones of their conversation. */
  readonly overtaken: number;
  /** Endpoints that LivePerson might have disabled for being slow. */
  readonly slow: readonly string[];
  /** Why the latest failed attempt failed; null when none has. */
  readonly lastFailure: string | null;
}

/** How one attempt ended. */
export interface Answer {
  /** Null when the body was taken (200 or 201), else why not. */
  readonly failure: string | null;
  /** Whether the body went out and no answer came in time. */
  readonly isUnanswered: boolean;
  /** Real time (ms). */
  readonly tookMs: number;
}

/** What a sender needs from outside. Its clock may run faster than time. */
export interface SenderPorts {
  readonly post: (delivery: Delivery) => Promise<Answer>;
  /** Calls back after this time (ms of the sender's clock). */
  readonly later: (ms: number, call: () => void) => void;
  /** The sender's clock (ms). */
  readonly now: () => number;
}

/** How an install of LivePerson delivers. */
export interface SenderPolicy {
  /** The most requests at a time. */
  readonly concurrency: number;
  /** After so long a stored event is given up (ms). */
  readonly retentionMs: number;
  /** So long a live event waits for stored ones of its conversation, then it overtakes them (ms); Infinity: it goes behind all that is stored. */
  readonly overtakeMs: number;
}

const FIRST_GAP_MS = 2_000;
const LONGEST_GAP_MS = 300_000;

/** Lanes that could go out now, and deliveries in all, above which a run has to wait. */
const MOST_READY = 1_000;
const MOST_PENDING = 300_000;

/** When nothing may overtake, what goes out is at most so many events ahead of the oldest that has not been taken. */
const MOST_AHEAD = 200;

/**
 * Sends as an install of LivePerson does: what concerns one conversation (or one agent) in order, different ones side by side. What was not
 * taken is stored, and so is everything else to every endpoint, until a further attempt after 2, 4, 8 … seconds, at most five minutes,
 * succeeds; then what is stored goes out in its order, with what is new beside it.
 */
export class Sender {
  private readonly store: Store;
  private readonly pace = new Pace();
  private readonly tried = new WeakSet<Parcel>();
  private waiters: (() => void)[] = [];
  private orders = 0;
  private readonly underWay = new Set<Parcel>();
  private inFlight = 0;
  private failures = 0;
  /** `probing` is the one attempt that decides whether the store opens again. */
  private state: 'open' | 'holding' | 'probing' = 'open';
  private heldSince: number | null = null;
  private stored = 0;
  private counts = {
    sent: 0,
    retried: 0,
    failedAttempts: 0,
    duplicates: 0,
    pending: 0,
    lost: 0,
    holds: 0,
    overtaken: 0,
  };
  private longestHoldMs = 0;
  private lastFailure: string | null = null;

  constructor(
    private readonly ports: SenderPorts,
    private readonly policy: SenderPolicy,
  ) {
    this.store = new Store(policy.overtakeMs < Infinity);
  }

  get tally(): Tally {
    const underWay = this.heldSince === null ? 0 : this.ports.now() - this.heldSince;
    const { counts, lastFailure, longestHoldMs } = this;
    const isHolding = this.heldSince !== null;
    return {
      ...counts,
      longestHoldMs: Math.max(longestHoldMs, underWay),
      isHolding,
      slow: this.pace.slow,
      lastFailure,
    };
  }

  /** Takes a delivery; it goes out as soon as those of its subject before it have, and nothing is held back. */
  send(delivery: Delivery): void {
    this.counts.pending += 1;
    this.orders += 1;
    const isHeld = this.state !== 'open';
    const parcel: Parcel = { delivery, order: this.orders, storedAt: isHeld ? this.ports.now() : null };
    if (isHeld) this.stored += 1;
    const lane = this.store.put(`${delivery.endpoint}/${delivery.subject}`, parcel);
    if (!isHeld && this.policy.overtakeMs < Infinity && lane.waiting.some(({ storedAt }) => storedAt !== null)) {
      this.ports.later(this.policy.overtakeMs, () => this.overtake(lane, parcel));
    }
    this.pump();
  }

  /** Resolves when there is room for more. */
  async room(): Promise<void> {
    while (this.isFull()) await this.progress();
  }

  /** Resolves when all has been delivered or given up, or when the signal is aborted. */
  async drained(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.wake(), { once: true });
    while (this.counts.pending > 0 && !signal.aborted) await this.progress();
  }

  private isFull(): boolean {
    return this.counts.pending >= MOST_PENDING || (this.state === 'open' && this.store.ready >= MOST_READY);
  }

  private pump(): void {
    while (this.state !== 'holding' && this.inFlight < this.width) {
      const lane = this.store.next();
      if (lane === undefined) return;
      this.dropOld(lane);
      const [head] = lane.waiting;
      if (head === undefined || this.isAhead(head)) {
        this.store.putBack(lane);
        if (head === undefined) continue;
        return;
      }
      this.inFlight += 1;
      this.underWay.add(head);
      void this.attempt(lane, head);
    }
  }

  private get width(): number {
    return this.state === 'probing' ? 1 : this.policy.concurrency;
  }

  /** Whether slower lanes have fallen so far behind that this one has to wait for them: agents are told of by many conversations. */
  private isAhead({ order }: Parcel): boolean {
    if (this.policy.overtakeMs < Infinity) return false;
    let oldest = order;
    for (const parcel of this.underWay) oldest = Math.min(oldest, parcel.order);
    return order - oldest > MOST_AHEAD;
  }

  private async attempt(lane: Lane, parcel: Parcel): Promise<void> {
    const answer = await this.ports.post(parcel.delivery);
    this.inFlight -= 1;
    this.underWay.delete(parcel);
    this.pace.note(parcel.delivery.endpoint, answer.tookMs, this.ports.now());
    if (answer.failure === null) this.delivered(lane, parcel);
    else this.failed(parcel, answer);
    this.store.putBack(lane);
    this.pump();
    this.wake();
  }

  private delivered(lane: Lane, parcel: Parcel): void {
    lane.waiting.shift();
    this.counts.sent += 1;
    this.counts.pending -= 1;
    if (this.tried.has(parcel)) this.counts.retried += 1;
    if (parcel.storedAt !== null) this.stored -= 1;
    // While it holds, what had gone out before is still answered: that opens nothing.
    if (this.state === 'probing') this.open();
    if (this.stored === 0 && this.state === 'open') this.failures = 0;
  }

  private open(): void {
    this.state = 'open';
    if (this.heldSince === null) return;
    this.longestHoldMs = Math.max(this.longestHoldMs, this.ports.now() - this.heldSince);
    this.heldSince = null;
  }

  private failed(parcel: Parcel, { failure, isUnanswered }: Answer): void {
    this.tried.add(parcel);
    this.counts.failedAttempts += 1;
    if (isUnanswered) this.counts.duplicates += 1;
    this.lastFailure = failure;
    if (this.state !== 'holding') this.hold();
  }

  /** Holds back the whole install until the next attempt. */
  private hold(): void {
    if (this.heldSince === null) {
      this.heldSince = this.ports.now();
      this.stored += this.store.holdBack(this.heldSince);
      this.counts.holds += 1;
    }
    this.state = 'holding';
    const gap = Math.min(LONGEST_GAP_MS, FIRST_GAP_MS * 2 ** Math.min(this.failures, 20));
    this.failures += 1;
    this.ports.later(gap, () => {
      this.state = 'probing';
      this.pump();
      this.wake();
    });
  }

  /** A live event that has waited long enough for stored ones goes out on its own. */
  private overtake(lane: Lane, parcel: Parcel): void {
    const index = lane.waiting.indexOf(parcel);
    if (index <= 0 || parcel.storedAt !== null) return;
    lane.waiting.splice(index, 1);
    this.counts.overtaken += 1;
    this.store.put(`${lane.key}/${parcel.order}`, parcel);
    this.pump();
  }

  private dropOld({ waiting }: Lane): void {
    for (let [head] = waiting; head !== undefined && this.isOver(head); [head] = waiting) {
      waiting.shift();
      this.stored -= 1;
      this.counts.pending -= 1;
      this.counts.lost += 1;
    }
  }

  private isOver({ storedAt }: Parcel): boolean {
    return storedAt !== null && this.ports.now() - storedAt > this.policy.retentionMs;
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
