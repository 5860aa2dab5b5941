import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consumerMessage, IngestionUnderTest, sign } from '../../../test/support/ingestion.js';
import { StartError } from '@app/telemetry';

let ingestion: IngestionUnderTest;

beforeAll(async () => {
  ingestion = await IngestionUnderTest.start();
}, 20_000);

afterAll(() => ingestion.stop());

describe('the probes', () => {
  it('are good while all is', async () => {
    expect(await (await fetch(`${ingestion.url}/healthz`)).json()).toEqual({ status: 'alive' });
    const ready = await fetch(`${ingestion.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ status: 'ready', missing: {}, reduced: {} });
  });

  it('own figures are at /metrics', async () => {
    await ingestion.post(consumerMessage());
    await ingestion.post('{');
    await ingestion.send('/v1/events/liveperson', consumerMessage());
    const reply = await fetch(`${ingestion.url}/metrics`);
    const page = await reply.text();
    expect(reply.headers.get('content-type')).toContain('text/plain');
    for (const name of [
      'livemeter_durable 1',
      'livemeter_ingestion_ready 1',
      'livemeter_ingestion_requests_total{code="200"} 2',
      'livemeter_ingestion_requests_total{code="401"} 1',
      'livemeter_ingestion_events_total{type="MessageConsumerEvent",outcome="accepted"} 1',
      'livemeter_quarantined_total{source="liveperson",reason="bad-json"} 1',
      'livemeter_authentication_failures_total{source="liveperson"} 1',
      'livemeter_ingestion_outages_total 0',
      'livemeter_ingestion_ack_seconds_count 2',
      'process_cpu_seconds_total',
    ]) {
      expect(page).toContain(name);
    }
  });
});

describe('when Redis is away', () => {
  it('the reply is 503 with Retry-After, and 200 again when it is back', async () => {
    await ingestion.redis.kill();
    const reply = await ingestion.post(consumerMessage());
    expect(reply.status).toBe(503);
    expect(reply.headers['retry-after']).toBe('2');
    const ready = await fetch(`${ingestion.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ status: 'not ready', missing: { redis: 'Redis cannot be reached' } });
    expect((await fetch(`${ingestion.url}/healthz`)).status).toBe(200);
    await ingestion.redis.restart();
    let status = 503;
    while (status === 503) ({ status } = await ingestion.post(consumerMessage({ header: { uid: 'after' } })));
    expect(status).toBe(200);
  }, 20_000);
});

describe('when Redis does not answer', () => {
  it('the reply is 503', async () => {
    await ingestion.client.call('CLIENT', 'PAUSE', '1500', 'ALL');
    expect((await ingestion.post(consumerMessage({ header: { uid: 'paused' } }))).status).toBe(503);
    await ingestion.client.ping();
    let status = 503;
    while (status === 503) ({ status } = await ingestion.post(consumerMessage({ header: { uid: 'paused' } })));
    expect(status).toBe(200);
  });
});

describe('when Redis hangs', () => {
  it('the reply is 503 while it still does, for each kind of what is stored; and 200 when it goes on', async () => {
    const bodies = ['{', consumerMessage(), consumerMessage({ header: { eventType: 'NoSuchEvent' } })];
    ingestion.redis.suspend();
    const replies = await Promise.all(bodies.map((body) => ingestion.post(body)));
    ingestion.redis.resume();
    expect(replies.map(({ status }) => status)).toEqual([503, 503, 503]);
    for (const body of bodies) {
      let status = 503;
      while (status === 503) ({ status } = await ingestion.post(body));
      expect(status).toBe(200);
    }
  });
});

describe('the limits', () => {
  const used = async () => Number(/used_memory:(\d+)/.exec(await ingestion.client.info('memory'))?.[1]);

  it.each([
    {
      name: 'memory',
      begin: async () => ingestion.client.config('SET', 'maxmemory', Math.floor((await used()) / 0.9)),
      environment: {},
    },
    { name: 'backlog', begin: () => Promise.resolve(), environment: { LIVEMETER_MAX_BACKLOG: '1' } },
  ])('of the $name: above it, 503', async ({ name, begin, environment }) => {
    await begin();
    const other = await ingestion.another(environment);
    try {
      const body = consumerMessage();
      const reply = await fetch(`${other.url}/v1/events/liveperson`, { method: 'POST', body, headers: sign(body) });
      expect(reply.status).toBe(503);
      const ready = (await (await fetch(`${other.url}/readyz`)).json()) as { missing: object };
      expect(Object.keys(ready.missing)).toEqual([name]);
    } finally {
      await other.app.close();
      await ingestion.client.config('SET', 'maxmemory', 0);
    }
  });
});

describe('before its end', () => {
  it('a replica is not ready, takes events as before, and asks for another connection', async () => {
    const other = await ingestion.another({});
    other.app.leave();
    const body = consumerMessage();
    const reply = await fetch(`${other.url}/v1/events/liveperson`, { method: 'POST', body, headers: sign(body) });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('connection')).toBe('close');
    const ready = await fetch(`${other.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ missing: { closing: 'the process is about to end' } });
    await other.app.close();
  });
});

describe('a start', () => {
  const refused = async (extra: Record<string, string>) => {
    const error = await ingestion.another(extra).catch((reason: unknown) => reason);
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
    await ingestion.client.config('SET', 'appendfsync', 'everysec');
    try {
      expect(await refused({})).toMatch(/appendfsync is everysec: set it to always/);
      const other = await ingestion.another({ LIVEMETER_DURABILITY: 'reduced' });
      const ready = await fetch(`${other.url}/readyz`);
      expect(ready.status).toBe(200);
      expect(await ready.json()).toMatchObject({
        reduced: { durability: 'appendfsync is everysec: set it to always' },
      });
      expect(await (await fetch(`${other.url}/metrics`)).text()).toContain('livemeter_durable 0');
      await other.app.close();
    } finally {
      await ingestion.client.config('SET', 'appendfsync', 'always');
    }
  });
});
