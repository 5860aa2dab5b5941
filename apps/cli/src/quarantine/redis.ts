import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Settings, withoutPassword } from '@app/telemetry';
import { Redis } from 'ioredis';
import { Failure, messageOf } from '../failure.js';

/** Where `livemeter start` notes the port of the Redis that it runs. */
const PORT_FILE = join('.livemeter', 'redis', 'port');

/** Calls `use` with a connection to the system's Redis: the one that REDIS_URL names, else that of `livemeter start`. */
export async function withRedis<T>(settings: Settings, use: (redis: Redis) => Promise<T>): Promise<T> {
  const url = settings.redisUrl ?? (await urlOfOwnRedis());
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: 5_000, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect().catch((error: unknown) => {
      throw new Failure(`the Redis at ${withoutPassword(url)} cannot be reached: ${messageOf(error)} — is it running?`);
    });
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

async function urlOfOwnRedis(): Promise<string> {
  const port = Number(await readFile(PORT_FILE, 'utf8').catch(() => ''));
  if (Number.isInteger(port) && port > 0) return `redis://127.0.0.1:${port}`;
  throw new Failure(
    'there is no Redis to look into — set REDIS_URL, or call this in the folder in which `livemeter start` runs',
  );
}
