import { QuarantineStore, UnknownTypesStore } from '@app/state';
import { OCCURRENCES, type Settings, type Telemetry } from '@app/telemetry';
import type { RedisClient } from '@app/redis';
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

/** Where what is not queued is kept, within limits. All calls resolve when it is on disk, and reject when it may not be. */
export class Shelf {
  private readonly quarantined: QuarantineStore;
  private readonly unknown: UnknownTypesStore;

  constructor(
    redis: RedisClient,
    settings: Pick<Settings, 'quarantineMax' | 'quarantineMaxBytes' | 'unknownMax'>,
    private readonly telemetry: Telemetry,
  ) {
    this.quarantined = new QuarantineStore(redis, {
      maxEntries: settings.quarantineMax,
      maxBytes: settings.quarantineMaxBytes,
    });
    this.unknown = new UnknownTypesStore(redis, { maxTypes: UNKNOWN_TYPES_MAX, maxPerType: settings.unknownMax });
  }

  /** Sets events aside with the reason; of each, the store keeps the first 64 KiB and its length. */
  async quarantine({ source, accountId }: Origin, entries: readonly SetAside[]): Promise<void> {
    const dropped = await this.quarantined.put(entries.map((entry) => ({ ...entry, source, accountId })));
    if (dropped > 0) this.telemetry.report(OCCURRENCES.quarantineDropped, {}, {}, dropped);
  }

  /** Keeps events of types that are not known, for a version that knows them. */
  async keepUnknown({ source }: Origin, entries: readonly Unknown[]): Promise<void> {
    await this.unknown.put(entries.map((entry) => ({ ...entry, source })));
  }
}
