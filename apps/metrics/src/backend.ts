import { hostname } from 'node:os';
import { TokenFile } from '@app/access';
import { folderSignature } from '@app/config';
import { createProcessMetrics, type ProcessMetrics } from '@app/exposition';
import { RedisClock, settlePartitions } from '@app/queue';
import { connectAtStart, isReady, type RedisClient } from '@app/redis';
import {
  CatalogRegistry,
  QuarantineStore,
  RedisEntityReader,
  RedisSeriesReader,
  ReplayRequests,
  requireDurability,
  UnknownTypesStore,
} from '@app/state';
import { type Settings, StartError, type Telemetry } from '@app/telemetry';
import { type Doors, openDoors } from './access/doors.js';
import { CatalogInForce } from './catalog/catalog-in-force.js';
import { ConfigWatch } from './catalog/config-watch.js';
import { loadOwnFiles } from './catalog/own-files.js';
import { ProcessFigures } from './exposition/process-figures.js';
import { Scrape } from './exposition/scrape.js';
import { DurabilityWatch } from './health/durability-watch.js';
import { Readiness } from './health/readiness.js';
import { Quarantine } from './quarantine/quarantine.js';
import { AccountResources } from './rest/account-resources.js';
import { Entities } from './rest/entities.js';
import { Streams } from './stream/streams.js';
import { PartitionWork } from './work/partition-work.js';
import { thisMachine, workerCount } from './work/worker-count.js';
import { WorkerPool } from './work/worker-pool.js';

/** What the app serves from, and the work that it does beside. */
export interface Backend {
  readonly scrape: Scrape;
  readonly figures: ProcessFigures;
  readonly resources: AccountResources;
  readonly streams: Streams;
  readonly quarantine: Quarantine;
  readonly readiness: Readiness;
  readonly processMetrics: ProcessMetrics;
  /** Null where no token is asked for. */
  readonly doors: Doors | null;
  readonly inForce: CatalogInForce;
  /** Watches the config folder, as long as it works. */
  readonly watch: ConfigWatch;
  /** Begins to work this replica's share of the partitions. */
  work(): void;
  /** Is not ready any more, and begins to give the partitions back. */
  leave(): void;
  /** Finishes the jobs under way, gives the partitions back and closes everything. */
  close(): Promise<void>;
}

/** Connects, checks and prepares everything. Rejects with {@link StartError} for what an operator can put right. */
export async function openBackend(settings: Settings, telemetry: Telemetry): Promise<Backend> {
  const { redisUrl } = settings;
  if (redisUrl === null) throw new StartError(['REDIS_URL is not set']);
  const tokens = settings.tokensFile === null ? null : TokenFile.open(settings.tokensFile, telemetry);
  const signature = await folderSignature(settings.configDir);
  const own = await loadOwnFiles(settings.configDir);
  if (!own.ok) throw new StartError(own.diagnostics);
  for (const warning of own.warnings) telemetry.log.warn(warning);
  const redis = await connectAtStart(redisUrl, telemetry);
  try {
    await requireDurability(redis, settings.durability, telemetry);
    const partitions = await settlePartitions(redis, settings.partitions);
    const clock = new RedisClock(redis);
    await clock.start();
    const by = `${hostname()} ${process.pid}`;
    const inForce = await CatalogInForce.open({ registry: new CatalogRegistry(redis), telemetry, by }, own);
    const { configDir } = settings;
    const watch = new ConfigWatch({ configDir, inForce, telemetry, now: () => clock.now() }, { ...own, signature });
    return await assemble({ settings, telemetry, redisUrl, redis, partitions, clock, inForce, watch, tokens });
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
  readonly redis: RedisClient;
  readonly partitions: number;
  readonly clock: RedisClock;
  readonly inForce: CatalogInForce;
  readonly tokens: TokenFile | null;
  readonly watch: ConfigWatch;
}

async function assemble(opened: Opened): Promise<Backend> {
  const { settings, telemetry, redis, partitions, clock, inForce, watch, tokens } = opened;
  const processMetrics = createProcessMetrics(telemetry.registry);
  const doors = await openDoors(tokens, redis);
  const durability = new DurabilityWatch(redis, telemetry);
  await durability.start();
  const quarantine = new QuarantineStore(redis);
  const reader = new RedisSeriesReader(redis, partitions);
  const entities = new Entities(new RedisEntityReader(redis, partitions));
  const resources = new AccountResources({ entities, reader, clock, inForce });
  const streams = new Streams({ ...settings, resources, clock, now: () => performance.now(), telemetry });
  const pool = poolFor(opened);
  const work = pool ?? new PartitionWork({ ...opened, metrics: processMetrics });
  const readiness = readinessOf(opened, durability, pool);
  return {
    scrape: new Scrape({ redis, reader, partitions, quarantine, clock, inForce, durability }),
    quarantine: quarantineOf(redis, quarantine),
    figures: new ProcessFigures(telemetry, pool),
    resources,
    streams,
    readiness,
    processMetrics,
    doors,
    inForce,
    watch,
    work: () => {
      work.start();
      watch.start();
      streams.start();
    },
    leave: () => {
      readiness.watch('closing', () => 'the process is about to end');
      watch.stop();
      streams.close();
      void work.close();
    },
    close: async () => {
      watch.stop();
      await work.close();
      inForce.stop();
      durability.stop();
      doors?.stop();
      clock.stop();
      redis.disconnect();
    },
  };
}

function quarantineOf(redis: RedisClient, store: QuarantineStore): Quarantine {
  return new Quarantine({ store, unknown: new UnknownTypesStore(redis), requests: new ReplayRequests(redis) });
}

/** Workers, where more than one process is to work partitions. */
function poolFor({ settings, telemetry, partitions }: Opened): WorkerPool | null {
  const count = workerCount(settings.metricsWorkers, partitions, thisMachine());
  if (count === 1) return null;
  telemetry.log.info({ workers: count }, 'partitions are worked by processes of their own (METRICS_WORKERS)');
  return new WorkerPool({ count, telemetry, now: () => performance.now() });
}

/** What must be well for this replica to serve. */
function readinessOf(
  { settings, redis, inForce }: Opened,
  durability: DurabilityWatch,
  pool: WorkerPool | null,
): Readiness {
  const readiness = new Readiness(settings.durability === 'reduced' ? ['durability'] : []);
  readiness.watch('redis', () => (isReady(redis) ? null : 'Redis cannot be reached'));
  readiness.watch('catalog', () => inForce.unusable);
  // Those that are left work all partitions: whoever asks for numbers need not be sent elsewhere.
  if (pool !== null)
    readiness.watch(
      'workers',
      () => pool.trouble,
      () => pool.works,
    );
  readiness.watch('durability', () => (durability.problems.length === 0 ? null : durability.problems.join('; ')));
  return readiness;
}
