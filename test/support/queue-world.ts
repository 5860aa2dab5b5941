import { createLogger, Telemetry } from '@app/telemetry';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { type Batch, PartitionProducer, PartitionWorkers, RedisClock, type WorkersOptions } from '@app/queue';
import type { TestRedis } from './redis.js';

export const PARTITIONS = 3;

/** Short, so that the tests are; nothing depends on how short. */
export const TIMING = { leaseMs: 800, passMs: 100, lockMs: 800, stalledMs: 200 };

/** Resolves when it holds; Redis is asked in between, so that time passes. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

export const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `item ${i}`);

/** A Redis with queues, a producer, and what replicas do, in order, over all of them. Empty before each test. */
export class QueueWorld {
  items: string[] = [];
  instants: number[] = [];
  /** The ids of jobs that were processed together. */
  jobs: string[] = [];
  calls: string[] = [];
  private running: PartitionWorkers<string>[] = [];

  private constructor(
    readonly server: TestRedis,
    readonly redis: Redis,
    readonly clock: RedisClock,
    readonly producer: PartitionProducer<string>,
  ) {}

  static async begin(server: TestRedis): Promise<QueueWorld> {
    const redis = new Redis(server.url, { maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    await redis.flushall();
    const clock = new RedisClock(redis);
    await clock.start();
    const patient = { timeoutMs: 30_000, onError: () => undefined };
    const producer = new PartitionProducer<string>({ redisUrl: server.url, partitions: PARTITIONS, ...patient });
    await producer.ready();
    return new QueueWorld(server, redis, clock, producer);
  }

  async end(): Promise<void> {
    await Promise.all(this.running.map((each) => each.close()));
    await this.producer.close();
    this.clock.stop();
    this.redis.disconnect();
  }

  replica(replicaId: string, more: Partial<WorkersOptions<string>> = {}): PartitionWorkers<string> {
    const workers = new PartitionWorkers<string>({
      redisUrl: this.server.url,
      partitions: PARTITIONS,
      replicaId,
      clock: this.clock,
      telemetry: new Telemetry(createLogger('test', 'silent')),
      process: async (_, batches) => this.take(batches),
      initial: async () => ({ nextDue: null }),
      tick: (at, timersUntil) => `tick ${at} ${timersUntil}`,
      onOwned: (partition) => this.calls.push(`${replicaId} owns ${partition}`),
      onLost: (partition) => this.calls.push(`${replicaId} lost ${partition}`),
      timing: TIMING,
      ...more,
    });
    this.running.push(workers);
    workers.start();
    return workers;
  }

  take(batches: readonly Batch<string>[]): { nextDue: null } {
    this.jobs.push(batches.map(({ id }) => id).join(' '));
    for (const { at, data } of batches.flatMap(({ items }) => items)) {
      this.items.push(data);
      this.instants.push(at);
    }
    return { nextDue: null };
  }

  /** Resolves when no job is left in a partition's queue; of what is left elsewhere, the counts and keys. */
  async left(partition = 0): Promise<object> {
    const options = { connection: this.redis, prefix: `{lm:${partition}}`, skipMetasUpdate: true };
    const queue = new Queue('events', options);
    await until(async () => (await queue.getActiveCount()) + (await queue.getWaitingCount()) === 0);
    const counts = await queue.getJobCounts('failed', 'completed', 'delayed');
    const keys = await this.redis.keys(`{lm:${partition}}:events:[0-9]*`);
    await queue.close();
    return { ...counts, keys };
  }
}

/** What {@link QueueWorld.left} tells when no job is left anywhere, and none has failed. */
export const NOTHING_LEFT = { failed: 0, completed: 0, delayed: 0, keys: [] };
