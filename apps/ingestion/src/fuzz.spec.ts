import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Event, normaliseLivePerson } from '@app/event';
import { QuarantineStore, UnknownTypesStore } from '@app/state';
import fc from 'fast-check';
import {
  anyElement,
  badElement,
  goodElement,
  HOSTILE_ACCOUNT,
  type HostileElement,
} from '../../../test/support/hostile.js';
import { IngestionUnderTest, type Reply, sign } from '../../../test/support/ingestion.js';
import { takeQueued } from '../../../test/support/queued.js';
import { PARSED_BYTES_MAX } from './delivery.js';

let ingestion: IngestionUnderTest;

beforeAll(async () => {
  ingestion = await IngestionUnderTest.start();
}, 20_000);

afterAll(() => ingestion.stop());

/** What is found in Redis and in the record after a request, of what came with it. */
class Trail {
  private constructor(
    private readonly store: QuarantineStore,
    private readonly last: string | null,
    private readonly recorded: number,
  ) {}

  static async begin(): Promise<Trail> {
    await takeQueued(ingestion.client);
    const [newest] = await ingestion.client.xrevrange('{lm}:quarantine', '+', '-', 'COUNT', 1);
    return new Trail(new QuarantineStore(ingestion.client), newest?.[0] ?? null, statSync(ingestion.record).size);
  }

  async quarantined(): Promise<string[]> {
    const entries = await this.store.list(this.last, 10_000);
    return entries.map(({ raw }) => Buffer.from(raw).toString('latin1'));
  }

  /** The events of the record as they are written there. */
  lines(): string[] {
    const lines = readFileSync(ingestion.record).subarray(this.recorded).toString().split('\n').slice(0, -1);
    const events = lines.filter((line) => line.includes(EVENT));
    return events.map((line) => line.slice(line.indexOf(EVENT) + EVENT.length, -1));
  }
}

const EVENT = '"event":';

/**
 * The reply to what is sent, again where it was 503: a machine that stood still for a second is an outage, whatever is
 * sent. A 503 that comes of what is sent comes every time, and there is no reply.
 */
async function post(body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const reply = await ingestion.post(body, headers);
  return reply.status === 503 ? post(body, headers) : reply;
}

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

/** Per entity that an event goes to, what it is there. */
function named({ uid, type, conversationId, agentId }: Event, kinds: readonly string[]): string[] {
  return kinds.map((kind) => JSON.stringify([kind, uid, type, conversationId, agentId]));
}

/** What must be in the queues of an event that is accepted: it at each of its entities, once. */
function queuedOf({ text }: HostileElement): string[] {
  const delivery = { receivedAt: Date.now(), accounts: null, headerAccountId: null, bodyHash: () => '' };
  const [outcome] = normaliseLivePerson(JSON.parse(text), delivery);
  if (outcome?.kind !== 'event') throw new Error(`not accepted: ${text}`);
  const { conversationId, agentId } = outcome.event;
  const kinds = [...(conversationId === null ? [] : ['conversation']), ...(agentId === null ? [] : ['agent'])];
  return named(outcome.event, kinds);
}

/** Sends a body of elements, and finds each of them where it belongs, and nothing else anywhere. */
async function expectSorted(body: string, elements: readonly HostileElement[]): Promise<void> {
  const of = (fate: HostileElement['fate']) => elements.filter((element) => element.fate === fate);
  const trail = await Trail.begin();
  const reply = await post(body);
  const [accepted, quarantined, ignored] = [of('accepted'), of('quarantined'), of('ignored')];
  expect(reply.status).toBe(200);
  expect(JSON.parse(reply.text)).toEqual({
    accepted: accepted.length,
    quarantined: quarantined.length,
    ignored: ignored.length,
  });
  expect(await trail.quarantined()).toEqual(quarantined.map(({ text }) => latin1(text)));
  expect(trail.lines()).toEqual(accepted.map(({ text }) => text));
  const queued = (await takeQueued(ingestion.client)).flatMap(({ event, entities }) => named(event, entities));
  expect(queued.sort()).toEqual(accepted.flatMap(queuedOf).sort());
}

const space = fc.constantFrom('', ' ', '\n', '\r\n\t');

/** An array as a careless sender writes it. */
const array = fc
  .tuple(fc.array(anyElement, { maxLength: 12 }), fc.array(space, { minLength: 4, maxLength: 4 }))
  .map(([elements, [a = '', b = '', c = '', d = '']]) => ({
    elements,
    body: `${a}[${b}${elements.map(({ text }) => text).join(`${c},${d}`)}${c}]${d}`,
  }));

const small = goodElement.filter(({ text }) => text.length < 1_000);

describe('whatever is sent', () => {
  it('an array: each good event is queued and recorded, each bad one is kept with its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(array, async ({ body, elements }) => {
        fc.pre(Buffer.byteLength(body) <= PARSED_BYTES_MAX);
        await expectSorted(body, elements);
      }),
      { numRuns: 80 },
    );
  });

  it('one event: queued and recorded, or kept with the bytes of the body', async () => {
    await fc.assert(
      fc.asyncProperty(anyElement, async (element) => {
        fc.pre(!element.text.startsWith('['));
        await expectSorted(element.text, [element]);
      }),
      { numRuns: 100 },
    );
  });

  it('bytes that are no JSON: kept as they came', async () => {
    const cut = fc.tuple(array, fc.nat()).map(([{ body }, at]) => Buffer.from(body.trim()).subarray(0, -1 - (at % 9)));
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }).map((array) => Buffer.from(array)),
      cut,
      fc
        .constantFrom('NaN', '{"a":NaN}', '[1,]', "{'a':1}", '\ufeff', '\u0000', '[', '{'.repeat(100_000))
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        fc.pre(!isJson(body));
        const trail = await Trail.begin();
        const reply = await post(body);
        expect([reply.status, reply.text]).toEqual([200, '{"accepted":0,"quarantined":1,"ignored":0}']);
        expect(await trail.quarantined()).toEqual([body.toString('latin1')]);
        expect(await takeQueued(ingestion.client)).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  it('names of a megabyte: refused alone, beside good events', async () => {
    const [good = HUGE] = fc.sample(small, { numRuns: 1, seed: 1 });
    await expectSorted(`[${good.text},${HUGE.text},${good.text}]`, [good, HUGE, good]);
  });

  it('as many elements as fit, every other one bad', async () => {
    const [good = HUGE] = fc.sample(small, { numRuns: 1, seed: 2 });
    const bad: HostileElement = { text: '7', fate: 'quarantined' };
    const most = Math.floor(PARSED_BYTES_MAX / (good.text.length * 3));
    const elements = Array.from({ length: Math.min(most, 2_000) }, (_, index) => (index % 2 === 0 ? good : bad));
    await expectSorted(`[${elements.map(({ text }) => text).join(',')}]`, elements);
  });

  it('unknown types: each is counted, whatever it is called', async () => {
    await ingestion.client.del('{lm}:unknown');
    const counts = new UnknownTypesStore(ingestion.client);
    const total = async () => [...(await counts.counts()).values()].reduce((sum, count) => sum + count, 0);
    const before = await total();
    const bodies = ['__proto__', 'constructor', '"', '\u202e', '(other)', 'a:b'].map((eventType) =>
      JSON.stringify({ commonHeader: { eventType, accountId: HOSTILE_ACCOUNT } }),
    );
    for (const body of bodies) expect((await post(body)).text).toContain('"ignored":1');
    expect(await total()).toBe(before + bodies.length);
    expect((await counts.counts()).get('__proto__')).toBe(1);
  });
});

/** An event whose conversation has a name of a megabyte. */
const HUGE: HostileElement = {
  text: `{"commonHeader":{"accountId":"${HOSTILE_ACCOUNT}","eventType":"ConversationEndEvent","eventTimestamp":1717200000000},"data":{"convDetails":{"convId":"${'x'.repeat(1_000_000)}"}}}`,
  fate: 'quarantined',
};

describe('whoever sends', () => {
  const headerText = fc.string({ minLength: 1, maxLength: 100 }).map((text) => text.trim());

  it('with headers that are none of ours is refused, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        headerText,
        fc.constantFrom('x-liveperson-signature', 'x-api-key', 'authorization'),
        async (value, name) => {
          const reply = await ingestion.send('/v1/events/liveperson', '{}', { [name]: value });
          expect(reply.status).toBe(401);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('to a path that is none of ours hears 404, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary-ascii' }), async (text) => {
        const path = `/v1/events/${encodeURIComponent(text)}x`;
        expect((await ingestion.send(path, '{}', sign('{}'))).status).toBe(404);
      }),
      { numRuns: 60 },
    );
  });

  it('in a name for another account has it kept, with that name', async () => {
    await fc.assert(
      fc.asyncProperty(goodElement, headerText, async ({ text }, account) => {
        fc.pre(account !== '' && account !== HOSTILE_ACCOUNT);
        const trail = await Trail.begin();
        expect((await post(text, { 'x-liveperson-account-id': account })).status).toBe(200);
        expect(await trail.quarantined()).toEqual([latin1(text)]);
      }),
      { numRuns: 60 },
    );
  });

  it('what is no HTTP at all, or ends in the middle, does no harm to others', async () => {
    const head = 'POST /v1/events/liveperson HTTP/1.1\r\nhost: a\r\n';
    const starts = fc.constantFrom(
      '',
      head,
      `${head}content-length: 99\r\n\r\n{`,
      `${head}transfer-encoding: chunked\r\n\r\n`,
    );
    await fc.assert(
      fc.asyncProperty(starts, fc.uint8Array({ maxLength: 200 }), goodElement, async (start, rest, good) => {
        await hangUpAfter(Buffer.concat([Buffer.from(start), rest]));
        await expectSorted(good.text, [good]);
      }),
      { numRuns: 60 },
    );
  });
});

it('bad events, a thousand deep in requests at once, take nothing from the good ones between them', async () => {
  const good = fc.sample(goodElement, { numRuns: 40, seed: 3 });
  const bad = fc.sample(badElement, { numRuns: 40, seed: 4 });
  const trail = await Trail.begin();
  const bodies = good.flatMap((element, index) => [element.text, `[${bad[index]?.text ?? ''}]`]);
  const replies = await Promise.all(bodies.map((body) => post(body)));
  expect(replies.map(({ status }) => status)).toEqual(bodies.map(() => 200));
  expect((await trail.quarantined()).sort()).toEqual(bad.map(({ text }) => latin1(text)).sort());
  const queued = (await takeQueued(ingestion.client)).flatMap(({ event, entities }) => named(event, entities));
  expect(queued.sort()).toEqual(good.flatMap(queuedOf).sort());
});

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return true;
  } catch {
    return false;
  }
}

/** Writes bytes to the port and is gone, as soon as they are sent. */
function hangUpAfter(bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(ingestion.url).port), '127.0.0.1', () => {
      socket.end(bytes, () => socket.destroy());
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
}
