import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { freePort } from './ports.js';
import { prepareRedisFolder, privateRedis } from './private-redis.js';
import { Supervisor } from './supervisor.js';

const PROGRAM = process.env['LIVEMETER_TEST_REDIS'] ?? 'redis-server';

let dir: string;

beforeEach(() => {
  // A name that would break a command line that was not made with care.
  dir = join(mkdtempSync(join(tmpdir(), 'livemeter-own-')), `it's a "folder"`);
});

afterEach(() => {
  rmSync(join(dir, '..'), { recursive: true, force: true });
});

async function started(): Promise<{ supervisor: Supervisor; port: number }> {
  const port = await freePort('127.0.0.1');
  const supervisor = new Supervisor(privateRedis({ program: PROGRAM, dir, port }), () => undefined);
  await supervisor.start();
  return { supervisor, port };
}

async function ask<T>(port: number, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port, '127.0.0.1');
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}

describe('a Redis of our own', () => {
  it('keeps its data from one run to the next, and keeps all that it acknowledges', async () => {
    await prepareRedisFolder(dir, () => undefined);
    const first = await started();
    await ask(first.port, (redis) => redis.set('key', 'kept'));
    await first.supervisor.stop();

    const second = await started();
    expect(await ask(second.port, (redis) => redis.get('key'))).toBe('kept');
    const durable = await ask(second.port, async (redis) => [
      await redis.config('GET', 'appendonly'),
      await redis.config('GET', 'appendfsync'),
      await redis.config('GET', 'maxmemory-policy'),
      await redis.config('GET', 'bind'),
    ]);
    expect(durable).toEqual([
      ['appendonly', 'yes'],
      ['appendfsync', 'always'],
      ['maxmemory-policy', 'noeviction'],
      ['bind', '127.0.0.1'],
    ]);
    await second.supervisor.stop();
  });

  it('ends one that a killed start left behind in the folder', async () => {
    await prepareRedisFolder(dir, () => undefined);
    const port = await freePort('127.0.0.1');
    const left = privateRedis({ program: PROGRAM, dir, port });
    const child = left.launch();
    const gone = once(child, 'exit');
    await left.ready(new AbortController().signal);
    const lines: string[] = [];
    await prepareRedisFolder(dir, (line) => lines.push(line));
    expect(lines).toEqual([`Ending the Redis on port ${port} that an earlier start left behind; its data is kept.`]);
    expect(await gone).toEqual([0, null]);
    expect(readFileSync(join(dir, 'redis.log'), 'utf8')).toContain('ready to exit');
  });
});
