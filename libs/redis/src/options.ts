import type { ClusterNode, ClusterOptions as AllClusterOptions, RedisOptions } from 'ioredis';
import { parseRedisAddress, type RedisAddress, StartError } from '@app/telemetry';
import { tlsOptions } from './tls.js';

/** Replies stay as ioredis maps them by default. */
export type ServerOptions = Omit<RedisOptions, 'replyMapping'>;
export type ClusterOptions = Omit<AllClusterOptions, 'redisOptions'>;

/** How often a cluster's slots are looked up (ms): a master that only hangs, and was replaced, is found out by that. */
const SLOTS_EVERY_MS = 2_000;

/** The address in full. Throws a {@link StartError} for one that `REDIS_URL` may not hold. */
export function addressOf(redisUrl: string): RedisAddress {
  const parsed = parseRedisAddress(redisUrl);
  if (!parsed.ok) throw new StartError([`REDIS_URL must be ${parsed.problem}`]);
  return parsed.address;
}

/** For a server, or the master that Sentinels name. */
export function serverOptions(address: RedisAddress, temper: ServerOptions): ServerOptions {
  const { nodes, master, db, sentinelAuth, username, password } = address;
  const login = loginOf(address);
  const [first] = nodes;
  if (address.kind !== 'sentinel') return { ...first, ...login, db, ...temper };
  return {
    sentinels: [...nodes],
    name: master ?? '',
    db,
    ...login,
    ...(login.tls === undefined ? {} : { enableTLSForSentinelMode: true, sentinelTLS: login.tls }),
    ...(sentinelAuth && username !== null ? { sentinelUsername: username } : {}),
    ...(sentinelAuth && password !== null ? { sentinelPassword: password } : {}),
    // Sentinels tell of another master, also where the old one only hangs; a master that became a replica says so itself.
    failoverDetector: true,
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...temper,
  };
}

/** For a cluster: nodes to begin with, and options. */
export function clusterOptions(
  address: RedisAddress,
  temper: ServerOptions,
  cluster: ClusterOptions,
): readonly [nodes: ClusterNode[], options: ClusterOptions & { redisOptions: ServerOptions }] {
  const options = {
    scaleReads: 'master' as const,
    slotsRefreshInterval: SLOTS_EVERY_MS,
    slotsRefreshTimeout: SLOTS_EVERY_MS,
    // Certificates are for names.
    ...(address.tls === null ? {} : { dnsLookup: asIs }),
    ...cluster,
    redisOptions: { ...loginOf(address), ...temper },
  };
  return [address.nodes.map((node) => ({ ...node })), options];
}

const asIs: NonNullable<ClusterOptions['dnsLookup']> = (name, callback) => callback(null, name);

function loginOf({ username, password, tls }: RedisAddress): ServerOptions {
  return {
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    ...(tls === null ? {} : { tls: tlsOptions(tls) }),
  };
}
