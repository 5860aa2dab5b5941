import { collectSamples, type Family, livemeterFamilies } from '@app/exposition';
import type { SeriesReader } from '@app/engine';
import { backlog, type Clock } from '@app/queue';
import type { QuarantineStore } from '@app/state';
import type { RedisClient } from '@app/redis';
import { type CatalogInForce, CatalogUnusable } from '../catalog/catalog-in-force.js';
import type { DurabilityWatch } from '../health/durability-watch.js';
import { ProblemError, problemOf } from '../http/problem.js';

/** Where a scrape reads. The connection fails at once while Redis is away: whoever scrapes hears so. */
export interface ScrapeSources {
  readonly redis: RedisClient;
  readonly reader: SeriesReader;
  readonly partitions: number;
  readonly quarantine: QuarantineStore;
  readonly clock: Clock;
  readonly inForce: CatalogInForce;
  readonly durability: DurabilityWatch;
}

/** What every replica answers alike: the metrics of the catalog, and what commits have written of the system itself. */
export class Scrape {
  constructor(private readonly sources: ScrapeSources) {}

  /** All families as of now. Throws a 503 while the catalog in force cannot be used by this replica. */
  async *families(): AsyncGenerator<Family> {
    const { reader, redis, partitions, quarantine, clock, inForce, durability } = this.sources;
    const { catalog, version, at } = await inForce.now().catch((error: unknown) => {
      throw error instanceof CatalogUnusable ? new ProblemError(problemOf(503, { detail: error.message })) : error;
    });
    yield* collectSamples(catalog, reader, clock.now());
    const [stats, queues, use] = await Promise.all([reader.stats(), backlog(redis, partitions), quarantine.use()]);
    yield* livemeterFamilies({
      stats,
      quarantine: use,
      backlogEvents: queues.reduce((total, waiting) => total + waiting, 0),
      durable: durability.problems.length === 0,
      catalog: { fingerprint: catalog.fingerprint, version, changedMs: at },
    });
  }
}
