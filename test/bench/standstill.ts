import { setTimeout as after } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startTestRedis } from '../support/redis.js';
import { cpuSeconds, redisCpuSeconds, startApp } from './processes.js';
import { type Bench, resultOf } from './result.js';

/** Start-up, and what a system costs in which nothing happens. */
export const standstillBench: Bench = async function* ({ quick, say }) {
  const server = await startTestRedis();
  const redis = new Redis(server.url);
  const rounds = quick ? 2 : 7;
  const bench = 'standstill';
  const env = { REDIS_URL: server.url };
  const times = { ingestion: [] as number[], metrics: [] as number[] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const name of ['ingestion', 'metrics'] as const) {
        const app = await startApp(name, env);
        times[name].push(app.startMs);
        await app.stop();
      }
      say(`start ${round + 1} of ${rounds}`);
    }
    for (const name of ['ingestion', 'metrics'] as const) {
      yield resultOf({ bench, what: `${name}: from the start of the process to ready`, unit: 'ms' }, times[name]);
    }
    const apps = [await startApp('ingestion', env), await startApp('metrics', env)] as const;
    await after(5_000);
    const seconds = quick ? 5 : 30;
    say(`standing still for ${seconds} s`);
    const before = apps.map(({ pid }) => cpuSeconds(pid));
    const [commands, cpu] = await Promise.all([commandsOf(redis), redisCpuSeconds(redis)]);
    await after(seconds * 1000);
    for (const [index, name] of ['ingestion', 'metrics'].entries()) {
      const share = (cpuSeconds(apps[index]?.pid ?? 0) - (before[index] ?? 0)) / seconds;
      yield resultOf({ bench, what: `idle: CPU of ${name}`, unit: '% of a core' }, [share * 100]);
    }
    yield resultOf({ bench, what: 'idle: CPU of Redis', unit: '% of a core' }, [
      (((await redisCpuSeconds(redis)) - cpu) / seconds) * 100,
    ]);
    yield resultOf({ bench, what: 'idle: commands of Redis', unit: '/s' }, [
      ((await commandsOf(redis)) - commands) / seconds,
    ]);
    await Promise.all(apps.map((app) => app.stop()));
  } finally {
    redis.disconnect();
    await server.stop();
  }
};

async function commandsOf(redis: Redis): Promise<number> {
  return Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
}
