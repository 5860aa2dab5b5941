import { bundleText, compileFolder } from '@app/config';
import { formatEventItem, type Poison, Replay } from '@app/engine';
import { lastReadyAt, partitionOf, settlePartitions, SpooledNotes } from '@app/queue';
import { CatalogRegistry, clearState, ENGINE_FAILURE, hasState, QuarantineStore, RedisStateStore } from '@app/state';
import type { Settings } from '@app/telemetry';
import type { RedisClient } from '@app/redis';
import { refuseUnlessAtRest } from '../archive/at-rest.js';
import { archiveInput } from '../archive/input.js';
import { refuseWithoutIdentity } from '../archive/masked.js';
import { folderOf } from '../catalog/folder.js';
import { usable } from '../catalog/load.js';
import { EXIT, type ExitCode, Failure } from '../failure.js';
import { withRedis } from '../quarantine/redis.js';
import { merged } from '../replay/merge.js';
import { ReadMeter } from '../replay/meter.js';
import { Feed } from '../replay/replay.js';
import type { Terminal } from '../terminal.js';

export interface RebuildAsked {
  readonly archive: string | undefined;
  readonly configDir: string;
  readonly replace: boolean;
  /** Although events wait on disks that are not in the archive. */
  readonly withoutSpools: boolean;
}

/** Computes state and series in Redis anew from the archive. Throws a {@link Failure} when that must not be now. */
export function rebuild(asked: RebuildAsked, settings: Settings, terminal: Terminal): Promise<ExitCode> {
  refuseWithoutIdentity(settings);
  return withRedis(settings, async (redis) => {
    const partitions = await settlePartitions(redis, settings.partitions);
    await refuseUnlessAtRest(redis, ['ingestion', 'metrics']);
    if (!asked.withoutSpools) await refuseWhileSpooled(redis);
    const meter = new ReadMeter();
    const input = await archiveInput(asked.archive, {}, { settings, meter, terminal });
    if (asked.replace) await clearState(redis, partitions);
    else if (await hasState(redis, partitions)) {
      throw new Failure('this Redis holds state already — use an empty one, or --replace it', EXIT.wrongUse);
    }
    const engine = await engineOn(redis, partitions, { settings, configDir: asked.configDir });
    const feed = new Feed(engine, terminal, meter);
    let last = 0;
    for await (const placed of merged([input], settings.personalData)) {
      const { entry } = placed;
      if (entry.kind === 'event') last = Math.max(last, entry.event.receivedAt);
      await feed.take(placed);
    }
    // Until then ingestion was there: what was due had its time.
    await engine.at(last);
    if ((await engine.flushed()) === 'conflict')
      throw new Failure('somebody else wrote to this Redis meanwhile: begin anew');
    await lastReadyAt(redis, last);
    await setAside(redis, engine.poison);
    feed.conclude();
    terminal.err(`${feed.events} events, the last received at ${new Date(last).toISOString()}; now start the apps`);
    return feed.problems === 0 ? EXIT.good : EXIT.problems;
  });
}

/** What waits on disks is not in the archive, and so would not be in the numbers. */
async function refuseWhileSpooled(redis: RedisClient): Promise<void> {
  const places = [...(await new SpooledNotes(redis).waiting())].map(([where, files]) => `${where} (${files} files)`);
  if (places.length === 0) return;
  const remedy = 'call `livemeter unspool FOLDER` on each of these hosts, or do --without-spools where a disk is lost';
  throw new Failure(`events wait for the archive on disk, in ${places.join(', ')} — ${remedy}`, EXIT.wrongUse);
}

/** An engine whose state is in Redis, under the definitions of the folder, which come into force. */
async function engineOn(
  redis: RedisClient,
  partitions: number,
  { settings, configDir }: { readonly settings: Settings; readonly configDir: string },
): Promise<Replay> {
  const folder = await folderOf(configDir);
  const { catalog } = usable(compileFolder(folder, null));
  const { fingerprint } = catalog;
  const metrics = catalog.metrics.filter(({ kept }) => kept.kind !== 'formula').map(({ seriesKey }) => seriesKey);
  const registry = new CatalogRegistry(redis);
  await registry.propose({ fingerprint, by: 'livemeter rebuild', files: bundleText(folder), metrics });
  const inForce = await registry.current();
  if (inForce === null) throw new Failure('Redis does not keep the catalog');
  return new Replay({
    catalog,
    holdMs: settings.holdMs,
    partitions,
    partitionOf,
    state: { storeOf: (partition) => new RedisStateStore(redis, { partition }), term: inForce },
  });
}

/** What the engine could not apply is set aside as in a running system. */
async function setAside(redis: RedisClient, poison: readonly Poison[]): Promise<void> {
  const entries = poison.flatMap(({ item, reason }) =>
    item.kind === 'event'
      ? [
          {
            source: 'rebuild',
            accountId: item.event.accountId,
            reason: ENGINE_FAILURE,
            detail: reason,
            raw: Buffer.from(formatEventItem(item)),
          },
        ]
      : [],
  );
  if (entries.length > 0) await new QuarantineStore(redis).put(entries);
}
