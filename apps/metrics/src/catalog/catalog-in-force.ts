import type { Catalog } from '@app/language';
import type { CatalogInForce as Registered, CatalogRegistry } from '@app/state';
import { OCCURRENCES, StartError, type Telemetry } from '@app/telemetry';
import { type CompiledFiles, compileProposed } from './own-files.js';

/** How often the catalog in force is looked at while no batch comes (ms). */
const LOOK_EVERY_MS = 1_000;

/** A catalog for the time that it is in force. */
export interface CatalogTerm extends Registered {
  readonly catalog: Catalog;
}

/** The catalog in force cannot be compiled by this version: nothing can be applied or shown until there is another. */
export class CatalogUnusable extends Error {
  override readonly name = 'CatalogUnusable';
}

export interface CatalogInForceOptions {
  readonly registry: Pick<CatalogRegistry, 'propose' | 'version' | 'current'>;
  readonly telemetry: Telemetry;
  /** Who proposes, for people. */
  readonly by: string;
}

/** What changes: `usable` is false when the catalog that has come into force cannot be compiled here. */
type Listener = (usable: boolean) => void;

/**
 * The catalog in force, as this replica follows it. The last proposal wins, whichever replica made it: all work with it,
 * compiled from the files that came along, and none applies or shows anything with another.
 */
export class CatalogInForce {
  /** Why the catalog in force cannot be used here, or null. */
  unusable: string | null = null;
  /** The version that was looked at last, usable or not. */
  private seen = 0;
  private fetching: Promise<CatalogTerm> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly listeners: Listener[] = [];

  private constructor(
    private readonly options: CatalogInForceOptions,
    /** Null for one that proposes nothing. */
    private own: CompiledFiles | null,
    private current: CatalogTerm | null,
  ) {}

  /** Proposes this replica's files, which puts them in force, and follows what comes. Rejects as Redis does. */
  static async open(options: CatalogInForceOptions, own: CompiledFiles): Promise<CatalogInForce> {
    const inForce = new CatalogInForce(options, own, null);
    await inForce.propose(own).catch((error: unknown) => {
      throw error instanceof CatalogUnusable ? new StartError([error.message]) : error;
    });
    inForce.follow();
    return inForce;
  }

  /**
   * Follows what others put in force, and proposes nothing itself. What cannot be used now may be followed by what can.
   * Rejects as Redis does.
   */
  static async following(options: CatalogInForceOptions): Promise<CatalogInForce> {
    const inForce = new CatalogInForce(options, null, null);
    await inForce.now().catch((error: unknown) => {
      if (!(error instanceof CatalogUnusable)) throw error;
    });
    inForce.follow();
    return inForce;
  }

  /** The newest term that is known here, usable or followed by one that is not. */
  get term(): CatalogTerm {
    if (this.current === null) throw new CatalogUnusable('no catalog is in force');
    return this.current;
  }

  /** Asks Redis for the term of now. Throws {@link CatalogUnusable}; rejects as Redis does. */
  async now(): Promise<CatalogTerm> {
    const version = await this.options.registry.version();
    const { current } = this;
    if (current?.version === version) return current;
    if (this.unusable !== null && version === this.seen) throw new CatalogUnusable(this.unusable);
    this.fetching ??= this.fetch().finally(() => (this.fetching = null));
    return this.fetching;
  }

  /** Puts a catalog in force. Rejects as Redis does: then it is not known whether it is. */
  async propose(own: CompiledFiles): Promise<CatalogTerm> {
    await this.register(own);
    this.own = own;
    return this.now();
  }

  /** Calls the listener whenever another catalog has come into force. */
  onChange(listener: Listener): void {
    this.listeners.push(listener);
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private async register({ catalog, files }: Pick<CompiledFiles, 'catalog' | 'files'>): Promise<void> {
    const { registry, by, telemetry } = this.options;
    const { fingerprint } = catalog;
    const metrics = catalog.metrics.filter(({ kept }) => kept.kind !== 'formula').map(({ seriesKey }) => seriesKey);
    const { version, changed } = await registry.propose({ fingerprint, by, files, metrics });
    if (changed) telemetry.report(OCCURRENCES.catalogChanged, {}, { fingerprint, version, proposedBy: by });
  }

  private async fetch(): Promise<CatalogTerm> {
    const { registry } = this.options;
    let found = await registry.current();
    if (found === null && this.own !== null) {
      // Redis has lost it: what was in force here goes on.
      await this.register(this.current ?? this.own);
      found = await registry.current();
    }
    if (found === null) throw new CatalogUnusable('Redis does not keep the catalog in force');
    const catalog = this.compile(found);
    const isFirst = this.seen === 0;
    this.seen = found.version;
    if (catalog === null) {
      for (const listener of this.listeners) listener(false);
      throw new CatalogUnusable(this.unusable ?? '');
    }
    this.unusable = null;
    this.current = { ...found, catalog };
    if (isFirst) return this.current;
    const { fingerprint, version, proposedBy } = found;
    this.options.telemetry.log.info(
      { fingerprint, version, proposedBy },
      'this replica works with the catalog in force',
    );
    for (const listener of this.listeners) listener(true);
    return this.current;
  }

  /** The catalog of the registered files; null, and why, when they cannot be compiled to what was proposed. */
  private compile({ fingerprint, version, proposedBy, files }: Registered): Catalog | null {
    if (this.own?.catalog.fingerprint === fingerprint) return this.own.catalog;
    const result = compileProposed(files);
    if (result.ok && result.catalog.fingerprint === fingerprint) return result.catalog;
    const details = result.ok ? ['it is compiled to something else than it was there'] : result.diagnostics;
    this.unusable = `the catalog in force (version ${version}, proposed by ${proposedBy}) cannot be used by this version of Livemeter`;
    this.options.telemetry.log.error(
      { fingerprint, version, proposedBy, diagnostics: details.slice(0, 20) },
      this.unusable,
    );
    return null;
  }

  private follow(): void {
    this.timer = setTimeout(() => {
      // Without an answer nothing can be applied either; it is asked again.
      void this.now()
        .catch(() => null)
        .then(() => {
          if (this.timer !== null) this.follow();
        });
    }, LOOK_EVERY_MS).unref();
  }
}
