import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../apps/cli/src/simulate/random.js';
import type { AppProcess } from '../support/app-process.js';
import { childrenOf } from '../support/child-processes.js';
import { type Replica, type World, WORKERS } from './world.js';

/** Where a fault strikes, and what it does; resolves when it is over and what was killed runs again. */
export interface Fault {
  readonly target: string;
  readonly run: () => Promise<void>;
}

/** A job's lock and a partition's lease lapse after 4 s; one that stalls longer wakes up into another's time (ms). */
const STALL_MS = { from: 5_000, to: 7_000 };

/** How long the archive has no store, where it is not drawn (ms). */
const DEAD_STORE_MS = Number(process.env['CHAOS_DEAD_STORE'] ?? 0) * 60_000;

const HOUR_MS = 3_600_000;

/** Makes a fault of a kind: its moment is the caller's, all else is drawn. */
export type FaultKind = (world: World, random: Random) => Fault;

const killed =
  (pick: (world: World) => readonly [Replica, Replica]): FaultKind =>
  (world, random) => {
    const { name, process } = random.pick(pick(world));
    const pauseMs = random.between(0, 2_500);
    return {
      target: name,
      run: async () => {
        await process.end('SIGKILL');
        await sleep(pauseMs);
        await startedAtLast(process);
      },
    };
  };

/** An app that finds no Redis ends, and says so: whoever runs it starts it again, as systemd and Kubernetes do. */
async function startedAtLast(process: AppProcess): Promise<void> {
  const isUp = () =>
    process.start().then(
      () => true,
      () => process.running,
    );
  while (!(await isUp())) await sleep(500);
}

const stalled =
  (pick: (world: World) => readonly [Replica, Replica]): FaultKind =>
  (world, random) => {
    const { name, process } = random.pick(pick(world));
    const stallMs = random.between(STALL_MS.from, STALL_MS.to);
    return {
      target: name,
      run: async () => {
        process.signal('SIGSTOP');
        await sleep(stallMs);
        process.signal('SIGCONT');
      },
    };
  };

/** The worker of the first metrics app at this place; null while it, or the app, is away. Whoever started it starts it again. */
function workerAt(app: AppProcess, place: number): number | null {
  return childrenOf(app.pid).sort((a, b) => a - b)[place] ?? null;
}

/** No error where the process has ended meanwhile, by another fault. */
function signal(pid: number | null, name: NodeJS.Signals): void {
  try {
    if (pid !== null) process.kill(pid, name);
  } catch {
    // It is gone.
  }
}

/** Something happens to the network between one process, or all of them, and Redis. */
const onLink =
  (breakIt: (replica: Replica, random: Random) => void, { from, to }: { from: number; to: number }): FaultKind =>
  (world, random) => {
    const all = random.chance(0.3);
    const hit = all ? world.all : [random.pick([world.all[0]!, ...world.all.slice(1)])];
    const lastsMs = random.between(from, to);
    return {
      target: all ? 'all' : (hit[0]?.name ?? ''),
      run: async () => {
        for (const replica of hit) breakIt(replica, random);
        await sleep(lastsMs);
        for (const { link } of hit) link.mend();
      },
    };
  };

export const FAULT_KINDS: Readonly<Record<string, FaultKind>> = {
  'kill-ingestion': killed((world) => world.replicas.ingestion),
  'kill-metrics': killed((world) => world.replicas.metrics),
  'kill-redis': ({ redis }, random) => {
    const pauseMs = random.between(0, 2_500);
    return {
      target: 'redis',
      run: async () => {
        await redis.kill();
        await sleep(pauseMs);
        await redis.restart();
      },
    };
  },
  'stall-ingestion': stalled((world) => world.replicas.ingestion),
  'stall-metrics': stalled((world) => world.replicas.metrics),
  'kill-worker': ({ replicas }, random) => {
    const [{ name, process }] = replicas.metrics;
    const place = random.between(0, WORKERS - 1);
    return { target: name, run: async () => signal(workerAt(process, place), 'SIGKILL') };
  },
  'stall-worker': ({ replicas }, random) => {
    const [{ name, process }] = replicas.metrics;
    const place = random.between(0, WORKERS - 1);
    const stallMs = random.between(STALL_MS.from, STALL_MS.to);
    return {
      target: name,
      run: async () => {
        const worker = workerAt(process, place);
        signal(worker, 'SIGSTOP');
        await sleep(stallMs);
        signal(worker, 'SIGCONT');
      },
    };
  },
  'stall-redis': ({ redis }, random) => {
    const stallMs = random.between(500, 5_000);
    return {
      target: 'redis',
      run: async () => {
        redis.signal('SIGSTOP');
        await sleep(stallMs);
        redis.signal('SIGCONT');
      },
    };
  },
  'kill-archive': killed((world) => world.replicas.archive),
  'stall-archive': stalled((world) => world.replicas.archive),
  // Nothing can be written, listed or read where a file is in the place of the folder.
  'dead-store': ({ archive }, random) => {
    const drawn = random.between(2_000, 6_000);
    const lastsMs = DEAD_STORE_MS > 0 ? DEAD_STORE_MS : drawn;
    return {
      target: 'archive',
      run: async () => {
        await mkdir(archive, { recursive: true });
        await rename(archive, `${archive}-away`);
        await writeFile(archive, 'no folder');
        await sleep(lastsMs);
        await rm(archive);
        await rename(`${archive}-away`, archive);
      },
    };
  },
  'cut-link': onLink(({ link }) => link.cut(), { from: 0, to: 3_000 }),
  'frozen-link': onLink(({ link }) => (link.frozen = true), { from: 1_000, to: 6_000 }),
  'slow-link': onLink(({ link }, random) => (link.delayMs = random.between(20, 150)), { from: 2_000, to: 4_000 }),
  // Redis waits for the disk before it answers anything, so a slow disk is a Redis that stands still again and again.
  'slow-disk': ({ redis }, random) => {
    const [stallMs, turns] = [random.between(50, 250), random.between(8, 20)];
    return {
      target: 'redis',
      run: async () => {
        for (let turn = 0; turn < turns; turn += 1) {
          redis.signal('SIGSTOP');
          await sleep(stallMs);
          redis.signal('SIGCONT');
          await sleep(10);
        }
      },
    };
  },
  'full-memory': ({ admin }, random) => {
    const [roomBytes, lastsMs] = [random.between(0, 100_000), random.between(1_500, 4_000)];
    return {
      target: 'redis',
      run: async () => {
        const used = Number(/^used_memory:(\d+)/m.exec(await admin.info('memory'))?.[1]);
        await admin.config('SET', 'maxmemory', String(used + roomBytes));
        await sleep(lastsMs);
        await admin.config('SET', 'maxmemory', '0');
      },
    };
  },
  'app-clock': (world, random) => {
    const replica = random.pick([world.all[0]!, ...world.all.slice(1)]);
    const offMs = random.between(-24 * HOUR_MS, 24 * HOUR_MS);
    return { target: replica.name, run: async () => replica.setWallClock(offMs) };
  },
};
