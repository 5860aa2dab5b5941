/** How many partitions there are; fixed at the first start. */
export const PARTITIONS_KEY = '{lm}:partitions';

/** Sorted set: replicas of the metrics app by their last heartbeat (ms, Redis's time). */
export const REPLICAS_KEY = '{lm}:replicas';

/** Hash: `last` is the newest heartbeat of any ingestion replica (ms, Redis's time), `r:<id>` that of each live one. */
export const INGESTION_KEY = '{lm}:ingestion';

/** The name of every partition's BullMQ queue; the partition stands in the prefix. */
export const QUEUE_NAME = 'events';

/** The queue of the archive, beside those of the partitions. */
export const ARCHIVE = 'archive';

/** Which queue: that of a partition, by its number, or the archive's. */
export type QueueId = number | typeof ARCHIVE;

/** The hash tag that keeps all keys of a partition in one slot; BullMQ's key prefix too. */
export function partitionPrefix(partition: QueueId): string {
  return `{lm:${partition}}`;
}

/** Whose the partition is: the replica's id, for as long as it renews it. */
export function leaseKey(partition: QueueId): string {
  return `${partitionPrefix(partition)}:lease`;
}

/** Who held the lease last. */
export function holderKey(partition: QueueId): string {
  return `${partitionPrefix(partition)}:holder`;
}

/** Hash of what went into the partition's queue and what came out (see `intake.ts`). */
export function intakeKey(partition: QueueId): string {
  return `${partitionPrefix(partition)}:intake`;
}

/** BullMQ's counter of job ids. */
export function jobCounterKey(partition: QueueId): string {
  return `${partitionPrefix(partition)}:${QUEUE_NAME}:id`;
}

/** The number of who works the archive's queue, or did last: it grows each time that somebody takes it over. */
export const ARCHIVE_TENURE_KEY = `${partitionPrefix(ARCHIVE)}:tenure`;

/** The greatest number that a job had when they began to count anew. */
export const ARCHIVE_BEFORE_KEY = `${partitionPrefix(ARCHIVE)}:before`;

/** When the archive's queue was begun (ms): its job numbers count from then on. */
export const ARCHIVE_EPOCH_KEY = `${partitionPrefix(ARCHIVE)}:epoch`;
