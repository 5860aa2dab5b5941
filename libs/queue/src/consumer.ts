import { OCCURRENCES, type Telemetry } from '@app/telemetry';
import { Job, type JobJson, Queue, Worker } from 'bullmq';
import type { RedisClient } from '@app/redis';
import { jobsAhead } from './ahead.js';
import { Alarm, Backoff } from './alarm.js';
import { countDone, effectiveInstants, type JobData, type Stamped } from './intake.js';
import { partitionPrefix, QUEUE_NAME, type QueueId } from './keys.js';

const RETRY_FIRST_MS = 100;
const RETRY_LAST_MS = 2_000;

/** How long a worker blocks in Redis while nothing comes (s). A job that is added ends it at once. */
const DRAIN_DELAY_SECONDS = 5;

/** A job of the queue: its items in queue order, with their effective instants. */
export interface Batch<T> {
  /** BullMQ's job id: an integer that grows with each job of the partition. A redelivered job keeps it. */
  readonly id: string;
  /** `at` is the effective instant (ms), the same that the producer was told: never before an earlier item's. */
  readonly items: readonly Stamped<T>[];
}

/** What is left to do when a batch is done. */
export interface Processed {
  /** When something is due next in the partition (ms, Redis's time), or null. */
  readonly nextDue: number | null;
}

export interface ConsumerOptions<T> {
  readonly redis: RedisClient;
  readonly partition: QueueId;
  /** Batches that follow one another in the queue, to be committed together. */
  readonly process: (batches: readonly Batch<T>[]) => Promise<Processed>;
  readonly onProcessed: (job: number, processed: Processed) => void;
  readonly telemetry: Telemetry;
  /** A job is redelivered when its lock was not renewed for this long (ms). */
  readonly lockMs: number;
  /** The most jobs that are processed together. */
  readonly maxTogether: number;
  /** How often jobs without a lock are looked for (ms). */
  readonly stalledMs: number;
  /** Where a batch may wait for those that come after it. */
  readonly gather?: Gather;
  /** Hears of trouble in `process`, where it is none of Redis. */
  readonly onTrouble?: (error: unknown) => void;
}

/** Batches are processed together when enough wait, or the first has waited long enough. */
export interface Gather {
  /** The longest that a batch waits (ms). */
  readonly ms: number;
  /** The most bytes of jobs that are processed together. */
  readonly maxBytes: number;
  /** Asked now and then; what it throws counts as no. */
  readonly enough: () => Promise<boolean>;
}

/** How often it is asked whether enough is gathered (ms). */
const GATHER_LOOK_MS = 500;

/**
 * Works one partition's queue in order. Only the front job is ever active. When there is a backlog, those behind it are
 * read as they wait and processed with it, as if they were one; then they are completed in turn, in one go. So many small
 * jobs cost Redis no more syncs to disk than a large one.
 *
 * The front job stays active until all is processed: trouble is tried again without end while its lock is renewed. A job
 * that is given up half-way is left active; whoever works the partition next finds its lock lapsed, and BullMQ puts it back
 * at the front of the queue. Nothing ever goes to the failed set.
 */
export class PartitionConsumer<T> {
  private readonly queue: Queue;
  private readonly worker: Worker<JobData<T>>;
  private readonly token: string;
  private readonly alarm = new Alarm();
  private ending = false;
  private abandoned = false;

  constructor(private readonly options: ConsumerOptions<T>) {
    const shared = {
      connection: options.redis,
      prefix: partitionPrefix(options.partition),
      skipVersionCheck: true,
    };
    this.queue = new Queue(QUEUE_NAME, { ...shared, skipMetasUpdate: true });
    this.worker = new Worker<JobData<T>>(QUEUE_NAME, null, {
      ...shared,
      autorun: false,
      concurrency: 1,
      lockDuration: options.lockMs,
      stalledInterval: options.stalledMs,
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      drainDelay: DRAIN_DELAY_SECONDS,
    });
    this.token = this.worker.id;
    // Errors of the connection itself are reported by its owner, once for all partitions.
    const onError = (error: Error): void => ('syscall' in error ? undefined : this.trouble('queue', error));
    this.queue.on('error', onError);
    this.worker.on('error', onError);
  }

  /** Works until {@link finish} or {@link abandon}; resolves when nothing is under way any more. Never rejects. */
  async run(): Promise<void> {
    await this.tryUntilEnd('queue', () => this.oneAtATime());
    await this.tryUntilEnd('queue', () => this.worker.startStalledCheckTimer());
    let next: Job<JobData<T>> | null = null;
    while (!this.abandoned && (next !== null || !this.ending)) {
      // One that comes at once was waiting already, and more may wait behind it.
      const isBehind: boolean = next !== null;
      const job: Job<JobData<T>> | null = next ?? (await this.fetch());
      next = job === null || this.abandoned ? null : await this.work(job, isBehind);
    }
    await this.worker.close(true);
    await this.queue.close();
  }

  /** Ends after the job under way. Retries end at once; the job is then left to the next owner. */
  finish(): void {
    if (this.ending) return;
    this.ending = true;
    this.alarm.ring();
    // This interrupts a worker that waits for a job. One that has a job goes on with it: the connection stays.
    void this.worker.close(true);
  }

  /** The partition is another's: its lock is no longer renewed, and what fails is not tried again. */
  abandon(): void {
    this.abandoned = true;
    this.finish();
  }

  /** Does it until it succeeds. Null when the end came first. */
  async tryUntilEnd<R>(during: string, attempt: () => Promise<R>): Promise<{ value: R } | null> {
    const backoff = new Backoff(RETRY_FIRST_MS, RETRY_LAST_MS);
    for (;;) {
      try {
        return { value: await attempt() };
      } catch (error) {
        if (this.ending) return null;
        this.trouble(during, error);
        await this.alarm.sleep(backoff.next());
      }
    }
  }

  /** Written only where it is not so already: a full Redis refuses this, and what waits must be worked off all the same. */
  private async oneAtATime(): Promise<void> {
    if ((await this.queue.getGlobalConcurrency()) !== 1) await this.queue.setGlobalConcurrency(1);
  }

  private async fetch(): Promise<Job<JobData<T>> | null> {
    const fetched = await this.tryUntilEnd('queue', async () => {
      // Undefined when none came in time, whatever the declaration says.
      const job = (await this.worker.getNextJob(this.token)) as Job<JobData<T>> | undefined;
      return job ?? null;
    });
    return fetched?.value ?? null;
  }

  /** Processes a job, and what waits behind it, and fetches the next one, if there is one at once. */
  private async work(job: Job<JobData<T>>, isBehind: boolean): Promise<Job<JobData<T>> | null> {
    const renewal = setInterval(() => void this.renew(job), this.options.lockMs / 4);
    try {
      await this.gather();
      const jobs = [job, ...(isBehind || this.options.gather !== undefined ? await this.ahead() : [])];
      const batches = jobs.map(({ id = '', name, data }) => ({ id, items: itemsOf<T>(name, data) }));
      const processed = await this.tryUntilEnd('processing', () => this.options.process(batches));
      if (processed === null) return null;
      const last = batches.at(-1)?.id ?? '';
      const items = batches.reduce((sum, batch) => sum + batch.items.length, 0);
      // Counted once however often this is reached: see `intake.ts`. It is on its way before the jobs are completed.
      const counted = countDone(this.options.redis, this.options.partition, { id: last, items });
      counted.catch((error: unknown) => this.trouble('queue', error));
      this.options.onProcessed(Number(last), processed.value);
      return await this.complete(jobs);
    } finally {
      clearInterval(renewal);
    }
  }

  /** Waits until enough is there to be processed together, or the end comes. */
  private async gather(): Promise<void> {
    const { gather } = this.options;
    if (gather === undefined) return;
    const until = performance.now() + gather.ms;
    while (!this.ending && performance.now() < until && !(await gather.enough().catch(() => false))) {
      await this.alarm.sleep(Math.min(GATHER_LOOK_MS, gather.ms));
    }
  }

  /** Those that wait behind the job in hand; none when they cannot be read, since it can be processed without. */
  private async ahead(): Promise<Job<JobData<T>>[]> {
    const { redis, partition, maxTogether, gather } = this.options;
    const limit = gather === undefined ? {} : { maxBytes: gather.maxBytes };
    try {
      return await jobsAhead<JobData<T>>(redis, { partition, worker: this.worker, count: maxTogether - 1, ...limit });
    } catch (error) {
      this.trouble('queue', error);
      return [];
    }
  }

  /**
   * Completes jobs in turn, each of which makes the one behind it active; they are sent without waiting for one another.
   * Returns the one behind the last, if there is one at once.
   */
  private async complete(jobs: readonly Job<JobData<T>>[]): Promise<Job<JobData<T>> | null> {
    const completed = await this.tryUntilEnd('queue', async () => {
      const wantsNext = (index: number): boolean => index < jobs.length - 1 || !this.ending;
      const replies = await Promise.allSettled(
        jobs.map(
          (job, index) => job.moveToCompleted(null, this.token, wantsNext(index)) as Promise<NextJob | undefined>,
        ),
      );
      // A job that is gone was completed by an earlier attempt; one that is not locked comes again, and changes nothing.
      const failed = replies.find((reply) => reply.status === 'rejected' && !isRefusal(reply.reason));
      if (failed?.status === 'rejected') throw failed.reason;
      const last = replies.at(-1);
      return last?.status === 'fulfilled' ? last.value : undefined;
    });
    const [json, id] = completed?.value ?? [];
    return json && id !== undefined ? Job.fromJSON<JobData<T>>(this.worker, json, id) : null;
  }

  private async renew(job: Job<JobData<T>>): Promise<void> {
    if (this.abandoned) return;
    await job.extendLock(this.token, this.options.lockMs).catch((error: unknown) => this.trouble('queue', error));
  }

  private trouble(during: string, error: unknown): void {
    const { onTrouble } = this.options;
    if (during === 'processing' && onTrouble !== undefined) return onTrouble(error);
    this.options.telemetry.report(
      OCCURRENCES.redisTrouble,
      { during },
      { partition: this.options.partition, err: error },
    );
  }
}

/** What BullMQ returns of the job that comes next. */
type NextJob = readonly [json: JobJson | null, id: string];

/** Effective instants from the floor that was written into the job as its name when it was added. */
function itemsOf<T>(floor: string, items: JobData<T>): Stamped<T>[] {
  const instants = effectiveInstants(
    Number(floor),
    items.map(([at]) => at),
  );
  return items.map(([at, data], index) => ({ at: instants[index] ?? at, data }));
}

/** BullMQ's scripts answer with negative codes; its errors carry them. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code < 0;
}
