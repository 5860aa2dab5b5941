import { parseLayout } from '@app/engine';
import type { EntityRef } from '@app/event';
import type { Catalog, ValueType } from '@app/language';
import { settlePartitions } from '@app/queue';
import { type RedisClient, withConnection } from '@app/redis';
import { CatalogRegistry, type KeptEntity, RedisEntityReader, RedisSeriesReader } from '@app/state';
import type { Settings } from '@app/telemetry';
import { EXIT, Failure, messageOf } from '../failure.js';
import type { Explanation, Part } from './explanation.js';
import { ITSELF } from './story.js';
import type { Subject } from './subject.js';

/**
 * What a running system keeps of one entity: its state, its timers, and what it contributes to gauges now. Throws a
 * {@link Failure} when there is no such system, or it does not know the entity.
 */
export async function explainFromRedis(
  catalog: Catalog,
  subject: Subject,
  settings: Pick<Settings, 'redisUrl' | 'partitions'>,
): Promise<Explanation> {
  const { kind, id, accountId } = subject;
  const [only, ...more] = await readEntities(settings, subject);
  if (only === undefined) {
    const of = accountId === null ? '' : ` of account ${accountId}`;
    throw new Failure(`the running system does not know ${kind} ${id}${of}: it had no event, or is forgotten`);
  }
  if (more.length > 0) {
    const accounts = [only, ...more].map(({ entity }) => entity.accountId).sort();
    throw new Failure(`several accounts have ${kind} ${id}: ${accounts.join(', ')} — add --account`, EXIT.wrongUse);
  }
  const { entity, kept } = only;
  const layout = parseLayout(kept.layout);
  const { values, timers } = kept.record;
  return {
    entity,
    source: 'the running system',
    steps: null,
    recent: kept.record.recent,
    state: layout.fields.flatMap(([name, type], index) =>
      ITSELF.has(name) ? [] : [{ name, type: type as ValueType, value: values[index] ?? null }],
    ),
    timers: layout.timers.flatMap((name, index) => {
      const timer = timers[index];
      const isArmed = timer !== undefined && timer.at !== null && timer.at !== timer.firedFor;
      // The engine's own timers say nothing but when it looks again, save the one that forgets.
      if (!isArmed || (name.startsWith('~') && name !== '~forget')) return [];
      return [{ name: name === '~forget' ? 'forgotten' : name, at: timer.at ?? 0 }];
    }),
    parts: partsOf(catalog, subject, kept),
  };
}

/** An entity as the running system keeps it. */
interface Found {
  readonly entity: EntityRef;
  readonly kept: KeptEntity;
}

/** The entity of the account that was named, or of each account that has one of this id. */
async function readEntities(
  { redisUrl, partitions }: Pick<Settings, 'redisUrl' | 'partitions'>,
  subject: Subject,
): Promise<readonly Found[]> {
  if (redisUrl === null) {
    const remedy = 'set REDIS_URL to that of the running system, or name a file of events with --file';
    throw new Failure(`there is nothing to explain it from — ${remedy}`, EXIT.wrongUse);
  }
  try {
    return await withConnection(redisUrl, async (redis) => {
      if ((await new CatalogRegistry(redis).current()) === null) throw new Error('no metrics app has ever run with it');
      return entitiesOf(redis, await settlePartitions(redis, partitions), subject);
    });
  } catch (error) {
    throw new Failure(`the Redis of REDIS_URL cannot tell: ${messageOf(error)}`);
  }
}

async function entitiesOf(redis: RedisClient, partitions: number, { kind, id, accountId }: Subject): Promise<Found[]> {
  const accounts = accountId === null ? await new RedisSeriesReader(redis, partitions).accounts() : [accountId];
  const reader = new RedisEntityReader(redis, partitions);
  const found: Found[] = [];
  for (const account of accounts) {
    const entity = { kind, accountId: account, id };
    const kept = await reader.entity(entity);
    if (kept?.record.known === true) found.push({ entity, kept });
  }
  return found;
}

/** What the entity contributes now to the metrics concerned. */
function partsOf(catalog: Catalog, { concerned }: Subject, { record, layout }: KeptEntity): readonly Part[] {
  return parseLayout(layout).overs.flatMap(([seriesKey], index) => {
    const metric = seriesKey.slice(0, seriesKey.indexOf('@'));
    const contribution = record.contributions[index] ?? null;
    if (contribution === null || !concerned.has(metric)) return [];
    const isAge = catalog.metrics.find((each) => each.name === metric)?.kept.kind === 'age';
    const kind = contribution.accrued !== undefined ? 'accrues' : isAge ? 'holds-age' : 'holds';
    const labels = contribution.labels.slice(1);
    return [{ kind, metric, labels, count: 1, sum: isAge ? contribution.value : contribution.value / 1e6 } as const];
  });
}
