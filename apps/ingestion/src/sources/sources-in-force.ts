import type { Server } from 'node:http';
import { join } from 'node:path';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import { Server as TlsServer } from 'node:tls';
import { FileWatch } from '@app/access';
import { isLoopback, OCCURRENCES, type Settings, StartError, type Telemetry } from '@app/telemetry';
import { loadIdentity, serverOptions, type TlsFiles } from '../tls/listener.js';
import { loadSources, type Source } from './sources.js';

interface Loaded {
  readonly sources: ReadonlyMap<string, Source>;
  readonly warnings: readonly string[];
  /** Every file that was read. */
  readonly files: readonly string[];
  /** Null for plain HTTP. */
  readonly context: SecureContextOptions | null;
}

type Env = Readonly<Record<string, string | undefined>>;

/** The sources and the certificate in force: those of the files when all of them were last right. */
export class SourcesInForce {
  private server: Server | null = null;
  private readonly watch: FileWatch;

  private constructor(
    private readonly load: () => Loaded,
    private loaded: Loaded,
    private readonly telemetry: Telemetry,
  ) {
    this.watch = new FileWatch(
      () => this.loaded.files,
      () => this.reload(),
    ).start();
  }

  /** Reads everything, and reads it anew whenever a file changes. Throws {@link StartError} for what is wrong. */
  static open(settings: Settings, env: Env, telemetry: Telemetry): SourcesInForce {
    const load = (): Loaded => loadAll(settings, env);
    const loaded = load();
    for (const warning of loaded.warnings) telemetry.log.warn(warning);
    return new SourcesInForce(load, loaded, telemetry);
  }

  get(name: string): Source | undefined {
    return this.loaded.sources.get(name);
  }

  /** What a TLS server is made with; null for plain HTTP. */
  get tls(): TlsOptions | null {
    const { context } = this.loaded;
    return context === null ? null : serverOptions(context, this.wantsCertificates(this.loaded));
  }

  /** From now on this server gets the certificate in force. */
  attach(server: Server): void {
    this.server = server;
  }

  /** Takes all files over as they are now; when anything in them is wrong, nothing changes. */
  reload(): void {
    try {
      const loaded = this.load();
      if (this.wantsCertificates(loaded) && !this.wantsCertificates(this.loaded)) {
        throw new StartError(['the first source with client certificates needs a restart of ingestion']);
      }
      if (loaded.context !== null && this.server instanceof TlsServer) this.server.setSecureContext(loaded.context);
      this.loaded = loaded;
      this.telemetry.report(OCCURRENCES.reloaded, { what: 'sources' }, { warnings: loaded.warnings });
    } catch (error) {
      const errors = error instanceof StartError ? error.lines : ['the certificate cannot be used'];
      this.telemetry.report(OCCURRENCES.reloadRefused, { what: 'sources' }, { errors });
    }
  }

  stop(): void {
    this.watch.stop();
  }

  private wantsCertificates({ sources }: Loaded): boolean {
    return [...sources.values()].some(({ certificates }) => certificates !== null);
  }
}

/** Throws {@link StartError} with every error in any file. */
function loadAll(settings: Settings, env: Env): Loaded {
  const tls = tlsFiles(settings);
  const loaded = loadSources(join(settings.configDir, 'sources.yaml'), {
    env,
    loopback: isLoopback(settings.ingestionHost),
    certificates: tls !== null || settings.clientCertHeader !== null,
  });
  if (!loaded.ok) throw new StartError(loaded.errors);
  const { sources, warnings, files } = loaded;
  if (tls === null) return { sources, warnings, files, context: null };
  const identity = loadIdentity(
    tls,
    [...sources.values()].flatMap(({ certificates }) => certificates?.authorities ?? []),
  );
  if (!identity.ok) throw new StartError(identity.errors);
  return { sources, warnings, files: [...files, tls.cert, tls.key], context: identity.context };
}

function tlsFiles({ tlsCert, tlsKey }: Settings): TlsFiles | null {
  if (tlsCert === null && tlsKey === null) return null;
  if (tlsCert !== null && tlsKey !== null) return { cert: tlsCert, key: tlsKey };
  throw new StartError(['INGESTION_TLS_CERT and INGESTION_TLS_KEY are set together, or neither']);
}
