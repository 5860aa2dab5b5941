import { ARCHIVE, appsAtWork, backlogOf } from '@app/queue';
import type { RedisClient } from '@app/redis';
import { EXIT, Failure } from '../failure.js';

/** Throws a {@link Failure} while one of these apps runs, or something waits in Redis for the archive. */
export async function refuseUnlessAtRest(
  redis: RedisClient,
  apps: readonly ('ingestion' | 'metrics')[],
): Promise<void> {
  const running = (await appsAtWork(redis)).filter((app) => apps.includes(app));
  if (running.length > 0) {
    throw new Failure(`${running.join(' and ')} ran within the last 5 s — stop all replicas first`, EXIT.wrongUse);
  }
  const waiting = await backlogOf(redis, ARCHIVE);
  if (waiting > 0) {
    const remedy = 'let `livemeter start archive` write them first';
    throw new Failure(`${waiting} events wait in Redis for the archive — ${remedy}`, EXIT.wrongUse);
  }
}
