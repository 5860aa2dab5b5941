import { backlog } from '@app/queue';
import { checkDurability, memoryUse } from '@app/state';
import { OCCURRENCES, type Settings, type Telemetry } from '@app/telemetry';
import { isReady, type RedisClient, replicasOf } from '@app/redis';
import type { FairPace } from './fair-pace.js';
import { HealthWatch } from './health-watch.js';
import type { Measures } from './measures.js';

/** A refusal has to begin within a second (ms). */
const LOAD = { everyMs: 400, againMs: 400 };

const DURABILITY = { everyMs: 60_000, againMs: 2_000 };

/** Above this part of `maxmemory` nothing more is taken. */
const MEMORY_MAX = 0.85;

/** What is looked at. */
export interface Watched {
  readonly redis: RedisClient;
  readonly partitions: number;
  readonly settings: Settings;
  readonly telemetry: Telemetry;
  readonly measures: Measures;
  readonly pace: FairPace;
}

/** Whether Redis has room. */
export function memoryWatch({ redis }: Watched): HealthWatch {
  return new HealthWatch(async () => {
    const { used, max } = await memoryUse(redis);
    if (max === null || used <= max * MEMORY_MAX) return null;
    return `Redis uses ${used} of ${max} bytes, more than ${MEMORY_MAX * 100} %`;
  }, LOAD);
}

/** Whether the queues are shorter than their limit. */
export function backlogWatch({ redis, partitions, settings, measures, pace }: Watched): HealthWatch {
  return new HealthWatch(async () => {
    const waiting = (await backlog(redis, partitions)).reduce((sum, items) => sum + items, 0);
    measures.backlog.set(waiting);
    pace.backlog = waiting;
    return waiting <= settings.maxBacklog ? null : `${waiting} events wait, more than ${settings.maxBacklog}`;
  }, LOAD);
}

/** Whether each master has as many replicas as must have what is acknowledged. */
export function replicasWatch({ redis, settings: { redisReplicas }, measures }: Watched): HealthWatch {
  return new HealthWatch(async () => {
    if (redisReplicas === 0) return null;
    const found = await replicasOf(redis);
    measures.replicas.set(found);
    return found >= redisReplicas ? null : `Redis has ${found} of ${redisReplicas} replicas`;
  }, LOAD);
}

/** Whether Redis keeps what it is given. */
export function durabilityWatch({ redis, telemetry, settings, measures }: Watched): HealthWatch {
  return new HealthWatch(async () => {
    if (!isReady(redis)) return 'unknown while Redis is away';
    const { ok, problems } = await checkDurability(redis);
    measures.durable.set(ok ? 1 : 0);
    if (ok) return null;
    // With reduced durability it was said once, at start.
    if (settings.durability === 'full') telemetry.report(OCCURRENCES.notDurable, {}, { problems });
    return problems.join('; ');
  }, DURABILITY);
}
