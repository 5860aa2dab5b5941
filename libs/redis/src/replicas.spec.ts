import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestCluster, type TestCluster } from '../../../test/support/redis-cluster.js';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { type RedisClient, whenReady } from './client.js';
import { impatientConnection } from './connection.js';
import { NotReplicated, Replicas, replicasOf } from './replicas.js';

const onError = (): undefined => undefined;

describe('a server and its replica', () => {
  let master: TestRedis;
  let replica: TestRedis;
  let redis: RedisClient;
  let one: Replicas;

  beforeAll(async () => {
    master = await startTestRedis(['--repl-diskless-sync-delay', '0']);
    replica = await startTestRedis(['--replicaof', '127.0.0.1', String(master.port)]);
    redis = impatientConnection(master.url, onError);
    await whenReady(redis);
    one = new Replicas(redis, { count: 1, timeoutMs: 300 });
    await followed();
  });
  afterAll(async () => {
    redis.disconnect();
    await Promise.all([master.stop(), replica.stop()]);
  });

  /** Resolves when the replica has caught up: it is told as connected before. */
  const followed = async (): Promise<void> => {
    const isKept = (): Promise<boolean> => one.keep('k', write('any')).then(Boolean, () => false);
    while (!(await isKept())) await pause(20);
  };

  const write = (text: string) => (): Promise<unknown> => redis.set('k', text);

  it('what is kept is on the replica', async () => {
    expect(await one.keep('k', write('first'))).toBe('OK');
    const there = impatientConnection(replica.url, onError);
    await whenReady(there);
    expect(await there.get('k')).toBe('first');
    there.disconnect();
  });

  it('many writes at the same time wait together', async () => {
    const kept = Array.from({ length: 50 }, (_, index) => one.keep('k', write(String(index))));
    expect(await Promise.all(kept)).toEqual(Array(50).fill('OK'));
  });

  it('two replicas are wanted, and one is there', async () => {
    const two = new Replicas(redis, { count: 2, timeoutMs: 50 });
    await expect(two.keep('k', write('x'))).rejects.toThrow(new NotReplicated('1 of 2 replicas have it'));
  });

  it('none is wanted: nothing is asked', async () => {
    expect(await new Replicas(redis, { count: 0 }).keep('k', write('x'))).toBe('OK');
  });

  it('a failed write is told as it is', async () => {
    await expect(one.keep('k', () => redis.hset('k', 'f', 'v'))).rejects.toThrow(/^WRONGTYPE/);
  });

  it('a connection that was made anew after the write says nothing of it', async () => {
    const kept = one.keep('k', async () => {
      await redis.set('k', 'x');
      redis.disconnect(true);
      while (redis.status === 'ready') await pause(1);
      await whenReady(redis);
    });
    await expect(kept).rejects.toThrow(new NotReplicated('another server may have taken it'));
  });

  it('a replica that hangs is missing', async () => {
    replica.suspend();
    await expect(one.keep('k', write('x'))).rejects.toThrow(new NotReplicated('0 of 1 replicas have it'));
    replica.resume();
    await followed();
    expect(await replicasOf(redis)).toBe(1);
  });
});

describe('a cluster', () => {
  let cluster: TestCluster;
  let redis: RedisClient;
  let one: Replicas;
  const keys = Array.from({ length: 16 }, (_, index) => `{lm:${index}}`);

  beforeAll(async () => {
    cluster = await startTestCluster();
    redis = impatientConnection(cluster.url, onError);
    await whenReady(redis);
    one = new Replicas(redis, { count: 1 });
  });
  afterAll(async () => {
    redis.disconnect();
    await cluster.stop();
  });

  it('each master waits for its own replica', async () => {
    expect(await replicasOf(redis)).toBe(1);
    const kept = keys.map((key) => one.keep(key, () => redis.set(key, 'x')));
    expect(await Promise.all(kept)).toEqual(keys.map(() => 'OK'));
  });

  it('after a replica took over it has none itself', async () => {
    await cluster.killMasterOf('{lm:0}');
    let outcome = '';
    while (!outcome.startsWith('0 of 1')) {
      await pause(20);
      outcome = await one
        .keep('{lm:0}', () => redis.set('{lm:0}', 'y'))
        .then(String, (error: unknown) => (error as Error).message);
      expect(outcome).not.toBe('OK');
    }
    expect(await redis.get('{lm:0}')).toBe('y');
    expect(await replicasOf(redis)).toBe(0);
  });
});
