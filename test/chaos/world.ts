import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type App, AppProcess } from '../support/app-process.js';
import { childrenOf, livingOf } from '../support/child-processes.js';
import { freePort, startTestRedis, type TestRedis } from '../support/redis.js';
import { copyConfig } from '../e2e/system.js';
import { CANARY_METRIC } from './canary.js';
import { Link } from './link.js';

const WALL_CLOCK = join(import.meta.dirname, 'wall-clock.mjs');

/** One replica of an app: its process, its link to Redis, its machine's clock. */
export interface Replica {
  readonly name: string;
  readonly process: AppProcess;
  readonly link: Link;
  /** Sets how far the machine's wall clock is off (ms). */
  setWallClock(offMs: number): void;
}

/** A whole system of real processes: Redis, and two of each app, each behind a link of its own. */
export class World {
  private constructor(
    readonly dir: string,
    readonly redis: TestRedis,
    /** Straight to Redis, beside the links. */
    readonly admin: Redis,
    readonly replicas: Readonly<Record<App, readonly [Replica, Replica]>>,
  ) {}

  /** `env` goes to every app. */
  static async start(key: string, env: Readonly<Record<string, string>>): Promise<World> {
    const dir = mkdtempSync(join(tmpdir(), 'livemeter-chaos-'));
    copyConfig(join(dir, 'config'), true);
    writeFileSync(join(dir, 'config/metrics/canary.yaml'), CANARY_METRIC);
    const redis = await startTestRedis();
    const admin = new Redis(redis.url, { maxRetriesPerRequest: null });
    admin.on('error', () => undefined);
    const replica = (app: App, index: number) => openReplica({ app, index, dir, redis, env: { ...env, LP_KEY: key } });
    const replicas = {
      ingestion: [await replica('ingestion', 1), await replica('ingestion', 2)],
      metrics: [await replica('metrics', 1), await replica('metrics', 2)],
      archive: [await replica('archive', 1), await replica('archive', 2)],
    } as const;
    const world = new World(dir, redis, admin, replicas);
    await Promise.all(world.all.map((one) => one.process.start()));
    return world;
  }

  get all(): readonly Replica[] {
    return [...this.replicas.ingestion, ...this.replicas.metrics, ...this.replicas.archive];
  }

  get config(): string {
    return join(this.dir, 'config');
  }

  get archive(): string {
    return join(this.dir, 'archive');
  }

  /** Where what waits for the archive is on the disk of each ingestion replica. */
  get spools(): readonly string[] {
    return this.replicas.ingestion.map(({ name }) => spoolOf(this.dir, name));
  }

  /** The records of both ingestion replicas. */
  get records(): readonly string[] {
    return this.replicas.ingestion.map(({ name }) => join(this.dir, `${name}.ndjson`));
  }

  async stop({ keepFiles }: { readonly keepFiles: boolean }): Promise<void> {
    // One that stands still would not see that the app which started it is gone.
    const workers = this.replicas.metrics.flatMap(({ process }) => childrenOf(process.pid));
    await Promise.all(this.all.map(({ process }) => process.end('SIGKILL')));
    for (const pid of livingOf(workers)) process.kill(pid, 'SIGKILL');
    await Promise.all(this.all.map(({ link }) => link.close()));
    this.admin.disconnect();
    await this.redis.stop();
    if (!keepFiles) rmSync(this.dir, { recursive: true, force: true });
  }
}

/** A file every second, and little room in Redis, so that much has to wait on disk when no files are written. */
const ARCHIVING = { LIVEMETER_ARCHIVE_FLUSH_MS: '1000', LIVEMETER_ARCHIVE_MAX_WAITING: '20' };

/** Worker processes of the first metrics app; the second does all in one process, so that either way is under fire. */
export const WORKERS = 2;

function spoolOf(dir: string, name: string): string {
  return join(dir, `${name}-spool`);
}

interface Opening {
  readonly app: App;
  readonly index: number;
  readonly dir: string;
  readonly redis: TestRedis;
  readonly env: Readonly<Record<string, string>>;
}

async function openReplica({ app, index, dir, redis, env }: Opening): Promise<Replica> {
  const name = `${app}-${index}`;
  const clock = join(dir, `${name}-clock`);
  const link = await Link.open(redis.port);
  const setWallClock = (offMs: number): void => writeFileSync(clock, String(offMs));
  setWallClock(0);
  const process = new AppProcess(app, await freePort(), () => ({
    ...env,
    REDIS_URL: link.redisUrl,
    LIVEMETER_CONFIG: join(dir, 'config'),
    NODE_OPTIONS: `--import=${WALL_CLOCK}`,
    CHAOS_CLOCK: clock,
    ...ARCHIVING,
    LIVEMETER_ARCHIVE: join(dir, 'archive'),
    LIVEMETER_ARCHIVE_SPOOL: spoolOf(dir, name),
    METRICS_WORKERS: String(index === 1 ? WORKERS : 1),
    ...(app === 'ingestion' ? { LIVEMETER_RECORD: join(dir, `${name}.ndjson`) } : {}),
  }));
  return { name, process, link, setWallClock };
}
