import { randomUUID } from 'node:crypto';
import { type EncodedRow, openPlace } from '@app/archive';
import { ArchiveWorker, RedisClock } from '@app/queue';
import { connectAtStart, isReady } from '@app/redis';
import { type Settings, StartError, type Telemetry } from '@app/telemetry';
import { Archiving } from './archiving.js';
import { Measures } from './measures.js';

/** A file is written when so many events wait, or so many bytes, however long the first has waited. */
const ENOUGH = { items: 8_000, maxBytes: 4 * 1024 * 1024 };

/** The most jobs that become a file together. */
const JOBS_MAX = 8_000;

/** What the app does, beside answering who asks after it. */
export interface Backend {
  /** What is missing, by name; empty when all is well. */
  readonly missing: Readonly<Record<string, string>>;
  start(): void;
  /** Stores what is gathered, gives the queue back and closes everything. */
  close(): Promise<void>;
}

/** Connects and prepares everything. Rejects with {@link StartError} for what an operator can put right. */
export async function openBackend(settings: Settings, telemetry: Telemetry): Promise<Backend> {
  const { redisUrl, archive, archiveEndpoint, archiveFlushMs } = settings;
  if (redisUrl === null)
    throw new StartError(['REDIS_URL is not set — name a Redis, or let `livemeter start` run its own']);
  if (archive === null) {
    throw new StartError([
      'LIVEMETER_ARCHIVE is not set, or off — name a folder or s3://bucket/prefix, for ingestion, too',
    ]);
  }
  const place = await openPlace(archive, archiveEndpoint);
  const redis = await connectAtStart(redisUrl, telemetry);
  const clock = new RedisClock(redis);
  await clock.start();
  const measures = new Measures(telemetry.registry);
  const archiving = await Archiving.open({ place, settings, clock, measures, telemetry });
  const worker = new ArchiveWorker<EncodedRow>({
    redisUrl,
    replicaId: randomUUID(),
    telemetry,
    maxTogether: JOBS_MAX,
    gather: { ms: archiveFlushMs, ...ENOUGH },
    process: (tenure, batches) => archiving.process(tenure, batches),
    onTrouble: (error) => archiving.failed('write', error),
  });
  return {
    get missing() {
      return {
        ...(isReady(redis) ? {} : { redis: 'Redis cannot be reached' }),
        ...(archiving.trouble === null ? {} : { archive: archiving.trouble }),
      };
    },
    start: () => {
      worker.start();
      archiving.start();
    },
    close: async () => {
      const atRest = archiving.stop();
      await worker.close();
      await atRest;
      clock.stop();
      redis.disconnect();
    },
  };
}
