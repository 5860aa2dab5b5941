import { Job, type JobJson, type Worker } from 'bullmq';
import type { RedisClient } from '@app/redis';
import { partitionPrefix, QUEUE_NAME, type QueueId } from './keys.js';

/** Jobs are read until they come to so many bytes, unless told otherwise. */
const MAX_BYTES = 512 * 1024;

/** So many are read at once, lest Redis be busy with it for long. */
const SLICE = 500;

/**
 * Reads the jobs that wait first in a queue, without moving them. BullMQ takes the next one from the right end of the list.
 *
 * KEYS[1] the list of those that wait
 * ARGV[1] what job keys begin with, ARGV[2] the most jobs, ARGV[3] the most bytes, ARGV[4] how many to pass over
 * Returns for each its id, name, data, options and time, in the order in which they will come.
 */
const AHEAD_SCRIPT = `
local found = {}
local bytes = 0
local ids = redis.call('LRANGE', KEYS[1], -tonumber(ARGV[2]) - tonumber(ARGV[4]), -1 - tonumber(ARGV[4]))
for i = #ids, 1, -1 do
  local job = redis.call('HMGET', ARGV[1] .. ids[i], 'name', 'data', 'opts', 'timestamp')
  if not job[2] then break end
  bytes = bytes + #job[2]
  if bytes > tonumber(ARGV[3]) then break end
  found[#found + 1] = { ids[i], job[1], job[2], job[3], job[4] }
end
return found`;

type Found = readonly [id: string, name: string, data: string, opts: string, timestamp: string];

export interface AheadOptions<T> {
  readonly partition: QueueId;
  /** Who completes them: what one worker sends keeps its order. */
  readonly worker: Worker<T>;
  /** The most jobs. */
  readonly count: number;
  /** The most bytes of their data. */
  readonly maxBytes?: number;
}

/** The jobs that wait first in a partition's queue, in order. They stay where they are. */
export async function jobsAhead<T>(redis: RedisClient, options: AheadOptions<T>): Promise<Job<T>[]> {
  const { partition, worker, count, maxBytes = MAX_BYTES } = options;
  const keys = `${partitionPrefix(partition)}:${QUEUE_NAME}:`;
  const found: Found[] = [];
  let bytes = 0;
  while (found.length < count) {
    const wanted = Math.min(SLICE, count - found.length);
    const limits = [String(wanted), String(maxBytes - bytes), String(found.length)];
    const slice = (await redis.eval(AHEAD_SCRIPT, 1, `${keys}wait`, keys, ...limits)) as readonly Found[];
    found.push(...slice);
    bytes += slice.reduce((sum, [, , data]) => sum + Buffer.byteLength(data), 0);
    if (slice.length < wanted) break;
  }
  return found.map(([id, name, data, opts, timestamp]) => {
    // What BullMQ reads of a job that nobody has begun; the rest it fills in.
    const json = { id, name, data, opts: JSON.parse(opts) as JobJson['opts'], timestamp: Number(timestamp) };
    return Job.fromJSON<T>(worker, json as JobJson, id);
  });
}
