import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { SpooledNotes, epochBesideQueue } from './spooled.js';

let server: TestRedis;
let redis: Redis;
let notes: SpooledNotes;

beforeAll(async () => {
  server = await startTestRedis();
});

afterAll(() => server.stop());

beforeEach(async () => {
  redis = new Redis(server.url);
  await redis.flushall();
  notes = new SpooledNotes(redis);
});

afterEach(() => redis.disconnect());

const waiting = async () => Object.fromEntries(await notes.waiting());

describe('what waits on disks', () => {
  it('is noted by place, and forgotten when it is gone from there', async () => {
    await notes.reconcile('one:/spool', () => ['a', 'b']);
    await notes.reconcile('two:/spool', () => ['c']);
    expect(await waiting()).toEqual({ 'one:/spool': 2, 'two:/spool': 1 });
    await notes.reconcile('one:/spool', () => ['b', 'd']);
    await notes.reconcile('two:/spool', () => []);
    expect(await waiting()).toEqual({ 'one:/spool': 2 });
    await notes.forget(['b', 'd']);
    expect(await waiting()).toEqual({});
  });

  it('is noted where it is found now, though another had it', async () => {
    await notes.reconcile('old:/spool', () => ['a']);
    await notes.reconcile('new:/spool', () => ['a']);
    expect(await waiting()).toEqual({ 'new:/spool': 1 });
  });

  it('is taken as it is after the notes were read: what began meanwhile is not forgotten', async () => {
    const segments: string[] = [];
    const reconciled = notes.reconcile('one:/spool', () => segments);
    segments.push('a');
    await reconciled;
    expect(await waiting()).toEqual({ 'one:/spool': 1 });
  });
});

it('gives everybody who writes beside the queue an epoch of their own', async () => {
  const given = await Promise.all(Array.from({ length: 50 }, () => epochBesideQueue(redis)));
  expect(new Set(given).size).toBe(50);
});
