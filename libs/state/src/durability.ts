import { OCCURRENCES, StartError, type Telemetry } from '@app/telemetry';
import { masters, type RedisClient } from '@app/redis';
import type { Redis } from 'ioredis';

/** Whether Redis keeps what it is given; `problems` are sentences for the log, each with its remedy. */
export interface Durability {
  readonly ok: boolean;
  readonly problems: readonly string[];
}

const WANTED = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' } as const;

/**
 * Asks Redis for its settings, each master of a cluster. A setting that cannot be read counts as a problem: what is not
 * known is not promised. Rejects while a master is not known.
 */
export async function checkDurability(redis: RedisClient): Promise<Durability> {
  const servers = masters(redis);
  const found = await Promise.all(servers.map((server) => problemsOf(server, servers.length > 1)));
  const problems = found.flat();
  return { ok: problems.length === 0, problems };
}

async function problemsOf(server: Redis, isOneOfMany: boolean): Promise<readonly string[]> {
  const found = await Promise.all(Object.entries(WANTED).map(([name, wanted]) => problemOf(server, name, wanted)));
  const where = isOneOfMany ? `${server.options.host}:${server.options.port}: ` : '';
  return found.flatMap((problem) => (problem === null ? [] : [where + problem]));
}

/** Makes sure that Redis keeps what it is given, unless reduced durability is accepted. Rejects with {@link StartError}. */
export async function requireDurability(
  redis: RedisClient,
  mode: 'full' | 'reduced',
  telemetry: Telemetry,
): Promise<void> {
  const { ok, problems } = await checkDurability(redis).catch((error: unknown) => {
    throw new StartError([
      `Redis cannot be asked for its settings: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  });
  if (ok) return;
  if (mode === 'reduced') {
    telemetry.report(OCCURRENCES.notDurable, {}, { problems });
    return;
  }
  throw new StartError([
    'Redis may lose events that were acknowledged:',
    ...problems.map((problem) => `- ${problem}`),
    'Set it up so, or accept the loss with LIVEMETER_DURABILITY=reduced.',
  ]);
}

async function problemOf(redis: Redis, name: string, wanted: string): Promise<string | null> {
  let value: string | undefined;
  try {
    const reply = (await redis.call('CONFIG', ['GET', name])) as readonly string[];
    value = reply[1];
  } catch (error) {
    return `${name} cannot be read (${error instanceof Error ? error.message : String(error)}): allow CONFIG GET`;
  }
  if (value === undefined) return `${name} cannot be read: allow CONFIG GET`;
  return value === wanted ? null : `${name} is ${value}: set it to ${wanted}`;
}

/** What Redis uses and may use, in bytes; `max` is null when it has no limit. */
export interface MemoryUse {
  readonly used: number;
  readonly max: number | null;
}

/** Asks Redis for its memory; of a cluster, the master that is fullest. Rejects as the connection does. */
export async function memoryUse(redis: RedisClient): Promise<MemoryUse> {
  const uses = await Promise.all(masters(redis).map(memoryOf));
  return uses.reduce((fullest, use) => (shareUsed(use) > shareUsed(fullest) ? use : fullest));
}

async function memoryOf(server: Redis): Promise<MemoryUse> {
  const info = await server.info('memory');
  const max = figure(info, 'maxmemory');
  return { used: figure(info, 'used_memory') ?? 0, max: max === 0 ? null : max };
}

function shareUsed({ used, max }: MemoryUse): number {
  return max === null ? 0 : used / max;
}

function figure(info: string, name: string): number | null {
  const found = new RegExp(`^${name}:(\\d+)`, 'm').exec(info);
  return found === null ? null : Number(found[1]);
}
