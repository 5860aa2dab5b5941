import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { type ReplayOutcome, ReplayRequests } from './replay-requests.js';

let server: TestRedis;
let redis: Redis;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

it('brings a request to whoever takes it, and the answer back', async () => {
  const requests = new ReplayRequests(redis);
  const outcomes: ReplayOutcome[] = [{ id: '1-0', result: 'queued', detail: '1 accepted' }];
  const asked = requests.ask(['1-0']);
  let taken = await requests.take();
  while (taken === null) taken = await requests.take();
  expect(taken.ids).toEqual(['1-0']);
  await requests.answer(taken, outcomes);
  expect(await asked).toEqual(outcomes);
  expect(await requests.take()).toBeNull();
});

it('withdraws what nobody has taken in time', async () => {
  const requests = new ReplayRequests(redis, 50);
  expect(await requests.ask(['1-0'])).toBeNull();
  expect(await requests.take()).toBeNull();
});
