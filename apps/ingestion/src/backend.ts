import { randomUUID } from 'node:crypto';
import type { Item } from '@app/engine';
import { IngestionReadiness, PartitionProducer, RedisClock, settlePartitions } from '@app/queue';
import { connectAtStart, isReady } from '@app/redis';
import { QuarantineStore, ReplayRequests, requireDurability } from '@app/state';
import { OCCURRENCES, type Settings, StartError, type Telemetry } from '@app/telemetry';
import { FairPace } from './fair-pace.js';
import type { Gate } from './gate.js';
import { openArchive } from './archive/open-archive.js';
import { Intake } from './intake.js';
import type { Measures } from './measures.js';
import { LineFile } from './record/line-file.js';
import { EventRecord } from './record/record.js';
import { ReplayDesk } from './quarantine/replay-desk.js';
import { Replayer } from './quarantine/replayer.js';
import { Shelf } from './shelf.js';
import type { Source } from './sources/sources.js';
import { backlogWatch, durabilityWatch, memoryWatch, replicasWatch, type Watched } from './watches.js';
import type { WebhookParts } from './webhook.js';

/** What the backend is built from. */
export interface BackendParts {
  readonly settings: Settings;
  readonly telemetry: Telemetry;
  readonly gate: Gate;
  readonly measures: Measures;
  readonly sources: Pick<ReadonlyMap<string, Source>, 'get'>;
}

/** Redis, and all that ingestion does there; and the record. */
export interface Backend {
  readonly route: Pick<WebhookParts, 'clock' | 'intake' | 'recording' | 'pace'>;
  /** Tells the others that this replica is ready, after it has declared the time in which none was. */
  announce(): Promise<void>;
  /** Closes everything; requests must have ended. */
  close(): Promise<void>;
}

/** Connects, checks and prepares everything. Rejects with {@link StartError} for what an operator can put right. */
export async function openBackend(parts: BackendParts): Promise<Backend> {
  const { settings, telemetry } = parts;
  if (settings.redisUrl === null) {
    throw new StartError(['REDIS_URL is not set — name a Redis, or let `livemeter start` run its own']);
  }
  const file = await openRecord(settings, telemetry);
  const redis = await connectAtStart(settings.redisUrl, telemetry);
  try {
    await requireDurability(redis, settings.durability, telemetry);
    const partitions = await settlePartitions(redis, settings.partitions);
    const pace = new FairPace();
    return await assemble({ ...parts, redis, redisUrl: settings.redisUrl, partitions, file, pace });
  } catch (error) {
    redis.disconnect();
    await file?.close();
    throw error;
  }
}

interface Opened extends BackendParts, Watched {
  readonly redisUrl: string;
  readonly file: LineFile | null;
}

async function assemble(opened: Opened): Promise<Backend> {
  const { redis, redisUrl, settings, telemetry, partitions, file } = opened;
  const onError = (error: Error) => telemetry.report(OCCURRENCES.redisTrouble, { during: 'add' }, { err: error });
  const clock = new RedisClock(redis);
  await clock.start();
  const replicas = settings.redisReplicas;
  const producer = new PartitionProducer<Item>({ redisUrl, partitions, replicas, onError });
  const record = file === null ? null : new EventRecord(file);
  const kept = await openArchive(opened);
  const archive = kept?.archive ?? null;
  const recording = record !== null || archive !== null;
  const intake = new Intake({ producer, partitions, shelf: new Shelf(redis, settings, telemetry), record, archive });
  const readiness = new IngestionReadiness({
    redis,
    replicaId: randomUUID(),
    onOutage: (outage) => intake.declare(outage),
    able: () => opened.gate.isClear('memory', 'backlog', 'replicas', 'record'),
    telemetry,
  });
  const desk = openDesk(opened, { clock, intake, recording });
  const stopWatches = await watch(opened, { producer, readiness });
  await producer.ready();
  return {
    route: { clock, intake, recording, pace: opened.pace },
    announce: async () => {
      await readiness.start();
      desk.start();
      kept?.start();
    },
    close: async () => {
      await desk.stop();
      stopWatches();
      await readiness.stop();
      clock.stop();
      await producer.close();
      await kept?.close();
      redis.disconnect();
      await file?.close();
    },
  };
}

function openDesk(
  { redis, sources, gate, telemetry, settings: { personalData } }: Opened,
  taking: Pick<WebhookParts, 'clock' | 'intake' | 'recording'>,
): ReplayDesk {
  const replayer = new Replayer({ store: new QuarantineStore(redis), sources, personalData, ...taking });
  return new ReplayDesk({ requests: new ReplayRequests(redis), replayer, gate, telemetry });
}

/** Lets the gate know of everything that may stand in the way. Returns what ends that. */
async function watch(
  opened: Opened,
  { producer, readiness }: { producer: PartitionProducer<Item>; readiness: IngestionReadiness },
): Promise<() => void> {
  const { gate, redis, file, measures } = opened;
  const [memory, waiting, durability] = [memoryWatch(opened), backlogWatch(opened), durabilityWatch(opened)];
  const replicas = replicasWatch(opened);
  gate.watch('redis', () => (isReady(redis) && producer.connected ? null : 'Redis cannot be reached'));
  gate.watch('outage', () => (readiness.ready ? null : 'the last heartbeat is too old; an outage may have to be told'));
  gate.watch('memory', memory.probe);
  gate.watch('backlog', waiting.probe);
  gate.watch('replicas', replicas.probe);
  gate.watch('record', () => (file?.failing === true ? 'the record cannot be written' : null));
  gate.watch('durability', durability.probe);
  measures.watchReady(() => gate.refusing === null);
  const watches = [memory, waiting, replicas, durability];
  await Promise.all(watches.map((one) => one.start()));
  return () => watches.forEach((one) => one.stop());
}

async function openRecord({ recordFile }: Settings, telemetry: Telemetry): Promise<LineFile | null> {
  if (recordFile === null) return null;
  try {
    return await LineFile.open(recordFile, (error) =>
      telemetry.report(OCCURRENCES.recordFailed, {}, { err: error, file: recordFile }),
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError([`LIVEMETER_RECORD=${recordFile} cannot be opened: ${why}`]);
  }
}
