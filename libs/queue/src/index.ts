/**
 * The way from ingestion to the engine: partitions, each one a BullMQ queue of batches that are added by group commit and
 * worked in order by one replica at a time. Knows nothing of what an item is: events, ticks and outages are `T` here.
 */
export type { Clock } from './clock.js';
export { RedisClock } from './clock.js';
export { ArchiveWorker, type ArchiveWorkerOptions, type Tenure } from './archive-worker.js';
export type { Batch, Processed } from './consumer.js';
export { appsAtWork, lastReadyAt } from './at-rest.js';
export { backlog, backlogOf, type Stamped } from './intake.js';
export { ARCHIVE } from './keys.js';
export { type Added, QueueUnavailable } from './lane.js';
export { DEFAULT_PARTITIONS, partitionOf } from './partition.js';
export { PartitionProducer, type ProducerOptions } from './producer.js';
export { IngestionReadiness, type Outage, type ReadinessOptions } from './readiness.js';
export { epochBesideQueue, SpooledNotes } from './spooled.js';
export { settlePartitions } from './start.js';
export { PartitionWorkers, type WorkersOptions, type WorkersTiming } from './workers.js';
