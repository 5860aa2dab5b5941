import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Service } from './supervisor.js';

/** Keeps what it acknowledged whatever happens, and refuses rather than forgets: what both apps check for at start. */
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction', '--save', ''];

/** How a private Redis is run. */
export interface PrivateRedisOptions {
  /** The server program. */
  readonly program: string;
  /** The folder of its data and its log. */
  readonly dir: string;
  readonly port: number;
}

/** The address of a private Redis. */
export function privateRedisUrl(port: number): string {
  return `redis://127.0.0.1:${port}`;
}

/** The file that tells a later start on which port a Redis of this folder was run. */
function portFile(dir: string): string {
  return join(dir, 'port');
}

/**
 * A Redis of our own on a loopback port, in a process group of its own, so that Ctrl-C in the terminal reaches it only
 * after the apps have ended. Its working folder is its data folder, whatever characters that path holds.
 */
export function privateRedis({ program, dir, port }: PrivateRedisOptions): Service {
  return {
    name: 'Redis',
    graceMs: 30_000,
    launch: (): ChildProcess =>
      spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--logfile', 'redis.log', ...DURABLE], {
        cwd: dir,
        detached: true,
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    ready: async (ended) => {
      await answers(port, ended);
      await writeFile(portFile(dir), String(port));
    },
  };
}

/** Makes the data folder, for this user only, and ends a Redis that a killed `start` left behind in it. */
export async function prepareRedisFolder(dir: string, report: (line: string) => void): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const port = Number(await readFile(portFile(dir), 'utf8').catch(() => ''));
  if (!Number.isInteger(port) || port <= 0) return;
  const left = new Redis(port, '127.0.0.1', { lazyConnect: true, connectTimeout: 2_000, retryStrategy: () => null });
  left.on('error', () => undefined);
  try {
    await left.connect();
    const [, itsDir] = (await left.config('GET', 'dir')) as [string, string];
    if (itsDir !== (await realpath(dir))) return;
    report(`Ending the Redis on port ${port} that an earlier start left behind; its data is kept.`);
    await left.shutdown('NOSAVE').catch(() => undefined);
    await rm(portFile(dir), { force: true });
  } catch {
    // Nobody is there, or somebody else's server: nothing was left behind.
  } finally {
    left.disconnect();
  }
}

/** The last lines of a private Redis's log: why it would not start. */
export async function lastWords(dir: string): Promise<string> {
  const log = await readFile(join(dir, 'redis.log'), 'utf8').catch(() => '');
  return log.trimEnd().split('\n').slice(-5).join('\n');
}

/** Resolves when the server has loaded its data and answers; rejects when it ended. */
async function answers(port: number, ended: AbortSignal): Promise<void> {
  const probe = new Redis(port, '127.0.0.1', { retryStrategy: () => 25, maxRetriesPerRequest: null });
  probe.on('error', () => undefined);
  const gone = new Promise<never>((_, reject) => {
    ended.addEventListener('abort', () => reject(new Error('Redis ended')), { once: true });
  });
  await Promise.race([probe.ping(), gone]).finally(() => probe.disconnect());
}
