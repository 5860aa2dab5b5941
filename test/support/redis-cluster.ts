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
  /** Kills the master of the key at once (SIGKILL). Resolves with it when its replica has taken over. */
  killMasterOf(key: string): Promise<TestRedis>;
  /** Stops all of it and deletes its data. */
  stop(): Promise<void>;
}

/** Files of certificates with which its servers speak TLS, by the name `localhost`, also with each other. */
export interface ServerTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A server, and where the others reach it. */
interface Node {
  readonly server: TestRedis;
  readonly port: number;
  readonly bus: number;
}

/** Starts a cluster; with `tls`, that is what its address is for. */
export async function startTestCluster({ tls }: { readonly tls?: ServerTls } = {}): Promise<TestCluster> {
  const nodes = await Promise.all(Array.from({ length: 2 * MASTERS }, () => startNode(tls)));
  const servers = nodes.map(({ server }) => server);
  const running = new Set(servers);
  await formed(nodes);
  const masterOf = async (key: string): Promise<TestRedis> => {
    const [ask] = [...running];
    if (ask === undefined) throw new Error('no server is left');
    const port = await masterPort(ask.port, key);
    return servers.find((server) => server.port === port) ?? ask;
  };
  const [host, scheme, options] =
    tls === undefined ? ['127.0.0.1', 'redis', ''] : ['localhost', 'rediss', `?ca=${encodeURIComponent(tls.ca)}`];
  return {
    url: `${scheme}+cluster://${nodes.map(({ port }) => `${host}:${port}`).join(',')}${options}`,
    killMasterOf: async (key) => {
      const killed = await masterOf(key);
      running.delete(killed);
      await killed.kill();
      await until('the replica has taken over', async () => (await masterOf(key)) !== killed);
      return killed;
    },
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

async function startNode(tls: ServerTls | undefined): Promise<Node> {
  const bus = await freePort();
  const clustered = [
    ...['--cluster-enabled', 'yes', '--cluster-port', String(bus), '--cluster-node-timeout', String(NODE_TIMEOUT_MS)],
    ...['--cluster-replica-validity-factor', '0', '--repl-diskless-sync-delay', '0'],
  ];
  if (tls === undefined) {
    const server = await startTestRedis(clustered);
    return { server, port: server.port, bus };
  }
  const port = await freePort();
  const server = await startTestRedis([
    ...clustered,
    ...['--tls-port', String(port), '--tls-cluster', 'yes', '--tls-replication', 'yes', '--tls-auth-clients', 'no'],
    ...['--tls-ca-cert-file', tls.ca, '--tls-cert-file', tls.cert, '--tls-key-file', tls.key],
    ...['--cluster-announce-hostname', 'localhost', '--cluster-preferred-endpoint-type', 'hostname'],
  ]);
  return { server, port, bus };
}

function clientOf(port: number): Redis {
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  return client;
}

/** Gives the slots to the masters, lets all know each other, and each replica its master. */
async function formed(nodes: readonly Node[]): Promise<void> {
  const clients = nodes.map(({ server }) => clientOf(server.port));
  try {
    await form(clients, nodes);
  } finally {
    clients.forEach((client) => client.disconnect());
  }
}

async function form(clients: readonly Redis[], nodes: readonly Node[]): Promise<void> {
  const [masters, replicas] = [clients.slice(0, MASTERS), clients.slice(MASTERS)];
  for (const [index, master] of masters.entries()) {
    const [from = 0, to = 0] = [index, index + 1].map((at) => Math.ceil((at * SLOTS) / MASTERS));
    await master.call('CLUSTER', ['ADDSLOTSRANGE', String(from), String(to - 1)]);
    await master.call('CLUSTER', ['SET-CONFIG-EPOCH', String(index + 1)]);
  }
  for (const { port, bus } of nodes.slice(1)) {
    await masters[0]?.call('CLUSTER', ['MEET', '127.0.0.1', String(port), String(bus)]);
  }
  const ids = await Promise.all(masters.map((master) => master.call('CLUSTER', ['MYID'])));
  for (const [index, replica] of replicas.entries()) {
    await until('it knows its master', () =>
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
  for (const replica of replicas) {
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
