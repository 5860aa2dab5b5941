import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consumerMessage, IngestionUnderTest, sign } from '../../../test/support/ingestion.js';

let ingestion: IngestionUnderTest;

beforeAll(async () => {
  ingestion = await IngestionUnderTest.start();
}, 20_000);

afterAll(() => ingestion.stop());

describe('a reply', () => {
  it.each([
    { name: 'one event', body: () => consumerMessage(), want: [1, 0, 0] },
    { name: 'an array', body: () => `[${consumerMessage()},${consumerMessage()}]`, want: [2, 0, 0] },
    { name: 'an empty array', body: () => '[]', want: [0, 0, 0] },
    {
      name: 'an event of two entities',
      body: () => consumerMessage({ data: { agentDetails: { agentId: 'a-1' } } }),
      want: [1, 0, 0],
    },
    {
      name: 'an unknown type',
      body: () => consumerMessage({ header: { eventType: 'RoutingEvent' } }),
      want: [0, 0, 1],
    },
    {
      name: 'an event of no entity',
      body: () => consumerMessage({ data: { convDetails: { convId: null } } }),
      want: [0, 0, 1],
    },
    { name: 'another account', body: () => consumerMessage({ header: { accountId: '1' } }), want: [0, 1, 0] },
    { name: 'an unknown MODEL', body: () => consumerMessage({ header: { schemaVersion: '9-0-0' } }), want: [0, 1, 0] },
    { name: 'no JSON', body: () => '{', want: [0, 1, 0] },
    { name: 'an empty body', body: () => '', want: [0, 1, 0] },
    { name: 'no UTF-8', body: () => Buffer.from([0x22, 0xff, 0x22]), want: [0, 1, 0] },
    {
      name: 'a mixture',
      body: () => `[${consumerMessage()},7,${consumerMessage({ header: { eventType: 'X' } })}]`,
      want: [1, 1, 1],
    },
    { name: 'deep nesting', body: () => '['.repeat(200_000) + ']'.repeat(200_000), want: [0, 1, 0] },
  ])('to $name is 200 and says what became of it', async ({ body, want }) => {
    const reply = await ingestion.post(body());
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
    expect((await ingestion.post(consumerMessage(), { 'content-type': type })).text).toBe(
      '{"accepted":1,"quarantined":0,"ignored":0}',
    );
  });

  it('takes a chunked body', async () => {
    const body = consumerMessage();
    const reply = await fetch(`${ingestion.url}/v1/events/liveperson`, {
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
    { name: 'the signature of another body', headers: sign(consumerMessage({ header: { uid: 'u-2' } })) },
  ])('401 for $name, with no word on why', async ({ headers }) => {
    const reply = await ingestion.send('/v1/events/liveperson', consumerMessage(), headers);
    expect(reply.status).toBe(401);
    expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(reply.text).toBe(problem(401, 'Unauthorized'));
  });

  it('401 for a body above 1 MiB, too: nothing is kept of whoever is not known', async () => {
    const entries = await ingestion.client.xlen('{lm}:quarantine');
    const body = Buffer.alloc(1024 * 1024 + 1, 0x20);
    expect((await ingestion.send('/v1/events/liveperson', body)).text).toBe(problem(401, 'Unauthorized'));
    expect(await ingestion.client.xlen('{lm}:quarantine')).toBe(entries);
  });

  it('404 for an unknown source and for an unknown path', async () => {
    const reply = await ingestion.send('/v1/events/other', consumerMessage());
    expect(reply.status).toBe(404);
    expect(reply.text).toBe(problem(404, 'Not Found', 'there is no such source'));
    for (const path of ['/v2', '/v1/events/%zz', `/v1/events/${'a'.repeat(300)}`]) {
      expect((await ingestion.send(path, consumerMessage())).text).toBe(problem(404, 'Not Found'));
    }
  });

  it('413 only above 16 MiB', async () => {
    const most = Buffer.alloc(16 * 1024 * 1024, 0x20);
    expect((await ingestion.post(most)).text).toBe('{"accepted":0,"quarantined":1,"ignored":0}');
    const reply = await ingestion
      .post(Buffer.alloc(most.length + 1, 0x20))
      .catch((error: NodeJS.ErrnoException) => error.code);
    if (typeof reply === 'object') {
      expect(reply.status).toBe(413);
      expect(reply.text).toBe(problem(413, 'Payload Too Large', 'a body has at most 16777216 bytes'));
    } else expect(['EPIPE', 'ECONNRESET']).toContain(reply);
  });
});
