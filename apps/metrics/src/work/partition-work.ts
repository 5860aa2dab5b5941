import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { type Item, LINEUP_MAX } from '@app/engine';
import type { ProcessMetrics } from '@app/exposition';
import { PartitionWorkers, type RedisClock } from '@app/queue';
import { patientConnection, type RedisClient } from '@app/redis';
import { QuarantineStore, RedisStateStore } from '@app/state';
import { OCCURRENCES, type Settings, type Telemetry } from '@app/telemetry';
import type { CatalogInForce } from '../catalog/catalog-in-force.js';
import { PartitionRunner, tickFor } from './partition-runner.js';
import { PoisonCabinet } from './poison.js';

/** How long the jobs under way may take to end before the process goes without (ms): RedisClient may be away. */
const LAST_JOBS_MS = 5_000;

/** After this, partitions that could not be told of another catalog are told again (ms). */
const NUDGE_AGAIN_MS = 1_000;

export interface PartitionWorkOptions {
  readonly settings: Settings;
  readonly telemetry: Telemetry;
  readonly redisUrl: string;
  readonly partitions: number;
  readonly clock: RedisClock;
  readonly inForce: CatalogInForce;
  readonly metrics: ProcessMetrics;
}

/**
 * This replica's work on its share of the partitions, on a connection that waits while Redis is away. When another catalog
 * comes into force, every partition switches before its next batch; one that waits for none gets an empty one. While the
 * catalog in force cannot be used here, the partitions are left to the other replicas.
 */
export class PartitionWork {
  private readonly redis: RedisClient;
  private readonly runner: PartitionRunner;
  private workers: PartitionWorkers<Item> | null = null;
  private wanted = false;
  private closed = false;
  private turning: Promise<void> = Promise.resolve();

  constructor(private readonly options: PartitionWorkOptions) {
    const { settings, telemetry, redisUrl, clock, inForce, metrics } = options;
    const redis = patientConnection(redisUrl, (error) =>
      telemetry.report(OCCURRENCES.redisTrouble, { during: 'work' }, { err: error }),
    );
    const limits = { maxEntries: settings.quarantineMax, maxBytes: settings.quarantineMaxBytes };
    const cabinet = new PoisonCabinet(new QuarantineStore(redis, limits), telemetry);
    this.redis = redis;
    this.runner = new PartitionRunner({
      inForce,
      holdMs: settings.holdMs,
      storeOf: (partition) =>
        new RedisStateStore(redis, {
          partition,
          onCorrupt: (ref, text) => cabinet.keepRecord(partition, ref.accountId, text),
        }),
      setAside: (partition, poison) => cabinet.setAside(partition, poison),
      now: () => clock.now(),
      metrics,
    });
    inForce.onChange((usable) => this.turn(usable));
  }

  start(): void {
    this.wanted = true;
    this.turn(this.options.inForce.unusable === null);
  }

  /** Finishes the jobs under way, as long as that takes no longer than a few seconds, and gives the partitions back. */
  async close(): Promise<void> {
    this.closed = true;
    this.turn(false);
    await this.turning;
    this.redis.disconnect();
  }

  /** One turn after the other: from now on there are workers, or none. */
  private turn(usable: boolean): void {
    this.turning = this.turning.then(async () => {
      if (usable && this.wanted && !this.closed) await this.work();
      else if (!usable) await this.rest();
    });
  }

  private async work(): Promise<void> {
    if (this.workers !== null) {
      void this.nudge(this.workers);
      return;
    }
    const { redisUrl, partitions, clock, telemetry } = this.options;
    const { runner } = this;
    this.workers = new PartitionWorkers<Item>({
      redisUrl,
      partitions,
      replicaId: randomUUID(),
      clock,
      telemetry,
      maxTogether: LINEUP_MAX,
      process: (partition, batches) => runner.process(partition, batches),
      initial: (partition) => runner.open(partition),
      tick: tickFor,
      onOwned: (partition) => runner.own(partition),
      onLost: (partition) => runner.lose(partition),
    });
    this.workers.start();
  }

  private async rest(): Promise<void> {
    const { workers } = this;
    this.workers = null;
    if (workers === null) return;
    const late = after(LAST_JOBS_MS, 'late' as const, { ref: false });
    if ((await Promise.race([workers.close(), late])) === 'late') {
      this.options.telemetry.log.warn('jobs under way could not be ended in time; another replica will take them over');
    }
  }

  private async nudge(workers: PartitionWorkers<Item>): Promise<void> {
    while (this.workers === workers) {
      try {
        await workers.nudge();
        return;
      } catch (error) {
        this.options.telemetry.report(OCCURRENCES.redisTrouble, { during: 'catalog' }, { err: error });
        await after(NUDGE_AGAIN_MS, undefined, { ref: false });
      }
    }
  }
}
