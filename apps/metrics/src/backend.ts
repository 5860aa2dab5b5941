import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { Item } from '@app/engine';
import { createProcessMetrics, type ProcessMetrics } from '@app/exposition';
import { connectAtStart, PartitionWorkers, patientConnection, RedisClock, settlePartitions } from '@app/queue';
import {
  CatalogRegistry,
  QuarantineStore,
  RedisEntityReader,
  RedisSeriesReader,
  RedisStateStore,
  requireDurability,
} from '@app/state';
import { OCCURRENCES, type Settings, StartError, type Telemetry } from '@app/telemetry';
import type { Redis } from 'ioredis';
import { type Doors, openDoors } from './access/doors.js';
import { TokenFile } from './access/token-file.js';
import { CatalogInForce, loadCatalog } from './catalog/catalog-in-force.js';
import { Scrape } from './exposition/scrape.js';
import { DurabilityWatch } from './health/durability-watch.js';
import { Readiness } from './health/readiness.js';
import { Agents } from './rest/agents.js';
import { PartitionRunner, tickFor } from './work/partition-runner.js';
import { PoisonCabinet } from './work/poison.js';

/** How long the jobs under way may take to end before the process goes without (ms): Redis may be away. */
const LAST_JOBS_MS = 5_000;

/** What the app serves from, and the work that it does beside. */
export interface Backend {
  readonly scrape: Scrape;
  readonly agents: Agents;
  readonly readiness: Readiness;
  readonly processMetrics: ProcessMetrics;
  /** Null where no token is asked for. */
  readonly doors: Doors | null;
  /** Begins to work this replica's share of the partitions. */
  work(): void;
  /** Finishes the jobs under way, gives the partitions back and closes everything. */
  close(): Promise<void>;
}

/** Connects, checks and prepares everything. Rejects with {@link StartError} for what an operator can put right. */
export async function openBackend(settings: Settings, telemetry: Telemetry): Promise<Backend> {
  const { redisUrl } = settings;
  if (redisUrl === null) throw new StartError(['REDIS_URL is not set']);
  const catalog = await loadCatalog(settings.configDir, telemetry);
  const tokens = settings.tokensFile === null ? null : TokenFile.open(settings.tokensFile, telemetry);
  const redis = await connectAtStart(redisUrl, telemetry);
  try {
    await requireDurability(redis, settings.durability, telemetry);
    const partitions = await settlePartitions(redis, settings.partitions);
    const replicaId = randomUUID();
    const clock = new RedisClock(redis);
    await clock.start();
    const registry = new CatalogRegistry(redis);
    const inForce = await CatalogInForce.propose({ registry, catalog, replicaId, telemetry });
    return await assemble({ settings, telemetry, redisUrl, redis, partitions, replicaId, clock, inForce, tokens });
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

interface Opened {
  readonly settings: Settings;
  readonly telemetry: Telemetry;
  readonly redisUrl: string;
  /** Fails at once while Redis is away: whoever asks hears so. */
  readonly redis: Redis;
  readonly partitions: number;
  readonly replicaId: string;
  readonly clock: RedisClock;
  readonly inForce: CatalogInForce;
  readonly tokens: TokenFile | null;
}

async function assemble(opened: Opened): Promise<Backend> {
  const { settings, telemetry, redis, partitions, clock, inForce, tokens } = opened;
  const processMetrics = createProcessMetrics(telemetry.registry);
  const doors = await openDoors(tokens, redis);
  const durability = new DurabilityWatch(redis, telemetry);
  await durability.start();
  const quarantine = new QuarantineStore(redis);
  const reader = new RedisSeriesReader(redis, partitions);
  const work = openWork(opened, processMetrics);
  const readiness = new Readiness(settings.durability === 'reduced' ? ['durability'] : []);
  readiness.watch('redis', () => (redis.status === 'ready' ? null : 'Redis cannot be reached'));
  readiness.watch('catalog', () => (inForce.superseded === null ? null : 'another catalog is in force'));
  readiness.watch('durability', () => (durability.problems.length === 0 ? null : durability.problems.join('; ')));
  return {
    scrape: new Scrape({ redis, reader, partitions, quarantine, clock, inForce, durability }),
    agents: new Agents(new RedisEntityReader(redis, partitions), clock),
    readiness,
    processMetrics,
    doors,
    work: () => work.start(),
    close: async () => {
      readiness.watch('closing', () => 'the process is about to end');
      await work.close();
      inForce.stop();
      durability.stop();
      doors?.stop();
      clock.stop();
      redis.disconnect();
    },
  };
}

/** The workers of this replica's partitions, on a connection that waits while Redis is away. */
function openWork(opened: Opened, metrics: ProcessMetrics): { start(): void; close(): Promise<void> } {
  const { settings, telemetry, redisUrl, partitions, replicaId, clock, inForce } = opened;
  const redis = patientConnection(redisUrl, (error) =>
    telemetry.report(OCCURRENCES.redisTrouble, { during: 'work' }, { err: error }),
  );
  const limits = { maxEntries: settings.quarantineMax, maxBytes: settings.quarantineMaxBytes };
  const cabinet = new PoisonCabinet(new QuarantineStore(redis, limits), telemetry);
  const runner = new PartitionRunner({
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
  const workers = new PartitionWorkers<Item>({
    redisUrl,
    partitions,
    replicaId,
    clock,
    telemetry,
    process: (partition, batch) => runner.process(partition, batch),
    initial: (partition) => runner.open(partition),
    tick: tickFor,
    onOwned: (partition) => runner.own(partition),
    onLost: (partition) => runner.lose(partition),
  });
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> =>
    (closed ??= endInTime(workers.close(), telemetry).finally(() => redis.disconnect()));
  // The partitions go to the replicas that have the new catalog.
  inForce.onSuperseded(() => void close());
  return { start: () => workers.start(), close };
}

/** Waits for the jobs under way, but not for ever. */
async function endInTime(closed: Promise<void>, telemetry: Telemetry): Promise<void> {
  const late = after(LAST_JOBS_MS, 'late' as const, { ref: false });
  if ((await Promise.race([closed, late])) === 'late') {
    telemetry.log.warn('jobs under way could not be ended in time; another replica will take them over');
  }
}
