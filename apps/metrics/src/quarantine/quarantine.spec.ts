import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { QuarantineStore, ReplayRequests, UnknownTypesStore } from '@app/state';
import { MetricsReplica, metricsSettings } from '../../../../test/support/metrics.js';
import { startTestRedis, type TestRedis } from '../../../../test/support/redis.js';
import { Redis } from 'ioredis';

let server: TestRedis;
let redis: Redis;
let replica: MetricsReplica;
let ids: readonly string[];

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  replica = await MetricsReplica.start(metricsSettings(server.url));
  const store = new QuarantineStore(redis);
  const entry = { source: 'liveperson', reason: 'bad-json', detail: 'the body is not JSON' };
  await store.put([
    { ...entry, accountId: '1', raw: Buffer.from('{"a":') },
    { ...entry, accountId: null, raw: Uint8Array.from([255]) },
    { ...entry, accountId: '2', reason: 'time-ahead', raw: Buffer.from('{}') },
  ]);
  ids = (await store.list(null, 10)).map(({ id }) => id);
  await new UnknownTypesStore(redis).put([{ type: 'New', source: 'liveperson', raw: Buffer.from('{}') }]);
}, 20_000);

afterAll(async () => {
  await replica.app.close();
  redis.disconnect();
  await server.stop();
});

/** What a request is answered: status and JSON. */
async function post(path: string, body: unknown, type = 'application/json') {
  const reply = await replica.post(path, JSON.stringify(body), type);
  return { status: reply.status, json: JSON.parse(reply.text) as unknown };
}

it.each([
  { query: '', want: [0, 1, 2] },
  { query: '?account=1', want: [0] },
  { query: '?reason=time-ahead&source=liveperson', want: [2] },
  { query: '?to=2020-01-01T00:00:00Z', want: [] },
])('lists what is asked for: $query', async ({ query, want }) => {
  const { entries, next } = (await replica.json(`/v1/quarantine${query}`)) as { entries: { id: string }[]; next: null };
  expect(entries.map(({ id }) => id)).toEqual(want.map((at) => ids[at]));
  expect(next).toBeNull();
});

it('lists page by page', async () => {
  const first = (await replica.json('/v1/quarantine?limit=2')) as { entries: unknown[]; next: string };
  const second = await replica.json(`/v1/quarantine?limit=2&cursor=${first.next}`);
  expect(first.entries).toHaveLength(2);
  expect(second).toMatchObject({ entries: [{ id: ids[2], at: expect.stringMatching(/Z$/) }], next: null });
});

it('shows one with its raw bytes', async () => {
  expect(await replica.json(`/v1/quarantine/${ids[0]}`)).toMatchObject({
    accountId: '1',
    encoding: 'text',
    raw: '{"a":',
  });
  expect(await replica.json(`/v1/quarantine/${ids[1]}`)).toMatchObject({ encoding: 'base64', raw: '/w==' });
});

it('keeps accounts apart', async () => {
  expect(await replica.json('/v1/accounts/1/quarantine')).toMatchObject({ entries: [{ id: ids[0] }] });
  expect((await replica.get(`/v1/accounts/1/quarantine/${ids[0]}`)).status).toBe(200);
  expect((await replica.get(`/v1/accounts/1/quarantine/${ids[2]}`)).status).toBe(404);
  expect((await post('/v1/accounts/1/quarantine/drop', { ids: [ids[1], ids[2]] })).json).toEqual({ dropped: 0 });
  const replayed = await post('/v1/accounts/1/quarantine/replay', { ids: [ids[2]] });
  expect(replayed.json).toMatchObject({ outcomes: [{ id: ids[2], result: 'gone' }] });
});

it('has ingestion replay, and tells what it says', async () => {
  const requests = new ReplayRequests(redis);
  const asked = post('/v1/quarantine/replay', { ids: [ids[0]] });
  let taken = await requests.take();
  while (taken === null) taken = await requests.take();
  const outcomes = taken.ids.map((id) => ({ id, result: 'queued', detail: '1 accepted' }) as const);
  await requests.answer(taken, outcomes);
  expect(await asked).toEqual({ status: 200, json: { outcomes } });
});

it('tells the unknown types', async () => {
  expect(await replica.json('/v1/quarantine/types')).toEqual({ types: [{ type: 'New', events: 1 }] });
});

it('drops', async () => {
  expect((await post('/v1/quarantine/drop', { ids: [ids[0], '1-0'] })).json).toEqual({ dropped: 1 });
});

it.each([
  { name: 'a body that is no JSON', type: 'text/plain', body: { ids: [] }, status: [400, 415] },
  { name: 'no ids', type: 'application/json', body: {}, status: [400] },
  { name: 'what is no id', type: 'application/json', body: { ids: ['x'] }, status: [400] },
])('refuses $name', async ({ body, type, status }) => {
  expect(status).toContain((await post('/v1/quarantine/drop', body, type)).status);
});

it('says what is allowed', async () => {
  const reply = await replica.get('/v1/quarantine?limit=0&what=1');
  expect(reply.status).toBe(400);
  expect(JSON.parse(reply.text)).toMatchObject({ errors: [{ parameter: 'what' }, { parameter: 'limit' }] });
});
