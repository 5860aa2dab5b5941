import { hostname } from 'node:os';
import { createProcessMetrics } from '@app/exposition';
import { RedisClock, settlePartitions } from '@app/queue';
import { connectAtStart, isReady } from '@app/redis';
import { CatalogRegistry } from '@app/state';
import { createLogger, readSettings, type Settings, StartError, Telemetry } from '@app/telemetry';
import { CatalogInForce } from './catalog/catalog-in-force.js';
import { PartitionWork } from './work/partition-work.js';
import type { FromWorker } from './work/worker-messages.js';

/** How often it tells that it lives (ms). */
const TELL_EVERY_MS = 1_000;

/** After so long it ends, whatever is left to do (ms). */
const END_WITHIN_MS = 7_000;

interface Worker {
  close(): Promise<void>;
}

/** Works partitions for the metrics app that started this process, until told to stop, or until that one is gone. */
async function main(): Promise<number> {
  if (process.send === undefined) throw new StartError(['it is started by the metrics app, not by itself']);
  const read = readSettings(process.env);
  if (!read.ok) throw new StartError(read.errors);
  const asked = new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('disconnect', () => resolve());
    // The one that serves was killed while this one loaded: that event has been.
    if (!process.connected) resolve();
  });
  void asked.then(() => setTimeout(() => process.exit(1), END_WITHIN_MS).unref());
  // A terminal sends them to all its processes; the one that serves says what comes of it.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  const worker = await Promise.race([open(read.settings, process.argv[2] ?? ''), asked.then(() => null)]);
  if (worker === null) return 0;
  await asked;
  await worker.close();
  return 0;
}

async function open(settings: Settings, number: string): Promise<Worker> {
  const { redisUrl } = settings;
  if (redisUrl === null) throw new StartError(['REDIS_URL is not set']);
  const log = createLogger('metrics', settings.logLevel).child({ worker: number });
  const telemetry = new Telemetry(log).withProcessMetrics();
  const redis = await connectAtStart(redisUrl, telemetry);
  const partitions = await settlePartitions(redis, settings.partitions);
  const clock = new RedisClock(redis);
  await clock.start();
  const by = `${hostname()} ${process.pid}`;
  const inForce = await CatalogInForce.following({ registry: new CatalogRegistry(redis), telemetry, by });
  const metrics = createProcessMetrics(telemetry.registry);
  const work = new PartitionWork({ settings, telemetry, redisUrl, partitions, clock, inForce, metrics });
  work.start();
  process.on('message', () => {
    void telemetry.registry.getMetricsAsJSON().then((figures) => tell({ kind: 'figures', figures }));
  });
  const tellState = (): void =>
    tell({ kind: 'state', lacks: isReady(redis) ? inForce.unusable : 'Redis cannot be reached' });
  tellState();
  const telling = setInterval(tellState, TELL_EVERY_MS);
  return {
    close: async () => {
      clearInterval(telling);
      await work.close();
      inForce.stop();
      clock.stop();
      redis.disconnect();
    },
  };
}

/** A channel that is gone is told of by its end. */
function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

try {
  process.exit(await main());
} catch (error) {
  const lines = error instanceof StartError ? error.lines : [error instanceof Error ? error.stack : String(error)];
  process.stderr.write(`a worker of the metrics app cannot start:\n${lines.map((line) => `  ${line}`).join('\n')}\n`);
  process.exit(1);
}
