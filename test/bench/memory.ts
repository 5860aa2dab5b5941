import { Redis } from 'ioredis';
import { startTestRedis } from '../support/redis.js';
import { agentHistory, openConversations, PARTITIONS, Populating } from './populated.js';
import { residentMiB, startApp } from './processes.js';
import { type Bench, resultOf } from './result.js';

const KIBI = 1024;
const MEBI = 1024 * 1024;

/** Memory of Redis for 10 000 agents and 100 000 open conversations, and what each thing takes of it. */
export const memoryBench: Bench = async function* ({ quick, say }) {
  const [agents, conversations] = quick ? [1_000, 10_000] : [10_000, 100_000];
  const server = await startTestRedis(['--appendonly', 'no']);
  const redis = new Redis(server.url);
  const populating = new Populating(server.url);
  const nowMs = Date.now();
  const bench = 'memory';
  const unit = 'bytes';
  try {
    const empty = await used(redis);
    say(`${conversations} open conversations`);
    let some: Parameters<Populating['apply']>[0][number][] = [];
    for (const event of openConversations(conversations, agents, nowMs)) {
      if (some.push(event) < 30_000) continue;
      await populating.apply(some);
      some = [];
    }
    await populating.apply(some);
    const withConversations = await used(redis);
    const records = await total(redis, 'entity:conversation:*');
    const due = await total(redis, 'due');
    yield resultOf(
      { bench, what: 'of Redis per open conversation: record and due time', unit },
      [(records + due) / conversations],
      { sense: 'at most', value: KIBI },
    );
    // An event is remembered at each entity that it names: six of the conversation, three of the agent.
    const marks = await total(redis, 'seen:*');
    yield resultOf({ bench, what: 'of Redis per remembered event and entity', unit }, [marks / (conversations * 8)], {
      sense: 'at most',
      value: 16,
    });
    say(`${agents} agents`);
    const histories = Array.from({ length: agents }, (_, agent) => agentHistory(agent, nowMs));
    await populating.apply(histories.flat().sort((a, b) => a.time - b.time));
    const all = await used(redis);
    yield resultOf({ bench, what: 'of Redis per agent, with its series', unit }, [(all - withConversations) / agents]);
    const [series, fields] = await seriesOf(redis);
    yield resultOf({ bench, what: `of Redis per series kept (${fields})`, unit }, [series / fields]);
    const what = `of Redis, ${conversations} open conversations and ${agents} agents`;
    yield resultOf({ bench, what, unit: 'MiB' }, [(all - empty) / MEBI], { sense: 'at most', value: 300 });
    const env = { REDIS_URL: server.url, LIVEMETER_DURABILITY: 'reduced', LIVEMETER_PARTITIONS: String(PARTITIONS) };
    const metrics = await startApp('metrics', env);
    for (let n = 0; n < 3; n += 1) await (await fetch(`${metrics.url}/metrics`)).arrayBuffer();
    const app = { bench, what: `of the metrics app, ${agents} agents, after three scrapes`, unit: 'MiB' };
    yield resultOf(app, [residentMiB(metrics.pid)], { sense: 'at most', value: 256 });
    await metrics.stop();
  } finally {
    populating.close();
    redis.disconnect();
    await server.stop();
  }
};

async function used(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
}

/** Bytes of all keys of that pattern, in every partition. */
async function total(redis: Redis, pattern: string): Promise<number> {
  let bytes = 0;
  for (const key of await redis.keys(`{lm:*}:${pattern}`)) {
    bytes += Number(await redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '100'));
  }
  return bytes;
}

async function seriesOf(redis: Redis): Promise<[bytes: number, fields: number]> {
  const keys = await redis.keys('{lm:*}:series:*');
  const counts = await Promise.all(keys.map((key) => redis.hlen(key)));
  return [await total(redis, 'series:*'), counts.reduce((sum, count) => sum + count, 0)];
}
