import { Job, type JobJson, type Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { partitionPrefix, QUEUE_NAME } from './keys.js';

/** Jobs are read until they come to so many bytes. */
const MAX_BYTES = 512 * 1024;

/**
 * Reads the jobs that wait first in a queue, without moving them. BullMQ takes the next one from the right end of the list.
 *
 * KEYS[1] the list of those that wait
 * ARGV[1] what job keys begin with, ARGV[2] the most jobs, ARGV[3] the most bytes
 * Returns for each its id, name, data, options and time, in the order in which they will come.
 */
const AHEAD_SCRIPT = `
local found = {}
local bytes = 0
local ids = redis.call('LRANGE', KEYS[1], -tonumber(ARGV[2]), -1)
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
  readonly partition: number;
  /** Who completes them: what one worker sends keeps its order. */
  readonly worker: Worker<T>;
  /** The most jobs. */
  readonly count: number;
}

/** The jobs that wait first in a partition's queue, in order. They stay where they are. */
export async function jobsAhead<T>(redis: Redis, { partition, worker, count }: AheadOptions<T>): Promise<Job<T>[]> {
  // Of a list, "the last none" would be all.
  if (count < 1) return [];
  const keys = `${partitionPrefix(partition)}:${QUEUE_NAME}:`;
  const limits = [String(count), String(MAX_BYTES)];
  const found = (await redis.eval(AHEAD_SCRIPT, 1, `${keys}wait`, keys, ...limits)) as readonly Found[];
  return found.map(([id, name, data, opts, timestamp]) => {
    // What BullMQ reads of a job that nobody has begun; the rest it fills in.
    const json = { id, name, data, opts: JSON.parse(opts) as JobJson['opts'], timestamp: Number(timestamp) };
    return Job.fromJSON<T>(worker, json as JobJson, id);
  });
}
