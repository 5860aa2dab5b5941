import { OCCURRENCES, type Telemetry } from '@app/telemetry';
import { patientConnection, type RedisClient } from '@app/redis';
import { Alarm, waitFor } from './alarm.js';
import type { Clock } from './clock.js';
import { type Batch, PartitionConsumer, type Processed } from './consumer.js';
import { HeartbeatReader } from './heartbeat.js';
import { Leases, shareOf } from './leases.js';
import { PartitionProducer } from './producer.js';
import { Ticker } from './ticker.js';
import { evenWhenFull } from './when-full.js';

export interface WorkersOptions<T> {
  readonly redisUrl: string;
  readonly partitions: number;
  /** Distinct among all replicas that ever ran. */
  readonly replicaId: string;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /**
   * Applies batches that follow one another, and commits them. What it throws is trouble of the surroundings, and they are
   * tried again without end: what an item itself causes must not be thrown. A batch may come again, whole, after it was
   * committed, and with others than before.
   */
  readonly process: (partition: number, batches: readonly Batch<T>[]) => Promise<Processed>;
  /** The most batches that are processed together (default 1). */
  readonly maxTogether?: number;
  /** What is due in a partition that was just taken over. Tried again without end when it throws. */
  readonly initial: (partition: number) => Promise<Processed>;
  /** The item that does what is due at or before `at`, timers only up to `timersUntil` (ms). */
  readonly tick: (at: number, timersUntil: number) => T;
  /** The partition is this replica's from now on: before `initial` and `process`. */
  readonly onOwned?: (partition: number) => void;
  /** The partition is no longer this replica's, and nothing of it is under way any more. */
  readonly onLost?: (partition: number) => void;
  readonly timing?: Partial<WorkersTiming>;
}

/** All in ms. A killed replica's partitions are worked again after about lease + pass + 2 × stalled: 7 s by default. */
export interface WorkersTiming {
  /** A lease, and the place among the live replicas, lapse when they are not renewed for this long. */
  readonly leaseMs: number;
  /** How often leases are renewed, and partitions claimed and given up. */
  readonly passMs: number;
  /** A job's lock. Must not be longer than the lease by much, or the job waits for it. */
  readonly lockMs: number;
  /** How often jobs whose lock lapsed are looked for. */
  readonly stalledMs: number;
  /** How long `close` waits for jobs under way. */
  readonly closeMs: number;
}

const TIMING: WorkersTiming = { leaseMs: 4_000, passMs: 1_000, lockMs: 4_000, stalledMs: 1_000, closeMs: 10_000 };

/** A partition that this replica works, or still brings to an end. */
interface Held<T> {
  readonly consumer: PartitionConsumer<T>;
  ended: Promise<void>;
  /**
   * `giving`: the job under way is finished, and the lease still renewed; `lost`: it is another's already; `gone`:
   * nothing is under way any more.
   */
  state: 'owned' | 'giving' | 'lost' | 'gone';
}

/** Works this replica's even share of the partitions, under leases in Redis; the others take over what lapses. */
export class PartitionWorkers<T> {
  private readonly redis: RedisClient;
  private readonly producer: PartitionProducer<T>;
  private readonly heartbeats: HeartbeatReader;
  private readonly leases: Leases;
  private readonly timing: WorkersTiming;
  private readonly held = new Map<number, Held<T>>();
  private readonly alarm = new Alarm();
  /** No partition is taken any more; those held are still renewed until `closed`. */
  private stopped = false;
  private closed = false;
  private loop: Promise<void> | null = null;

  constructor(private readonly options: WorkersOptions<T>) {
    const { redisUrl, partitions, replicaId } = options;
    const onError = (error: unknown): void => this.trouble('connection', error);
    this.timing = { ...TIMING, ...options.timing };
    this.redis = evenWhenFull(patientConnection(redisUrl, onError));
    this.producer = new PartitionProducer({ redisUrl, partitions, onError });
    this.heartbeats = new HeartbeatReader(this.redis);
    this.leases = new Leases(this.redis, replicaId, this.timing.leaseMs);
  }

  /** The partitions that this replica works now. */
  get owned(): readonly number[] {
    return [...this.held].filter(([, held]) => isOwned(held)).map(([partition]) => partition);
  }

  /** Takes part from now on. */
  start(): void {
    this.loop ??= this.follow();
  }

  /**
   * Puts an empty tick into the queue of each partition of this replica, so that `process` is called, between two batches,
   * though nothing else comes. Rejects as Redis does.
   */
  async nudge(): Promise<void> {
    const { clock, tick } = this.options;
    const at = clock.now();
    await Promise.all(this.owned.map((partition) => this.producer.add(partition, [{ at, data: tick(at - 1, 0) }])));
  }

  /**
   * Finishes the jobs under way, gives all leases back and takes no further part. What cannot be finished (Redis is away,
   * or time is up) is left to whoever takes the partition over.
   */
  async close(): Promise<void> {
    this.stopped = true;
    for (const held of this.held.values()) give(held);
    const ended = Promise.all([...this.held.values()].map((held) => held.ended));
    await waitFor(ended, this.redis.status === 'ready' ? this.timing.closeMs : 0);
    if (this.redis.status === 'ready')
      await this.leases.leave().catch((error: unknown) => this.trouble('lease', error));
    this.closed = true;
    this.redis.disconnect();
    this.alarm.ring();
    await Promise.all([this.producer.close(), this.loop]);
  }

  private async follow(): Promise<void> {
    while (!this.closed) {
      await this.pass().catch((error: unknown) => this.trouble('lease', error));
      await this.alarm.sleep(this.timing.passMs);
    }
  }

  /** Renews what is held, gives up what is too much, and claims what is missing. */
  private async pass(): Promise<void> {
    await this.renewAll();
    if (this.stopped) return;
    const { partitions, replicaId } = this.options;
    const share = shareOf(await this.leases.register(), replicaId, partitions);
    for (const held of [...this.held.values()].filter(isOwned).slice(share.count)) give(held);
    for (let i = 0; i < partitions && !this.stopped && this.owned.length < share.count; i += 1) {
      const partition = (share.first + i) % partitions;
      if (!this.held.has(partition) && (await this.leases.claim(partition))) this.take(partition);
    }
  }

  private async renewAll(): Promise<void> {
    const mine = [...this.held].filter(([, held]) => held.state !== 'lost');
    await Promise.all(
      mine.map(async ([partition, held]) => {
        const renewed = await this.leases.renew(partition);
        if (renewed || held.state === 'gone') return;
        held.state = 'lost';
        held.consumer.abandon();
        this.options.telemetry.report(OCCURRENCES.leaseLost, {}, { partition });
      }),
    );
  }

  private take(partition: number): void {
    const ticker = new Ticker<T>({
      ...this.options,
      newestHeartbeat: (wanted) => this.heartbeats.newestFor(wanted),
      add: async (at, data) => (await this.producer.add(partition, [{ at, data }])).job,
    });
    const consumer = new PartitionConsumer<T>({
      ...this.options,
      ...this.timing,
      redis: this.redis,
      partition,
      maxTogether: this.options.maxTogether ?? 1,
      process: (batches) => this.options.process(partition, batches),
      onProcessed: (job, processed) => ticker.processed(job, processed.nextDue),
    });
    const held: Held<T> = { consumer, ended: Promise.resolve(), state: 'owned' };
    this.held.set(partition, held);
    held.ended = this.work(partition, held, ticker);
    // Closed while it was being claimed.
    if (this.stopped) give(held);
  }

  /** From taking a partition over to having let go of it. Never rejects. */
  private async work(partition: number, held: Held<T>, ticker: Ticker<T>): Promise<void> {
    const { consumer } = held;
    this.options.telemetry.report(OCCURRENCES.leaseTaken, {}, { partition });
    this.options.onOwned?.(partition);
    const initial = await consumer.tryUntilEnd('processing', () => this.options.initial(partition));
    const ticking = initial === null ? null : ticker.run(initial.value.nextDue);
    await consumer.run();
    ticker.end();
    await ticking;
    this.options.onLost?.(partition);
    const mayRelease = held.state !== 'lost' && this.redis.status === 'ready';
    held.state = 'gone';
    if (mayRelease) await this.leases.release(partition).catch((error: unknown) => this.trouble('lease', error));
    this.held.delete(partition);
  }

  private trouble(during: string, error: unknown): void {
    this.options.telemetry.report(OCCURRENCES.redisTrouble, { during }, { err: error });
  }
}

function isOwned<T>(held: Held<T>): boolean {
  return held.state === 'owned';
}

function give<T>(held: Held<T>): void {
  if (held.state !== 'owned') return;
  held.state = 'giving';
  held.consumer.finish();
}
