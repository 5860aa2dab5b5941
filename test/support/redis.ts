import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** A real Redis of a test's own, with the durability that the product asks for, on a free loopback port. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Kills it at once (SIGKILL), keeping its data. */
  kill(): Promise<void>;
  /** Sends the process a signal: SIGSTOP makes it hang, SIGCONT go on. */
  signal(signal: NodeJS.Signals): void;
  /** Stops its process without ending it (SIGSTOP): it answers nobody until it is continued. */
  suspend(): void;
  /** Continues it after {@link TestRedis.suspend}. */
  resume(): void;
  /** Starts it again on the same port with the same data. */
  restart(): Promise<void>;
  /** Stops it and deletes its data. */
  stop(): Promise<void>;
}

/** Starts a Redis (LIVEMETER_TEST_REDIS names the program, default `redis-server`). `args` are appended to its command line. */
export async function startTestRedis(args: readonly string[] = []): Promise<TestRedis> {
  const dir = mkdtempSync(join(tmpdir(), 'livemeter-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction', '--save', ''];
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, ...durable, ...args];
  const start = () => launchServer(port, words);
  let child = await start();
  return {
    url,
    port,
    kill: () => endServer(child, 'SIGKILL'),
    suspend: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    signal: (signal) => void child.kill(signal),
    restart: async () => {
      child = await start();
    },
    stop: async () => {
      await endServer(child, 'SIGTERM');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Starts the server program with these words; resolves when it answers on the port. */
export async function launchServer(port: number, words: readonly string[]): Promise<ChildProcess> {
  const program = process.env['LIVEMETER_TEST_REDIS'] ?? 'redis-server';
  const child = spawn(program, words, { stdio: 'ignore' });
  const probe = new Redis(port, '127.0.0.1', {
    lazyConnect: false,
    retryStrategy: () => 25,
    maxRetriesPerRequest: null,
  });
  probe.on('error', () => undefined);
  await Promise.race([
    probe.ping(),
    new Promise((_, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`${program} ended with code ${code} before it was ready`)));
    }),
  ]).finally(() => probe.disconnect());
  return child;
}

/** Ends a server, and resolves when it is gone. */
export async function endServer(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

/** A loopback port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
