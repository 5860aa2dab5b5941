import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { type EncodedRow, weightOf } from '@app/archive';
import { ARCHIVE, backlogOf, PartitionProducer, SpooledNotes } from '@app/queue';
import { memoryUse } from '@app/state';
import { OCCURRENCES, type Settings, spoolFolder, StartError, type Telemetry } from '@app/telemetry';
import type { RedisClient } from '@app/redis';
import { HealthWatch } from '../health-watch.js';
import type { Measures } from '../measures.js';
import { Archive } from './archive.js';
import { maskIn } from './mask.js';
import { QueuedRows } from './row-sink.js';
import { Spool } from './spool.js';

/** Above this part of `maxmemory` nothing more is put there for the archive: the rest is for what metrics need. */
const MEMORY_MAX = 0.7;

const LOOK = { everyMs: 400, againMs: 400 };

/** A job of the archive's queue comes to about so many bytes at most. */
const JOB_BYTES = 1024 * 1024;

export interface ArchiveSurroundings {
  readonly redis: RedisClient;
  readonly redisUrl: string;
  readonly settings: Settings;
  readonly telemetry: Telemetry;
  readonly measures: Measures;
}

export interface OpenArchive {
  readonly archive: Archive;
  /** Begins to bring what waits on disk into the queue. */
  start(): void;
  close(): Promise<void>;
}

/** Prepares that all that is received is archived; null where it is not to be. Rejects with {@link StartError}. */
export async function openArchive(around: ArchiveSurroundings): Promise<OpenArchive | null> {
  const { redis, redisUrl, settings, telemetry, measures } = around;
  if (settings.archive === null) return null;
  const mask = maskIn(settings);
  const onError = (error: Error) => telemetry.report(OCCURRENCES.redisTrouble, { during: 'archive' }, { err: error });
  const watch = new HealthWatch(async () => {
    const waiting = await backlogOf(redis, ARCHIVE);
    measures.archiveWaiting.set(waiting);
    if (waiting > settings.archiveMaxWaiting) return `${waiting} events wait for the archive`;
    const { used, max } = await memoryUse(redis);
    return max !== null && used > max * MEMORY_MAX ? `Redis uses ${used} of ${max} bytes` : null;
  }, LOOK);
  const spool = await openSpool(settings, telemetry);
  const weight = { of: weightOf, most: JOB_BYTES };
  const producer = new PartitionProducer<EncodedRow>({
    redisUrl,
    partitions: 0,
    weight,
    replicas: settings.redisReplicas,
    onError,
  });
  const notes = new SpooledNotes(redis);
  const where = `${hostname()}:${resolve(spoolFolder(settings))}`;
  const note = (segments: () => readonly string[]) => notes.reconcile(where, segments);
  const sink = new QueuedRows({ producer, spool, note, isFull: () => watch.probe() !== null, telemetry });
  measures.watchSpool(() => spool.waiting);
  await watch.start();
  await producer.ready();
  return {
    archive: new Archive({ replica: randomUUID(), mask, sink }),
    start: () => sink.start(),
    close: async () => {
      watch.stop();
      await sink.stop();
      await producer.close();
    },
  };
}

async function openSpool(settings: Settings, telemetry: Telemetry): Promise<Spool> {
  const folder = spoolFolder(settings);
  const spool = new Spool(folder, (error) => telemetry.report(OCCURRENCES.spoolFailed, {}, { err: error, folder }));
  try {
    await spool.open();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError([`LIVEMETER_ARCHIVE_SPOOL=${folder} cannot be read: ${why}`]);
  }
  return spool;
}
