import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort, startTestRedis, type TestRedis } from './redis.js';

const MASTERS = 3;
const SLOTS = 16_384;

/** A master that does not answer for this long is replaced (ms). */
const NODE_TIMEOUT_MS = 2_000;

/** How long something may take that a cluster does by itself (ms). */
const PATIENCE_MS = 60_000;

/** A real Redis Cluster of a test's own, on loopback: three masters, each with a replica. */
export interface TestCluster {
  readonly url: string;
  /** Kills the master of the key at once (SIGKILL). Resolves when its replica has taken over. */
  killMasterOf(key: string): Promise<void>;
  /** The servers, those that were masters at first in front. */
  readonly servers: readonly TestRedis[];
  /** Which server takes writes of the key now. */
  masterOf(key: string): Promise<TestRedis>;
  /** Stops all of it and deletes its data. */
  stop(): Promise<void>;
}

/** Starts a cluster; `args` are appended to the command line of each server. */
export async function startTestCluster(args: readonly string[] = []): Promise<TestCluster> {
  const buses = await Promise.all(Array.from({ length: 2 * MASTERS }, freePort));
  const servers = await Promise.all(buses.map((bus) => startTestRedis([...clustered(bus), ...args])));
  const clients = servers.map(({ port }) => clientOf(port));
  const running = new Set(servers);
  try {
    await formed(clients, buses);
  } finally {
    clients.forEach((client) => client.disconnect());
  }
  const url = `redis+cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
  const masterOf = async (key: string): Promise<TestRedis> => {
    const ask = [...running][0];
    if (ask === undefined) throw new Error('no server is left');
    const port = await masterPort(ask.port, key);
    return servers.find((server) => server.port === port) ?? ask;
  };
  return {
    url,
    servers,
    masterOf,
    killMasterOf: async (key) => {
      const killed = await masterOf(key);
      running.delete(killed);
      await killed.kill();
      await until('the replica has taken over', async () => (await masterOf(key)) !== killed);
    },
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

function clustered(busPort: number): string[] {
  return [
    ...[
      '--cluster-enabled',
      'yes',
      '--cluster-port',
      String(busPort),
      '--cluster-node-timeout',
      String(NODE_TIMEOUT_MS),
    ],
    ...['--cluster-replica-validity-factor', '0', '--repl-diskless-sync-delay', '0'],
  ];
}

function clientOf(port: number): Redis {
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  return client;
}

/** Gives the slots to the masters, lets all know each other, and each replica its master. */
async function formed(clients: readonly Redis[], buses: readonly number[]): Promise<void> {
  const [first] = clients;
  if (first === undefined) return;
  const masters = clients.slice(0, MASTERS);
  for (const [index, master] of masters.entries()) {
    const [from, to] = [index, index + 1].map((at) => Math.ceil((at * SLOTS) / MASTERS));
    await master.call('CLUSTER', ['ADDSLOTSRANGE', String(from), String((to ?? 0) - 1)]);
    await master.call('CLUSTER', ['SET-CONFIG-EPOCH', String(index + 1)]);
  }
  for (const [index, { options }] of clients.entries()) {
    if (index > 0) await first.call('CLUSTER', ['MEET', '127.0.0.1', String(options.port), String(buses[index])]);
  }
  const ids = await Promise.all(masters.map((master) => master.call('CLUSTER', ['MYID'])));
  for (const [index, replica] of clients.slice(MASTERS).entries()) {
    await until('it knows its master', async () =>
      replica.call('CLUSTER', ['REPLICATE', String(ids[index])]).then(
        () => true,
        () => false,
      ),
    );
  }
  for (const client of clients) {
    await until('the cluster stands', async () =>
      /cluster_state:ok/.test(String(await client.call('CLUSTER', ['INFO']))),
    );
  }
  for (const replica of clients.slice(MASTERS)) {
    await until('the replica follows', async () => /master_link_status:up/.test(await replica.info('replication')));
  }
}

async function masterPort(askPort: number, key: string): Promise<number> {
  const client = clientOf(askPort);
  try {
    const slot = Number(await client.cluster('KEYSLOT', key));
    const ranges = await client.cluster('SLOTS');
    return ranges.find(([from, to]) => from <= slot && slot <= to)?.[2]?.[1] ?? 0;
  } finally {
    client.disconnect();
  }
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(`gave up waiting until ${what}`);
    await pause(50);
  }
}
