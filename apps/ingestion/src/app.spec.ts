import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QuarantineStore, UnknownTypesStore } from '@app/state';
import { readSettings } from '@app/telemetry';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { createIngestionApp, type IngestionApp } from './app.js';
import { StartError } from './start-error.js';

const KEY = 'test-secret';
const SOURCES = `sources:
  liveperson:
    type: liveperson
    accounts: ["84731"]
    credentials:
      - { type: lp-signature, key: "\${env:LP_KEY}", algorithm: sha256, encoding: base64 }
      - { type: api-key, header: x-api-key, key: "\${env:API_KEY}" }
`;

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, string | string[] | undefined>;
}

let dir: string;
let redis: TestRedis;
let client: Redis;
let app: IngestionApp;
let url: string;
let record: string;

async function start(extra: Record<string, string> = {}): Promise<{ app: IngestionApp; url: string }> {
  const read = readSettings({
    REDIS_URL: redis.url,
    LIVEMETER_CONFIG: dir,
    INGESTION_PORT: '0',
    LOG_LEVEL: 'silent',
    ...extra,
  });
  if (!read.ok) throw new Error(read.errors.join('\n'));
  const created = await createIngestionApp(read.settings, { LP_KEY: KEY, API_KEY: 'a-1' });
  const { address } = await created.listen();
  return { app: created, url: address };
}

/** A request as plain as a sender can make it: no header that is not asked for. */
function send(path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body);
    const options = { method: 'POST', headers: { 'content-length': String(bytes.length), ...headers } };
    const request = httpRequest(`${url}${path}`, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: String(Buffer.concat(chunks)), headers: response.headers }),
      );
    });
    request.on('error', reject);
    request.end(bytes);
  });
}

function sign(body: string | Buffer): Record<string, string> {
  return { 'x-liveperson-signature': `sha256=${createHmac('sha256', KEY).update(body).digest('base64')}` };
}

function post(body: string | Buffer, headers: Record<string, string> = {}): Promise<Reply> {
  return send('/v1/events/liveperson', body, { ...sign(body), ...headers });
}

function event(change: { header?: object; data?: object } = {}): object {
  return {
    commonHeader: {
      accountId: '84731',
      uid: 'u-1',
      schemaVersion: '1-0-0',
      eventTimestamp: Date.now(),
      eventType: 'MessageConsumerEvent',
      webhookSubscriptionId: 's-1',
      ...change.header,
    },
    data: { convDetails: { convId: 'c-1' }, ...change.data },
  };
}

const text = (change?: { header?: object; data?: object }) => JSON.stringify(event(change));

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-ingestion-'));
  mkdirSync(join(dir, 'metrics'));
  writeFileSync(join(dir, 'sources.yaml'), SOURCES);
  record = join(dir, 'record.ndjson');
  redis = await startTestRedis();
  client = new Redis(redis.url, { maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  ({ app, url } = await start({ LIVEMETER_RECORD: record }));
}, 20_000);

afterAll(async () => {
  await app.close();
  client.disconnect();
  await redis.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** What entered quarantine during `act`. */
async function quarantinedBy(act: () => Promise<unknown>) {
  const store = new QuarantineStore(client);
  const last = (await store.list(null, 10_000)).at(-1)?.id ?? null;
  await act();
  return store.list(last, 100);
}

describe('a reply', () => {
  it.each([
    { name: 'one event', body: () => text(), want: [1, 0, 0] },
    { name: 'an array', body: () => `[${text()},${text()}]`, want: [2, 0, 0] },
    { name: 'an empty array', body: () => '[]', want: [0, 0, 0] },
    {
      name: 'an event of two entities',
      body: () => text({ data: { agentDetails: { agentId: 'a-1' } } }),
      want: [1, 0, 0],
    },
    { name: 'an unknown type', body: () => text({ header: { eventType: 'RoutingEvent' } }), want: [0, 0, 1] },
    { name: 'an event of no entity', body: () => text({ data: { convDetails: { convId: null } } }), want: [0, 0, 1] },
    { name: 'another account', body: () => text({ header: { accountId: '1' } }), want: [0, 1, 0] },
    { name: 'an unknown MODEL', body: () => text({ header: { schemaVersion: '9-0-0' } }), want: [0, 1, 0] },
    { name: 'no JSON', body: () => '{', want: [0, 1, 0] },
    { name: 'an empty body', body: () => '', want: [0, 1, 0] },
    { name: 'no UTF-8', body: () => Buffer.from([0x22, 0xff, 0x22]), want: [0, 1, 0] },
    { name: 'a mixture', body: () => `[${text()},7,${text({ header: { eventType: 'X' } })}]`, want: [1, 1, 1] },
    { name: 'deep nesting', body: () => '['.repeat(200_000) + ']'.repeat(200_000), want: [0, 1, 0] },
  ])('to $name is 200 and says what became of it', async ({ body, want }) => {
    const reply = await post(body());
    const [accepted, quarantined, ignored] = want;
    expect(reply.status).toBe(200);
    expect(reply.text).toBe(JSON.stringify({ accepted, quarantined, ignored }));
  });

  it.each([
    'application/json',
    'text/plain; charset=latin1',
    'application/x-www-form-urlencoded',
    'nonsense',
    ';;;',
    '',
  ])('does not depend on the Content-Type %j', async (type) => {
    expect((await post(text(), { 'content-type': type })).text).toBe('{"accepted":1,"quarantined":0,"ignored":0}');
  });

  it('takes a chunked body', async () => {
    const body = text();
    const reply = await fetch(`${url}/v1/events/liveperson`, {
      method: 'POST',
      headers: sign(body),
      body: new Blob([body]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(await reply.text()).toBe('{"accepted":1,"quarantined":0,"ignored":0}');
  });
});

describe('a refusal', () => {
  const problem = (status: number, title: string, detail?: string) =>
    JSON.stringify({ type: 'about:blank', title, status, ...(detail === undefined ? {} : { detail }) });

  it.each([
    { name: 'no credential', headers: {} },
    { name: 'another key', headers: { 'x-api-key': 'a-2' } },
    { name: 'the signature of another body', headers: sign(text({ header: { uid: 'u-2' } })) },
  ])('401 for $name, with no word on why', async ({ headers }) => {
    const reply = await send('/v1/events/liveperson', text(), headers);
    expect(reply.status).toBe(401);
    expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(reply.text).toBe(problem(401, 'Unauthorized'));
  });

  it('404 for an unknown source and for an unknown path', async () => {
    const reply = await send('/v1/events/other', text());
    expect(reply.status).toBe(404);
    expect(reply.text).toBe(problem(404, 'Not Found', 'there is no such source'));
    expect((await send('/v2', text())).text).toBe(problem(404, 'Not Found'));
  });

  it('413 only above 16 MiB', async () => {
    const most = Buffer.alloc(16 * 1024 * 1024, 0x20);
    expect((await post(most)).text).toBe('{"accepted":0,"quarantined":1,"ignored":0}');
    const reply = await post(Buffer.alloc(most.length + 1, 0x20)).catch((error: NodeJS.ErrnoException) => error.code);
    if (typeof reply === 'object') {
      expect(reply.status).toBe(413);
      expect(reply.text).toBe(problem(413, 'Payload Too Large', 'a body has at most 16777216 bytes'));
    } else expect(['EPIPE', 'ECONNRESET']).toContain(reply);
  });
});

describe('the quarantine', () => {
  it.each([
    { name: 'no JSON', body: () => '{"a":', reason: 'bad-json', detail: 'the body is not JSON' },
    {
      name: 'an account that may not send',
      body: () => text({ header: { accountId: '1' } }),
      reason: 'account-not-allowed',
      detail: 'accountId is not among the accounts of this source',
    },
    {
      name: 'a missing field',
      body: () => text({ header: { eventTimestamp: null } }),
      reason: 'missing-field',
      detail: 'eventTimestamp is missing, null or empty',
    },
  ])('holds $name with its raw bytes and the reason', async ({ body, reason, detail }) => {
    const bytes = body();
    const entries = await quarantinedBy(() => post(bytes, { 'x-liveperson-account-id': '84731' }));
    expect(entries).toMatchObject([{ source: 'liveperson', accountId: '84731', reason, detail }]);
    expect(String(Buffer.from(entries[0]?.raw ?? []))).toBe(bytes);
  });

  it('holds the first 64 KiB of a body above 1 MiB', async () => {
    const body = ' '.repeat(1024 * 1024) + text();
    const entries = await quarantinedBy(() => post(body));
    expect(entries).toMatchObject([{ reason: 'too-large', rawBytes: body.length }]);
    expect(entries[0]?.raw.length).toBe(64 * 1024);
  });

  it('holds a compressed body and says so', async () => {
    const entries = await quarantinedBy(() => post('x', { 'content-encoding': 'gzip' }));
    expect(entries).toMatchObject([
      { reason: 'bad-json', detail: 'the body has a Content-Encoding, which is not supported: send it as it is' },
    ]);
  });

  it('holds an event whose account is not the one in the header', async () => {
    const entries = await quarantinedBy(() => post(text(), { 'x-liveperson-account-id': '1' }));
    expect(entries).toMatchObject([{ reason: 'account-mismatch' }]);
  });

  it('does not hold unknown types: they have lists of their own', async () => {
    const body = text({ header: { eventType: 'BrandNewEvent' } });
    expect(await quarantinedBy(() => post(body))).toEqual([]);
    const kept = await new UnknownTypesStore(client).list('BrandNewEvent', 10);
    expect(kept.map(({ raw }) => String(Buffer.from(raw)))).toEqual([body]);
  });
});

describe('the record', () => {
  it('has each accepted event as it came, on disk before the 200', async () => {
    const body = JSON.stringify(event({ header: { uid: 'recorded' } }), null, 2);
    await post(body);
    const last = readFileSync(record, 'utf8').trimEnd().split('\n').at(-1) ?? '';
    const line = JSON.parse(last) as { receivedAt: number; event: unknown };
    expect(line.event).toEqual(JSON.parse(body));
    expect(line.receivedAt).toBeGreaterThan(1_600_000_000_000);
  });

  it('is in order of receipt', async () => {
    const uids = Array.from({ length: 200 }, (_, i) => `order-${i}`);
    await post(`[${uids.map((uid) => text({ header: { uid }, data: { convDetails: { convId: uid } } })).join(',')}]`);
    const lines = readFileSync(record, 'utf8').trimEnd().split('\n');
    const recorded = lines.slice(-200).map((line) => JSON.parse(line) as { receivedAt: number; event: object });
    expect(recorded).toMatchObject(uids.map((uid) => ({ event: { commonHeader: { uid } } })));
  });

  it('leaves out what was not accepted', async () => {
    const before = readFileSync(record, 'utf8');
    await post('{');
    await post(text({ header: { eventType: 'Other' } }));
    expect(readFileSync(record, 'utf8')).toBe(before);
  });
});

describe('the probes', () => {
  it('are good while all is', async () => {
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'alive' });
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ status: 'ready', missing: {}, reduced: {} });
  });

  it('own figures are at /metrics', async () => {
    const reply = await fetch(`${url}/metrics`);
    const page = await reply.text();
    expect(reply.headers.get('content-type')).toContain('text/plain');
    for (const name of [
      'livemeter_durable 1',
      'livemeter_ingestion_ready 1',
      'livemeter_ingestion_requests_total{code="401"} 3',
      'livemeter_ingestion_events_total{type="MessageConsumerEvent",outcome="accepted"}',
      'livemeter_quarantined_total{source="liveperson",reason="too-large"}',
      'livemeter_ingestion_ack_seconds_count',
      'process_cpu_seconds_total',
    ]) {
      expect(page).toContain(name);
    }
  });
});

describe('when Redis is away', () => {
  it('the reply is 503 with Retry-After, and 200 again when it is back', async () => {
    await redis.kill();
    const reply = await post(text());
    expect(reply.status).toBe(503);
    expect(reply.headers['retry-after']).toBe('2');
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ status: 'not ready', missing: { redis: 'Redis cannot be reached' } });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await redis.restart();
    let status = 503;
    while (status === 503) ({ status } = await post(text({ header: { uid: 'after' } })));
    expect(status).toBe(200);
  }, 20_000);
});

describe('when Redis does not answer', () => {
  it('the reply is 503', async () => {
    await client.call('CLIENT', 'PAUSE', '1500', 'ALL');
    expect((await post(text({ header: { uid: 'paused' } }))).status).toBe(503);
    await client.ping();
    let status = 503;
    while (status === 503) ({ status } = await post(text({ header: { uid: 'paused' } })));
    expect(status).toBe(200);
  });
});

describe('the limits', () => {
  const used = async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);

  it.each([
    {
      name: 'memory',
      begin: async () => client.config('SET', 'maxmemory', Math.floor((await used()) / 0.9)),
      environment: {},
    },
    { name: 'backlog', begin: () => Promise.resolve(), environment: { LIVEMETER_MAX_BACKLOG: '1' } },
  ])('of the $name: above it, 503', async ({ name, begin, environment }) => {
    await begin();
    const other = await start(environment);
    try {
      const body = text();
      const reply = await fetch(`${other.url}/v1/events/liveperson`, { method: 'POST', body, headers: sign(body) });
      expect(reply.status).toBe(503);
      const ready = (await (await fetch(`${other.url}/readyz`)).json()) as { missing: object };
      expect(Object.keys(ready.missing)).toEqual([name]);
    } finally {
      await other.app.close();
      await client.config('SET', 'maxmemory', 0);
    }
  });
});

describe('a start', () => {
  const refused = async (extra: Record<string, string>) => {
    const error = await start(extra).catch((reason: unknown) => reason);
    return error instanceof StartError ? error.message : error;
  };

  it.each([
    { name: 'another number of partitions', extra: { LIVEMETER_PARTITIONS: '3' }, want: /laid out in 8 partitions/ },
    { name: 'no sources', extra: { LIVEMETER_CONFIG: '/nowhere' }, want: /sources.yaml: cannot be read/ },
    {
      name: 'a record in no folder',
      extra: { LIVEMETER_RECORD: '/nowhere/r' },
      want: /LIVEMETER_RECORD=.*cannot be opened/,
    },
    { name: 'no Redis named', extra: { REDIS_URL: '' }, want: /REDIS_URL is not set/ },
  ])('with $name is refused', async ({ extra, want }) => {
    expect(await refused(extra)).toMatch(want);
  });

  it('on a Redis that may lose events is refused, unless that is accepted', async () => {
    await client.config('SET', 'appendfsync', 'everysec');
    try {
      expect(await refused({})).toMatch(/appendfsync is everysec: set it to always/);
      const other = await start({ LIVEMETER_DURABILITY: 'reduced' });
      const ready = await fetch(`${other.url}/readyz`);
      expect(ready.status).toBe(200);
      expect(await ready.json()).toMatchObject({
        reduced: { durability: 'appendfsync is everysec: set it to always' },
      });
      expect(await (await fetch(`${other.url}/metrics`)).text()).toContain('livemeter_durable 0');
      await other.app.close();
    } finally {
      await client.config('SET', 'appendfsync', 'always');
    }
  });
});
