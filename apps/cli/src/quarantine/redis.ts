import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RedisClient, withConnection } from '@app/redis';
import { type Settings, StartError } from '@app/telemetry';
import { Failure } from '../failure.js';

/** Where `livemeter start` notes the port of the Redis that it runs. */
const PORT_FILE = join('.livemeter', 'redis', 'port');

/** Calls `use` with a connection to the system's Redis: the one that REDIS_URL names, else that of `livemeter start`. */
export async function withRedis<T>(settings: Settings, use: (redis: RedisClient) => Promise<T>): Promise<T> {
  const url = settings.redisUrl ?? (await urlOfOwnRedis());
  try {
    return await withConnection(url, use);
  } catch (error) {
    throw error instanceof StartError ? new Failure(error.message) : error;
  }
}

async function urlOfOwnRedis(): Promise<string> {
  const port = Number(await readFile(PORT_FILE, 'utf8').catch(() => ''));
  if (Number.isInteger(port) && port > 0) return `redis://127.0.0.1:${port}`;
  throw new Failure(
    'there is no Redis to look into — set REDIS_URL, or call this in the folder in which `livemeter start` runs',
  );
}
