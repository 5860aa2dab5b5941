import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type App, AppProcess } from '../support/app-process.js';
import { catalogPart } from '../support/catalog-part.js';
import { freePort, startTestRedis, type TestRedis } from '../support/redis.js';

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'apps/cli/bin/livemeter.mjs');
const KEY = 'e2e-key';

/** What it took to have bodies accepted. */
export interface Sent {
  /** How many requests were answered 503. */
  readonly refused: number;
  /** The longest from the first attempt to the 200 (ms). */
  readonly longestMs: number;
}

/** A further process of an app. */
export interface Replica {
  /** Ends it as an operator would, and waits until it is gone. */
  end(): Promise<void>;
}

/** How a system differs from the usual one. */
export interface SystemOptions {
  /** The configuration that ships; when quick, agents are gone after 3 s instead of 90. */
  readonly config?: 'shipped' | 'quick';
  /** Changes its folder of configuration before anything starts. */
  readonly prepare?: (configDir: string) => void;
  /** Further words of the command line of its Redis. */
  readonly redis?: readonly string[];
  /** The address of a Redis that is there already; then it has none of its own. */
  readonly redisUrl?: string;
  /** Further variables of the environment of its apps; called with its folder and the port of its Redis. */
  readonly env?: (dir: string, redisPort: number) => Readonly<Record<string, string>>;
}

/** A whole system of real processes: Redis, one ingestion and one metrics app, an archive app if it is launched; with a folder of its own. */
export class System {
  readonly #apps: Readonly<Record<App, AppProcess>>;
  readonly #others: AppProcess[] = [];

  private constructor(
    private readonly own: TestRedis | string,
    readonly dir: string,
    readonly ports: Readonly<Record<App, number>>,
    private readonly further: Readonly<Record<string, string>>,
  ) {
    const env = () => this.#env(this.record);
    this.#apps = {
      ingestion: new AppProcess('ingestion', ports.ingestion, env),
      metrics: new AppProcess('metrics', ports.metrics, env),
      archive: new AppProcess('archive', ports.archive, env),
    };
  }

  static async start({
    config = 'quick',
    prepare,
    redis: words = [],
    redisUrl,
    env,
  }: SystemOptions = {}): Promise<System> {
    const dir = mkdtempSync(join(tmpdir(), 'livemeter-e2e-'));
    copyConfig(join(dir, 'config'), config === 'quick');
    prepare?.(join(dir, 'config'));
    const redis = redisUrl ?? (await startTestRedis(words));
    const ports = { ingestion: await freePort(), metrics: await freePort(), archive: await freePort() };
    const system = new System(redis, dir, ports, env?.(dir, typeof redis === 'string' ? 0 : redis.port) ?? {});
    await Promise.all([system.launch('ingestion'), system.launch('metrics')]);
    return system;
  }

  /** The Redis of its own. */
  get redis(): TestRedis {
    if (typeof this.own === 'string') throw new Error('it has no Redis of its own');
    return this.own;
  }

  get redisUrl(): string {
    return typeof this.own === 'string' ? this.own : this.own.url;
  }

  /** The key with which its sender signs. */
  readonly key = KEY;

  get record(): string {
    return join(this.dir, 'record.ndjson');
  }

  get config(): string {
    return join(this.dir, 'config');
  }

  launch(app: App): Promise<void> {
    return this.#apps[app].start();
  }

  signal(app: App, signal: NodeJS.Signals): void {
    this.#apps[app].signal(signal);
  }

  pid(app: App): number {
    return this.#apps[app].pid;
  }

  /** What an app has written, the end of it. */
  output(app: App): string {
    return this.#apps[app].output;
  }

  /** A further replica of an app. It has a record of its own. */
  async launchAnother(app: App, port: number): Promise<Replica> {
    const other = new AppProcess(app, port, () => this.#env(`${this.record}.${port}`));
    this.#others.push(other);
    await other.start();
    return { end: () => other.end() };
  }

  /** Ends an app and waits until it is gone. */
  end(app: App, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    return this.#apps[app].end(signal);
  }

  #env(record: string): Readonly<Record<string, string>> {
    return {
      REDIS_URL: this.redisUrl,
      LIVEMETER_CONFIG: this.config,
      LIVEMETER_RECORD: record,
      LP_KEY: KEY,
      ...this.further,
    };
  }

  async stop(): Promise<void> {
    await Promise.all([this.end('ingestion'), this.end('metrics'), this.end('archive')]);
    await Promise.all(this.#others.map((other) => other.end()));
    if (typeof this.own !== 'string') await this.own.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** The header that signs a body. */
  signed(body: string): Record<string, string> {
    const signature = createHmac('sha256', KEY).update(body).digest('base64');
    return { 'x-liveperson-signature': `sha256=${signature}` };
  }

  /** Posts one body, signed, to an ingestion; the reply's status and text. */
  async post(
    body: string,
    headers: Record<string, string> = {},
    port = this.ports.ingestion,
  ): Promise<{ status: number; text: string }> {
    const reply = await fetch(`http://127.0.0.1:${port}/v1/events/liveperson`, {
      method: 'POST',
      headers: { ...this.signed(body), ...headers },
      body,
    });
    return { status: reply.status, text: await reply.text() };
  }

  /** Posts bodies as a sender would: several at a time, to each ingestion in turn, until each is answered 200. Tells what that took. */
  async postAll(bodies: readonly string[]): Promise<Sent> {
    const ports = [this.#apps.ingestion, ...this.#others].flatMap(({ app, port }) =>
      app === 'ingestion' ? [port] : [],
    );
    let turn = 0;
    let [refused, longestMs] = [0, 0];
    let next = 0;
    const sender = async (): Promise<void> => {
      for (let index = next++; index < bodies.length; index = next++) {
        const body = bodies[index] ?? '';
        const since = Date.now();
        await until('a body is accepted', async () => {
          const reply = await this.post(body, {}, ports[turn++ % ports.length]).catch(() => null);
          if (reply?.status === 503) refused += 1;
          return reply?.status === 200;
        });
        longestMs = Math.max(longestMs, Date.now() - since);
      }
    };
    await Promise.all(Array.from({ length: 16 }, sender));
    return { refused, longestMs };
  }

  /** What `/metrics` says of the catalog's metrics. */
  async exposition(): Promise<string> {
    return catalogPart(await this.metricsPage());
  }

  /** What `/metrics` says. */
  async metricsPage(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.ports.metrics}/metrics`)).text();
  }

  /** What `/readyz` of an app says. */
  async missing(app: App): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.ports[app]}/readyz`)).text();
  }

  async json(path: string): Promise<unknown> {
    const reply = await fetch(`http://127.0.0.1:${this.ports.metrics}${path}`);
    return reply.json();
  }

  /** What `livemeter replay` makes of the records of all its ingestions. */
  replayRecords(...args: string[]): Promise<string> {
    const others = this.#others.flatMap(({ app, port }) => (app === 'ingestion' ? [`${this.record}.${port}`] : []));
    return this.replay(this.record, ...others, ...args);
  }

  /** What `livemeter replay` makes of a file under its settings, timers fired up to now. */
  async replay(file: string, ...args: string[]): Promise<string> {
    return catalogPart((await cliIn(this.further, 'replay', file, '--config', this.config, ...args)).stdout);
  }
}

/** Runs the command line program. */
export function cli(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return cliIn({}, ...args);
}

/** Runs the command line program with further variables in its environment. */
export function cliIn(env: NodeJS.ProcessEnv, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const options = { maxBuffer: 256 * 1024 * 1024, env: { ...process.env, ...env } };
  return promisify(execFile)(process.execPath, [CLI, ...args], options);
}

/** Polls until `condition` holds; throws when it did not within a time (ms), by default a minute. */
export async function until(what: string, condition: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`gave up waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The shipped configuration; when quick, agents are gone after 3 s instead of 90: a test must not wait so long. */
export function copyConfig(dir: string, quick: boolean): void {
  cpSync(join(ROOT, 'config'), dir, { recursive: true });
  if (!quick) return;
  for (const name of readdirSync(join(dir, 'metrics'))) {
    const file = join(dir, 'metrics', name);
    writeFileSync(file, readFileSync(file, 'utf8').replace('agent.snapshotAt + 90 ', 'agent.snapshotAt + 3 '));
  }
}
