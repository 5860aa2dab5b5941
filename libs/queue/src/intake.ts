import type { RedisClient } from '@app/redis';
import { intakeKey, type QueueId } from './keys.js';
import { OPENING_WHEN_FULL } from './when-full.js';

/**
 * Runs in the same MULTI, directly after BullMQ's job was added. Raises the partition's floor to the greatest instant of
 * the batch, and writes the floor before it into the job as its name, so that the worker computes the same effective
 * instants as the producer. When the job was not added (its id did not move), it changes nothing and answers nil: floor
 * and queue never disagree. Sent as a text each time, so that it cannot be missing when the job is added.
 *
 * KEYS[1] intake hash, KEYS[2] BullMQ's counter of job ids
 * ARGV[1] the greatest instant of the batch (ms), ARGV[2] its number of items, ARGV[3] what job keys begin with
 * Returns the floor before (ms), or nil.
 */
export const FLOOR_SCRIPT = `
local id = redis.call('GET', KEYS[2])
local kept = redis.call('HMGET', KEYS[1], 'floor', 'job')
if not id or id == kept[2] then return false end
local before = tonumber(kept[1]) or 0
local after = math.max(before, tonumber(ARGV[1]))
redis.call('HSET', KEYS[1], 'floor', string.format('%.0f', after), 'job', id)
redis.call('HINCRBY', KEYS[1], 'added', ARGV[2])
redis.call('HSET', ARGV[3] .. id, 'name', string.format('%.0f', before))
return before`;

/**
 * Counts a job's items as done, once per job: ids only grow, and a redelivered job has the same id. When it is the newest
 * job, all that was ever added is done, whatever was missed before.
 *
 * KEYS[1] intake hash; ARGV[1] job id, ARGV[2] its number of items
 */
const DONE_SCRIPT = `${OPENING_WHEN_FULL}
local kept = redis.call('HMGET', KEYS[1], 'job', 'added', 'doneJob', 'done')
local id = tonumber(ARGV[1])
if id <= (tonumber(kept[3]) or 0) then return 0 end
local done = (tonumber(kept[4]) or 0) + tonumber(ARGV[2])
if id >= (tonumber(kept[1]) or 0) then done = tonumber(kept[2]) or done end
redis.call('HSET', KEYS[1], 'doneJob', ARGV[1], 'done', string.format('%.0f', done))
return 1`;

/** Something with an instant (ms, Redis's time). */
export interface Stamped<T> {
  readonly at: number;
  readonly data: T;
}

/** What stands in a job: instant and item, in queue order. */
export type JobData<T> = readonly (readonly [at: number, data: T])[];

/** Instants as they count: each at least the floor before the batch and every earlier instant of it. */
export function effectiveInstants(floor: number, instants: readonly number[]): number[] {
  let greatest = floor;
  return instants.map((at) => (greatest = Math.max(greatest, at)));
}

/** Counts the job's items as done; any number of times, before the job is completed. */
export async function countDone(
  redis: RedisClient,
  partition: QueueId,
  job: { id: string; items: number },
): Promise<void> {
  await redis.eval(DONE_SCRIPT, 1, intakeKey(partition), job.id, String(job.items));
}

/** Items in each partition's queue that are not done yet, by partition. */
export async function backlog(redis: RedisClient, partitions: number): Promise<number[]> {
  return Promise.all(Array.from({ length: partitions }, (_, partition) => backlogOf(redis, partition)));
}

/** Items in one queue that are not done yet. */
export async function backlogOf(redis: RedisClient, queue: QueueId): Promise<number> {
  const [added, done] = await redis.hmget(intakeKey(queue), 'added', 'done');
  return Math.max(0, Number(added ?? 0) - Number(done ?? 0));
}
