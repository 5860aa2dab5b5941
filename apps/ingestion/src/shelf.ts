import { QuarantineStore, UnknownTypesStore } from '@app/state';
import { OCCURRENCES, type Settings, type Telemetry } from '@app/telemetry';
import { type RedisClient, Replicas } from '@app/redis';
import type { SetAside, Unknown } from './delivery.js';

/** From where something came that is not queued. */
export interface Origin {
  readonly source: string;
  /** The account that the request's header names; null where it names none. */
  readonly accountId: string | null;
  /** Redis's time (ms). */
  readonly receivedAt: number;
}

/** The most types that are kept apart; further ones share a list. */
const UNKNOWN_TYPES_MAX = 50;

/** Both stores are in its slot. */
const SLOT = '{lm}';

/** Where what is not queued is kept, within limits. All calls resolve when it is stored as safely as what is queued, and reject when it may not be. */
export class Shelf {
  private readonly replicas: Replicas;
  private readonly quarantined: QuarantineStore;
  private readonly unknown: UnknownTypesStore;

  constructor(
    redis: RedisClient,
    settings: Pick<Settings, 'quarantineMax' | 'quarantineMaxBytes' | 'unknownMax' | 'redisReplicas'>,
    private readonly telemetry: Telemetry,
  ) {
    this.replicas = new Replicas(redis, { count: settings.redisReplicas });
    this.quarantined = new QuarantineStore(redis, {
      maxEntries: settings.quarantineMax,
      maxBytes: settings.quarantineMaxBytes,
    });
    this.unknown = new UnknownTypesStore(redis, { maxTypes: UNKNOWN_TYPES_MAX, maxPerType: settings.unknownMax });
  }

  /** Sets events aside with the reason; of each, the store keeps the first 64 KiB and its length. */
  async quarantine({ source, accountId }: Origin, entries: readonly SetAside[]): Promise<void> {
    const kept = entries.map((entry) => ({ ...entry, source, accountId }));
    const dropped = await this.replicas.keep(SLOT, () => this.quarantined.put(kept));
    if (dropped > 0) this.telemetry.report(OCCURRENCES.quarantineDropped, {}, {}, dropped);
  }

  /** Keeps events of types that are not known, for a version that knows them. */
  async keepUnknown({ source }: Origin, entries: readonly Unknown[]): Promise<void> {
    const kept = entries.map((entry) => ({ ...entry, source }));
    await this.replicas.keep(SLOT, () => this.unknown.put(kept));
  }
}
