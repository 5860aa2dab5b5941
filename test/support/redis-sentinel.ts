import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { endServer, freePort, launchServer, startTestRedis } from './redis.js';

/** A master that does not answer for this long is replaced (ms). */
const DOWN_AFTER_MS = 1_500;

/** A master, its replica and one Sentinel that watches them, on loopback. */
export interface TestSentinel {
  readonly url: string;
  /** Kills the master at once (SIGKILL). Resolves when the replica has taken over. */
  killMaster(): Promise<void>;
  /** Starts the killed one again, as the replica of the other: its Sentinel would take ten seconds to see to that. */
  restart(): Promise<void>;
  /** Stops all of it and deletes its data. */
  stop(): Promise<void>;
}

/** Starts a master called `lm` with a replica and a Sentinel. */
export async function startTestSentinel(): Promise<TestSentinel> {
  const dir = mkdtempSync(join(tmpdir(), 'livemeter-sentinel-'));
  const eager = ['--repl-diskless-sync-delay', '0', '--replica-priority', '1'];
  const master = await startTestRedis(eager);
  const replica = await startTestRedis([...eager, '--replicaof', '127.0.0.1', String(master.port)]);
  const port = await freePort();
  const sentinel = await launchServer(port, [configOf(dir, port, master.port), '--sentinel']);
  const asks = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 0 });
  asks.on('error', () => undefined);
  const follows = async (): Promise<boolean> => {
    const found = (await asks.call('SENTINEL', ['REPLICAS', 'lm'])) as readonly (readonly string[])[];
    return found.some((one) => one[one.indexOf('master-link-status') + 1] === 'ok');
  };
  while (!(await follows())) await pause(50);
  return {
    url: `redis+sentinel://127.0.0.1:${port}/lm`,
    killMaster: async () => {
      await master.kill();
      const named = async (): Promise<number> => {
        const [, found] = (await asks.call('SENTINEL', ['GET-MASTER-ADDR-BY-NAME', 'lm'])) as readonly string[];
        return Number(found);
      };
      while ((await named()) !== replica.port) await pause(50);
    },
    restart: async () => {
      await master.restart();
      const client = new Redis(master.port, '127.0.0.1');
      await client.call('REPLICAOF', ['127.0.0.1', String(replica.port)]);
      client.disconnect();
    },
    stop: async () => {
      asks.disconnect();
      await endServer(sentinel, 'SIGTERM');
      await Promise.all([master.stop(), replica.stop()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The file that a Sentinel reads at start, and rewrites. */
function configOf(dir: string, port: number, masterPort: number): string {
  const file = join(dir, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor lm 127.0.0.1 ${masterPort} 1`,
    `sentinel down-after-milliseconds lm ${DOWN_AFTER_MS}`,
    'sentinel failover-timeout lm 5000',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
