import { setTimeout as wait } from 'node:timers/promises';
import { Center } from './center/center.js';
import type { Fact } from './center/fact.js';
import type { CenterSettings } from './center/world.js';
import { type Delivery, DeliveryPlan, type Disorder } from './delivery.js';
import { Endpoint } from './endpoint.js';
import { Random } from './random.js';
import { type Answer, Sender, type SenderPolicy, type Tally } from './sender.js';
import type { Subscription } from './subscriptions.js';
import { deliveryOf } from './wire.js';

/** A simulation that is sent as it happens. */
export interface LiveSettings {
  readonly center: CenterSettings;
  readonly disorder: Disorder;
  readonly accountId: string;
  /** To whom everything is sent; their names differ. */
  readonly subscriptions: readonly Subscription[];
  /** How long it goes on, in the time of the events (ms); Infinity until it is stopped. */
  readonly durationMs: number;
  /** How many seconds of the events pass in one of ours. */
  readonly speed: number;
  readonly policy: SenderPolicy;
  /** The share of good answers that count as having come too late, although the receiver has stored the event. */
  readonly lateAnswers: number;
  /** Is told everything that happens, in order of time. */
  readonly witness?: (fact: Fact) => void;
}

/** How long a stopped run waits for its last deliveries (ms). */
const GRACE_MS = 3_000;

/** The longest sleep, so that a suspended machine or a changed clock is noticed (ms). */
const LONGEST_SLEEP_MS = 1_000;

/** A running simulation. When it ends, by its duration or by `stop`, the center closes: conversations end and agents log out. */
export class LiveRun {
  /** Resolves with the final tally when all has been sent, or given up after `stop`. Never rejects for what the receiver does. */
  readonly done: Promise<Tally>;
  private readonly stopping = new AbortController();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly center: Center;
  private readonly plan: DeliveryPlan;
  private readonly endpoints: ReadonlyMap<string, Endpoint>;
  private readonly lateness: Random;
  private readonly sender: Sender;
  private readonly startedAt = Date.now();
  private hasEnded = false;
  private lastAt: number;

  constructor(private readonly settings: LiveSettings) {
    this.lastAt = settings.center.startMs;
    this.center = new Center(settings.center);
    this.plan = new DeliveryPlan(settings.disorder);
    const { subscriptions, accountId, policy } = settings;
    this.endpoints = new Map(
      subscriptions.map((each) => [each.name, new Endpoint(each, accountId, policy.concurrency)]),
    );
    this.lateness = new Random(settings.center.seed, 'late answers');
    this.sender = new Sender(
      {
        post: (delivery) => this.post(delivery),
        later: (ms, call) => this.later(ms / settings.speed, call),
        now: () => this.virtualNow(),
      },
      settings.policy,
    );
    this.done = this.run();
  }

  get tally(): Tally {
    return this.sender.tally;
  }

  /** When the last thing happened so far (Unix ms). */
  get lastEventAt(): number {
    return this.lastAt;
  }

  /** Closes the center at once; `done` resolves within seconds. */
  stop(): void {
    this.stopping.abort();
  }

  private async run(): Promise<Tally> {
    const { center, plan } = this;
    const endMs = this.settings.center.startMs + this.settings.durationMs;
    while (!this.stopping.signal.aborted) {
      const at = Math.min(center.nextAt, plan.dueAt);
      if (at >= endMs) break;
      await this.until(at);
      if (this.stopping.signal.aborted) break;
      if (center.nextAt <= at) for (const fact of center.step()) this.add(fact);
      await this.sendDue(at);
    }
    await this.closeUp(endMs);
    return this.sender.tally;
  }

  /** The last events, and what is still to be delivered: as planned at the end of the duration, at once after `stop`. */
  private async closeUp(endMs: number): Promise<void> {
    const { plan, stopping } = this;
    const closingAt = stopping.signal.aborted ? Math.min(endMs, this.virtualNow()) : endMs;
    await this.until(closingAt);
    for (const fact of this.center.closeUp(closingAt)) this.add(fact);
    while (plan.dueAt < Infinity) {
      await this.until(plan.dueAt);
      await this.sendDue(plan.dueAt);
    }
    await this.drain();
    this.hasEnded = true;
    for (const timer of this.timers) clearTimeout(timer);
    for (const endpoint of this.endpoints.values()) endpoint.close();
  }

  private async post({ endpoint, body }: Delivery): Promise<Answer> {
    const answer = await this.endpoints.get(endpoint)?.post(body);
    if (answer === undefined) throw new Error(`nobody has subscribed as ${endpoint}`);
    if (answer.failure !== null || !this.lateness.chance(this.settings.lateAnswers)) return answer;
    return { ...answer, failure: 'late answer', isUnanswered: true };
  }

  private async sendDue(untilMs: number): Promise<void> {
    for (const delivery of this.plan.due(untilMs)) {
      this.sender.send(delivery);
      await this.sender.room();
    }
  }

  /** Waits for the last deliveries; after `stop` not for long. */
  private async drain(): Promise<void> {
    const giveUp = new AbortController();
    const limit = (): void => this.later(GRACE_MS, () => giveUp.abort());
    if (this.stopping.signal.aborted) limit();
    else this.stopping.signal.addEventListener('abort', limit, { once: true });
    await this.sender.drained(giveUp.signal);
  }

  /** Plans what each subscription gets of it. */
  private add(fact: Fact): void {
    const { witness, subscriptions, accountId } = this.settings;
    witness?.(fact);
    this.lastAt = fact.time;
    for (const { name, events } of subscriptions) {
      if (events?.has(fact.occasion.type) !== false) this.plan.add(deliveryOf(fact, accountId, name));
    }
  }

  /** Calls back after a time, unless the run has ended by then. */
  private later(ms: number, call: () => void): void {
    if (this.hasEnded) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      call();
    }, ms);
    this.timers.add(timer);
  }

  /** Sleeps until an instant of the events has come, or the run is stopped. */
  private async until(atMs: number): Promise<void> {
    const { signal } = this.stopping;
    for (let now = this.virtualNow(); now < atMs && !signal.aborted; now = this.virtualNow()) {
      const gap = Math.min(LONGEST_SLEEP_MS, Math.ceil((atMs - now) / this.settings.speed));
      await wait(gap, undefined, { signal }).catch(() => undefined);
    }
  }

  private virtualNow(): number {
    return this.settings.center.startMs + (Date.now() - this.startedAt) * this.settings.speed;
  }
}
