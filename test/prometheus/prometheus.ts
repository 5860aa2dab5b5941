import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../e2e/system.js';
import { freePort } from '../support/redis.js';

const ROOT = join(import.meta.dirname, '../..');
const UNPACKED = join(ROOT, '.livemeter/tools/prometheus/usr/bin/prometheus');

/** One sample of an instant query. */
export interface Sampled {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [at: number, value: string];
}

function programOf(): string {
  return process.env['LIVEMETER_TEST_PROMETHEUS'] ?? (existsSync(UNPACKED) ? UNPACKED : 'prometheus');
}

/** The promtool that came with it. */
export function promtool(): string {
  return programOf().replace(/prometheus$/, 'promtool');
}

/** A real Prometheus that reads a running system with the shipped configuration, every four seconds. */
export class Prometheus {
  private constructor(
    private readonly child: ChildProcess,
    private readonly dir: string,
    readonly url: string,
  ) {}

  /** Starts one; LIVEMETER_TEST_PROMETHEUS names the program, default what `.ci/run` unpacked, else `prometheus`. */
  static async start(
    apps: { readonly ingestion: number; readonly metrics: number; readonly archive: number },
    /** Fills its folder of data before it starts. */
    fill: (data: string) => void = () => undefined,
  ): Promise<Prometheus> {
    const program = programOf();
    const dir = mkdtempSync(join(tmpdir(), 'livemeter-prometheus-'));
    const config = readFileSync(join(ROOT, 'config/prometheus/prometheus.local.yml'), 'utf8')
      .replaceAll('127.0.0.1:8420', `127.0.0.1:${apps.ingestion}`)
      .replaceAll('127.0.0.1:8421', `127.0.0.1:${apps.metrics}`)
      .replaceAll('127.0.0.1:8422', `127.0.0.1:${apps.archive}`)
      .replaceAll('_interval: 15s', '_interval: 4s')
      .replace('rules/*.yml', join(ROOT, 'config/prometheus/rules/*.yml'));
    writeFileSync(join(dir, 'prometheus.yml'), config);
    fill(join(dir, 'data'));
    const port = await freePort();
    const child = spawn(
      program,
      [
        `--config.file=${join(dir, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(dir, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    );
    let failure: Error | null = null;
    child.once('error', (error) => (failure = error));
    const prometheus = new Prometheus(child, dir, `http://127.0.0.1:${port}`);
    await until('Prometheus is ready', async () => {
      if (failure !== null) throw new Error(`${program} cannot be started; on Debian: apt-get install prometheus`);
      if (child.exitCode !== null) throw new Error(`${program} ended with code ${child.exitCode}`);
      return (await fetch(`${prometheus.url}/-/ready`).catch(() => null))?.status === 200;
    });
    return prometheus;
  }

  /** What an expression gives at a time (s), by default now. Throws what Prometheus has against it. */
  async query(expr: string, time?: number): Promise<readonly Sampled[]> {
    const asked = new URLSearchParams({ query: expr, ...(time === undefined ? {} : { time: String(time) }) });
    const reply = await fetch(`${this.url}/api/v1/query?${asked.toString()}`);
    const body = (await reply.json()) as { status: string; error?: string; data?: { result: Sampled[] } };
    if (body.status !== 'success' || body.data === undefined) throw new Error(`${body.error ?? reply.status}: ${expr}`);
    return body.data.result;
  }

  /** Every rule with its health. */
  async rules(): Promise<readonly { name: string; type: string; health: string; lastError?: string }[]> {
    const reply = await fetch(`${this.url}/api/v1/rules`);
    const body = (await reply.json()) as {
      data: { groups: { rules: { name: string; type: string; health: string }[] }[] };
    };
    return body.data.groups.flatMap((group) => group.rules);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = new Promise((resolve) => this.child.once('exit', resolve));
      this.child.kill('SIGTERM');
      await gone;
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}
