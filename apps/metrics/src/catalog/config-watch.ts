import { folderSignature } from '@app/config';
import { OCCURRENCES, type Telemetry } from '@app/telemetry';
import { Gauge } from 'prom-client';
import type { CatalogInForce } from './catalog-in-force.js';
import { loadOwnFiles } from './own-files.js';

/** Between looks at the config folder (ms). A change is taken up when it has stood still from one look to the next. */
const LOOK_EVERY_MS = 1_000;

/** After so many looks the files are read even when their times say that nothing has changed. */
const READ_EVERY = 30;

/** A change of the config folder that was refused. */
export interface Refusal {
  /** When (ms, Redis's time). */
  readonly at: number;
  /** Everything that is wrong, each with its place and what to do. */
  readonly diagnostics: readonly string[];
}

export interface ConfigWatchOptions {
  readonly configDir: string;
  readonly inForce: Pick<CatalogInForce, 'propose'>;
  readonly telemetry: Telemetry;
  /** Redis's time (ms). */
  readonly now: () => number;
}

/**
 * Watches this replica's config folder: what has changed is loaded whole, and proposed or refused whole. It looks at the
 * files' times rather than wait to be told, which works on every mount, and waits until they stand still, so that a
 * folder that is just being written is not taken for what it is to become.
 */
export class ConfigWatch {
  /** The change that was refused last; null when the folder is as it should be. */
  refusal: Refusal | null = null;
  private moving: string | null = null;
  private looks = 0;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private under: Promise<void> = Promise.resolve();
  private readonly successful: Gauge;
  private readonly succeededAt: Gauge;

  /** What was loaded last: its files as text, and the signature of the folder from before they were read. */
  private files: string;
  private signature: string;

  constructor(
    private readonly options: ConfigWatchOptions,
    loaded: { readonly files: string; readonly signature: string },
  ) {
    this.files = loaded.files;
    this.signature = loaded.signature;
    const { telemetry, now } = options;
    telemetry.expect(OCCURRENCES.catalogRefused, OCCURRENCES.catalogChanged);
    const registers = [telemetry.registry];
    this.successful = new Gauge({
      name: 'livemeter_config_last_reload_successful',
      help: '1 when the config folder was accepted when it was last loaded, else 0.',
      registers,
    });
    this.succeededAt = new Gauge({
      name: 'livemeter_config_last_reload_success_timestamp_seconds',
      help: 'When the config folder was last loaded and accepted.',
      registers,
    });
    this.successful.set(1);
    this.succeededAt.set(now() / 1000);
  }

  /** Looks now and then, until stopped. */
  start(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.look().then(() => this.start()), LOOK_EVERY_MS).unref();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** Looks once: loads the folder when it has changed and stood still since the look before. Never rejects. */
  async look(): Promise<void> {
    const signature = await folderSignature(this.options.configDir);
    this.looks += 1;
    const settled = signature === this.moving;
    this.moving = signature === this.signature ? null : signature;
    if (settled) await this.load(signature, false);
    else if (this.moving === null && this.looks % READ_EVERY === 0) await this.load(signature, false);
  }

  /** Loads the folder now, whether or not it has changed. Never rejects. */
  async reload(): Promise<void> {
    await this.load(await folderSignature(this.options.configDir), true);
  }

  /** One load at a time. What Redis did not take is tried again at the next look. */
  private load(signature: string, asked: boolean): Promise<void> {
    this.under = this.under
      .then(() => this.loadNow(asked))
      .then(
        () => {
          this.signature = signature;
        },
        (error: unknown) => {
          this.options.telemetry.report(OCCURRENCES.redisTrouble, { during: 'catalog' }, { err: error });
        },
      );
    return this.under;
  }

  private async loadNow(asked: boolean): Promise<void> {
    const { configDir, inForce, telemetry, now } = this.options;
    const loaded = await loadOwnFiles(configDir);
    if (!loaded.ok) {
      const known = this.refusal?.diagnostics.join('\n') === loaded.diagnostics.join('\n');
      if (known && !asked) return;
      this.refusal = { at: now(), diagnostics: loaded.diagnostics };
      this.successful.set(0);
      telemetry.report(OCCURRENCES.catalogRefused, {}, { diagnostics: loaded.diagnostics });
      return;
    }
    if (loaded.files !== this.files || asked) {
      for (const warning of loaded.warnings) telemetry.log.warn(warning);
      const term = await inForce.propose(loaded);
      telemetry.log.info({ version: term.version }, 'the config folder was loaded');
      this.succeededAt.set(now() / 1000);
    }
    this.files = loaded.files;
    this.refusal = null;
    this.successful.set(1);
  }
}
