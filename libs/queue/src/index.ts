/**
 * The way from ingestion to the engine: partitions, each one a BullMQ queue of batches that are added by group commit and
 * worked in order by one replica at a time. Knows nothing of what an item is: events, ticks and outages are `T` here.
 */
export type { Clock } from './clock.js';
export { RedisClock } from './clock.js';
export { impatientConnection, patientConnection } from './connection.js';
export type { Batch, Processed } from './consumer.js';
export { backlog, type Stamped } from './intake.js';
export type { Added } from './lane.js';
export { DEFAULT_PARTITIONS, partitionOf } from './partition.js';
export { PartitionProducer, type ProducerOptions } from './producer.js';
export { IngestionReadiness, type Outage, type ReadinessOptions } from './readiness.js';
export { connectAtStart, settlePartitions } from './start.js';
export { PartitionWorkers, type WorkersOptions, type WorkersTiming } from './workers.js';
