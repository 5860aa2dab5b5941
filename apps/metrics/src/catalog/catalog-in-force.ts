import { readConfigFolder } from '@app/config';
import { type Catalog, compileCatalog, formatDiagnostic } from '@app/language';
import type { CatalogInForce as Registered, CatalogRegistry } from '@app/state';
import { OCCURRENCES, StartError, type Telemetry } from '@app/telemetry';

/** How often the catalog in force is looked at while no batch comes (ms). */
const LOOK_EVERY_MS = 1_000;

/** Compiles the definitions of a config folder. Throws {@link StartError} with every diagnostic when they are no catalog. */
export async function loadCatalog(configDir: string, telemetry: Telemetry): Promise<Catalog> {
  const read = await readConfigFolder(configDir);
  if (!read.ok) throw new StartError([`LIVEMETER_CONFIG: ${read.error}`]);
  const compiled = compileCatalog(read.folder.definitions, read.folder.tables);
  if (!compiled.ok) throw new StartError(compiled.diagnostics.map(formatDiagnostic));
  for (const warning of compiled.warnings) telemetry.log.warn(formatDiagnostic(warning));
  return compiled.catalog;
}

/** Who proposes which catalog, and where. */
export interface Proposal {
  readonly registry: CatalogRegistry;
  readonly catalog: Catalog;
  readonly replicaId: string;
  readonly telemetry: Telemetry;
}

/** Told once, when the catalog is superseded. */
type Listener = () => void;

/**
 * This replica's catalog, for as long as it is the one in force. The last proposal wins: once another replica has
 * proposed another catalog, this one must neither apply nor show anything with its own.
 */
export class CatalogInForce {
  /** The catalog that has superseded this one, or null. Once superseded, always superseded. */
  superseded: Registered | null = null;
  private timer: NodeJS.Timeout | null = null;
  private listener: Listener | null = null;

  private constructor(
    private readonly proposal: Proposal,
    /** Of the catalog: raised with each change. */
    readonly version: number,
  ) {}

  /** Proposes the catalog, which puts it in force, and watches that it stays. Rejects as Redis does. */
  static async propose(proposal: Proposal): Promise<CatalogInForce> {
    const { registry, catalog, replicaId, telemetry } = proposal;
    const { version, changed } = await registry.propose(catalog.fingerprint, replicaId);
    const { fingerprint } = catalog;
    if (changed) telemetry.report(OCCURRENCES.catalogChanged, {}, { fingerprint, version });
    const inForce = new CatalogInForce(proposal, version);
    inForce.follow();
    return inForce;
  }

  get catalog(): Catalog {
    return this.proposal.catalog;
  }

  /** Asks Redis whether the catalog is still in force. Rejects as Redis does. */
  async holds(): Promise<boolean> {
    if (this.superseded !== null) return false;
    const { registry, catalog, telemetry } = this.proposal;
    const current = await registry.current();
    if (current === null || current.fingerprint === catalog.fingerprint) return true;
    if (this.isSuperseded()) return false;
    this.superseded = current;
    telemetry.log.error(
      { fingerprint: current.fingerprint, version: current.version, proposedBy: current.proposedBy },
      'another replica has put another catalog in force; this one works and shows nothing until it is started with it',
    );
    this.listener?.();
    return false;
  }

  /** Calls the listener when the catalog is superseded. */
  onSuperseded(listener: Listener): void {
    this.listener = listener;
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private isSuperseded(): boolean {
    return this.superseded !== null;
  }

  private follow(): void {
    this.timer = setTimeout(() => {
      // Without an answer nothing can be applied either; it is asked again.
      void this.holds()
        .catch(() => true)
        .then((holds) => {
          if (holds && this.timer !== null) this.follow();
        });
    }, LOOK_EVERY_MS).unref();
  }
}
