import type { EventItem, Item } from '@app/engine';
import { DEFAULT_PARTITIONS } from '@app/queue';
import type { Redis } from 'ioredis';

/** Takes the events out of the queues where nobody works them off; those of a partition in its order. */
export async function takeQueued(redis: Redis): Promise<EventItem[]> {
  const queues = Array.from({ length: DEFAULT_PARTITIONS }, (_, partition) => `{lm:${partition}}:events`);
  const waiting = await Promise.all(queues.map((queue) => redis.lrange(`${queue}:wait`, 0, -1)));
  const jobs = queues.flatMap((queue, index) => waiting[index]?.toReversed().map((id) => `${queue}:${id}`) ?? []);
  const texts = await Promise.all(jobs.map((job) => redis.hget(job, 'data')));
  if (jobs.length > 0) await redis.del(...jobs, ...queues.map((queue) => `${queue}:wait`));
  const items = texts.flatMap((text) => JSON.parse(text ?? '[]') as [at: number, item: Item][]);
  return items.flatMap(([, item]) => (item.kind === 'event' ? [item] : []));
}
