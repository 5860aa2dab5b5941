import { OCCURRENCES, StartError, type Telemetry } from '@app/telemetry';
import type { Redis } from 'ioredis';

/** Whether Redis keeps what it is given; `problems` are sentences for the log, each with its remedy. */
export interface Durability {
  readonly ok: boolean;
  readonly problems: readonly string[];
}

const WANTED = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' } as const;

/** Asks Redis for its settings. A setting that cannot be read counts as a problem: what is not known is not promised. */
export async function checkDurability(redis: Redis): Promise<Durability> {
  const found = await Promise.all(Object.entries(WANTED).map(([name, wanted]) => problemOf(redis, name, wanted)));
  const problems = found.filter((problem) => problem !== null);
  return { ok: problems.length === 0, problems };
}

/** Makes sure that Redis keeps what it is given, unless reduced durability is accepted. Rejects with {@link StartError}. */
export async function requireDurability(redis: Redis, mode: 'full' | 'reduced', telemetry: Telemetry): Promise<void> {
  const { ok, problems } = await checkDurability(redis);
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

/** Asks Redis for its memory. Rejects as the connection does. */
export async function memoryUse(redis: Redis): Promise<MemoryUse> {
  const info = await redis.info('memory');
  const max = figure(info, 'maxmemory');
  return { used: figure(info, 'used_memory') ?? 0, max: max === 0 ? null : max };
}

function figure(info: string, name: string): number | null {
  const found = new RegExp(`^${name}:(\\d+)`, 'm').exec(info);
  return found === null ? null : Number(found[1]);
}
