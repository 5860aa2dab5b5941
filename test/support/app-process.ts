import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** How long an app may take until it is ready (ms). */
const PATIENCE_MS = 60_000;

/** How much of an app's output is kept, the newest (characters). */
const KEPT_OUTPUT = 200_000;

export type App = 'ingestion' | 'metrics' | 'archive';

/** A real process of one app, as it was built, on a port of its own; it can be started again and again. */
export class AppProcess {
  private child: ChildProcess | null = null;
  /** What the process wrote, the end of it. */
  output = '';

  constructor(
    readonly app: App,
    readonly port: number,
    private readonly env: () => Readonly<Record<string, string>>,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The process; 0 before the first start. */
  get pid(): number {
    return this.child?.pid ?? 0;
  }

  get running(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts the process without waiting for it. */
  launch(): void {
    const child = spawn(process.execPath, [join(ROOT, `dist/apps/${this.app}/src/main.js`)], {
      env: { ...process.env, [`${this.app.toUpperCase()}_PORT`]: String(this.port), ...this.env() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (text: Buffer): void => void (this.output = (this.output + String(text)).slice(-KEPT_OUTPUT));
    for (const stream of [child.stdout, child.stderr]) stream.on('data', keep);
    this.child = child;
  }

  /** Resolves when it says that it is ready; throws when it ended instead, or took too long. */
  async ready(): Promise<void> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (;;) {
      if (!this.running) throw new Error(`${this.app} ended with code ${this.child?.exitCode}\n${this.output}`);
      const reply = await fetch(`${this.url}/readyz`).catch(() => null);
      if (reply?.status === 200) return;
      if (performance.now() > giveUpAt) throw new Error(`${this.app} is not ready\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async start(): Promise<void> {
    this.launch();
    await this.ready();
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Ends the process and waits until it is gone. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (child === null || !this.running) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }
}
