import { Job, Queue } from 'bullmq';
import { impatientConnection, isReady, type RedisClient, Replicas, whenReady } from '@app/redis';
import type { ChainableCommander } from 'ioredis';
import { FLOOR_SCRIPT, type JobData, type Stamped } from './intake.js';
import { ARCHIVE, intakeKey, jobCounterKey, partitionPrefix, QUEUE_NAME, type QueueId } from './keys.js';
import { type Added, Lane, QueueUnavailable, type Receipt } from './lane.js';

/** BullMQ tells of a job's life in a stream that nobody reads here; keep it short. */
const KEPT_QUEUE_EVENTS = 10;

/** One command's part of the answer to a transaction. */
type Reply = readonly [error: Error | null, value?: unknown];

const NO_REPLY: Reply = [null];

export interface ProducerOptions<T> {
  readonly redisUrl: string;
  readonly partitions: number;
  /** A batch holds at most this many items; default 500. */
  readonly maxBatch?: number;
  /** What an item weighs, and the most that a batch weighs, unless it is a single item; default: nothing. */
  readonly weight?: { readonly of: (item: T) => number; readonly most: number };
  /** An item without an answer by then is rejected (ms); default 900, so that a sender hears 503 within a second. */
  readonly timeoutMs?: number;
  /** How many replicas must have a batch before it counts as stored; default 0. */
  readonly replicas?: number;
  /** Hears of every error of the connection; it reconnects by itself. */
  readonly onError: (error: Error) => void;
}

/** Puts items into the partitions' queues, on a connection of its own that never keeps what it cannot send. */
export class PartitionProducer<T> {
  private readonly redis: RedisClient;
  private readonly replicas: Replicas;
  private readonly queues = new Map<QueueId, Queue>();
  private readonly lanes = new Map<QueueId, Lane<T>>();

  constructor(private readonly options: ProducerOptions<T>) {
    this.redis = impatientConnection(options.redisUrl, options.onError);
    this.replicas = new Replicas(this.redis, { count: options.replicas ?? 0 });
  }

  /** True while Redis can be reached; items are refused otherwise. */
  get connected(): boolean {
    return isReady(this.redis);
  }

  /** Resolves when the first connection stands; never rejects, since it is tried without end. */
  async ready(): Promise<void> {
    await whenReady(this.redis);
  }

  /**
   * Puts the items, in order, behind all that is in the partition's queue. Resolves when they are stored, which with
   * `appendfsync always` means on disk, and known to as many replicas as are wanted; rejects with {@link QueueUnavailable}.
   */
  async add(partition: QueueId, items: readonly Stamped<T>[]): Promise<Added> {
    if (
      partition !== ARCHIVE &&
      !(Number.isInteger(partition) && partition >= 0 && partition < this.options.partitions)
    ) {
      throw new RangeError(`there is no partition ${partition}`);
    }
    if (items.length === 0) return { effective: [], job: 0 };
    return this.lane(partition).add(items);
  }

  /** Ends the connection. What has no answer yet is rejected. */
  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    this.redis.disconnect();
  }

  private lane(partition: QueueId): Lane<T> {
    let lane = this.lanes.get(partition);
    if (lane === undefined) {
      const { maxBatch = 500, timeoutMs = 900, weight = null } = this.options;
      lane = new Lane<T>((items) => this.send(partition, items), { maxBatch, timeoutMs, weight });
      this.lanes.set(partition, lane);
    }
    return lane;
  }

  /** One MULTI: BullMQ's job, then the floor. */
  private async send(partition: QueueId, items: readonly Stamped<T>[]): Promise<Receipt> {
    if (!this.connected) throw new QueueUnavailable('refused', 'Redis is away');
    const queue = this.queue(partition);
    const multi = (await queue.getBackend().client).multi();
    const data: JobData<T> = items.map(({ at, data }) => [at, data]);
    await new Job(queue, 'batch', data, { removeOnComplete: true, attempts: 1 }).addJob(multi);
    const greatest = items.reduce((most, item) => Math.max(most, item.at), 0);
    // BullMQ's transaction is ioredis's with methods added.
    (multi as unknown as ChainableCommander).eval(
      FLOOR_SCRIPT,
      2,
      intakeKey(partition),
      jobCounterKey(partition),
      String(greatest),
      String(items.length),
      `${partitionPrefix(partition)}:${QUEUE_NAME}:`,
    );
    return this.replicas.keep(intakeKey(partition), async () => this.receipt(await multi.exec().catch(refuseAborted)));
  }

  /** Both replies are there, or the batch was not stored: the floor script answers only behind an added job. */
  private receipt(replies: readonly Reply[] | null): Receipt {
    const [addError, job] = replies?.[0] ?? NO_REPLY;
    const [floorError, floor] = replies?.[1] ?? NO_REPLY;
    if (addError) throw this.refusal(addError);
    if (floorError) throw floorError;
    const id = Number(job);
    if (id > 0 && typeof floor === 'number') return { job: id, floor };
    throw new QueueUnavailable('refused', `the queue took no job (${String(job)})`);
  }

  private refusal(error: Error): QueueUnavailable {
    // The socket is believed to know BullMQ's scripts; a new one learns them again.
    if (error.message.includes('NOSCRIPT')) this.redis.disconnect(true);
    return new QueueUnavailable('refused', error.message, error);
  }

  private queue(partition: QueueId): Queue {
    let queue = this.queues.get(partition);
    if (queue === undefined) {
      queue = new Queue(QUEUE_NAME, {
        connection: this.redis,
        prefix: partitionPrefix(partition),
        skipVersionCheck: true,
        streams: { events: { maxLen: KEPT_QUEUE_EVENTS } },
      });
      queue.on('error', () => undefined); // The connection's own errors are heard once, by `onError`.
      this.queues.set(partition, queue);
    }
    return queue;
  }
}

/**
 * What certainly stored nothing: a transaction that Redis discarded as a whole, be it that another node has the slot or
 * that none has, or one that could not even be written. A connection that closed tells nothing.
 */
const NOTHING_STORED =
  /^(EXECABORT|MOVED|ASK|TRYAGAIN|CLUSTERDOWN|MASTERDOWN|READONLY) |(Stream|Cluster) isn't (writeable|ready)/;

function refuseAborted(error: unknown): never {
  const refused = error instanceof Error && NOTHING_STORED.test(error.message);
  throw refused ? new QueueUnavailable('refused', error.message, error) : error;
}
