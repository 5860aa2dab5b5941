import { describe, expect, it } from '@jest/globals';
import { sortDelivery } from './delivery.js';
import type { Source } from './sources/sources.js';

const SOURCE: Source = { name: 'lp', accounts: null, credentials: [], certificates: null, networks: null, rate: null };
const RECEIVED_AT = 1_717_200_001_000;

const EVENT =
  '{"commonHeader":{"accountId":"1","uid":"u","schemaVersion":"1-0-0","eventTimestamp":1717200000000,"eventType":"messageConsumerEvent"},"data":{"convDetails":{"convId":"c"}}}';

function sort(body: string | Buffer, recording = true, personalData = true) {
  const received = { source: SOURCE, headers: {}, receivedAt: RECEIVED_AT, recording, personalData };
  return sortDelivery({ ...received, body: Buffer.from(body) });
}

/** Nested deeper than can be written again. */
const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

describe('names of agents', () => {
  const NAMED = EVENT.replace('"convId":"c"}', '"convId":"c"},"agentDetails":{"agentId":"a","agentName":"Ada"}');
  const INVALID = NAMED.replace('"uid"', '"eventType":"AgentSnapshotEvent","uid"').replace('"agentId":"a",', '');

  it('are kept, or are nowhere in what is stored, recorded and set aside', () => {
    const all = (personalData: boolean) =>
      [NAMED, `[${NAMED},7,{"agentName":"Ada"}]`, INVALID].map((body) => sort(body, true, personalData));
    const text = (deliveries: readonly ReturnType<typeof sort>[]) =>
      JSON.stringify(deliveries, (_key, value: unknown) => (value instanceof Uint8Array ? String(value) : value)) +
      deliveries.flatMap(({ quarantined }) => quarantined.map(({ raw }) => raw.toString())).join();
    expect(all(true)[0]?.events[0]?.event.agentName).toBe('Ada');
    expect(text(all(true))).toContain('Ada');
    const without = all(false);
    expect(without.map(({ events, quarantined }) => [events.length, quarantined.length])).toEqual(
      all(true).map(({ events, quarantined }) => [events.length, quarantined.length]),
    );
    expect(without[0]?.events[0]).toMatchObject({
      event: { agentId: 'a', agentName: null },
      json: NAMED.replace(',"agentName":"Ada"', ''),
    });
    expect(text(without)).not.toContain('Ada');
  });
});

describe('the original JSON of an event', () => {
  it.each([
    { name: 'is what came', body: EVENT, want: [EVENT] },
    {
      name: 'is as it came',
      body: `\r\n${EVENT.replaceAll(',', ',\n')}\n`,
      want: [`\r\n${EVENT.replaceAll(',', ',\n')}\n`],
    },
    { name: 'is that of each element', body: `[ ${EVENT} , ${EVENT} ]`, want: [EVENT, EVENT] },
    { name: 'begins after a byte order mark', body: `\ufeff${EVENT}`, want: [EVENT] },
    {
      name: 'is exact where a number is not',
      body: EVENT.replace('"data"', '"x":0.10,"data"'),
      want: [EVENT.replace('"data"', '"x":0.10,"data"')],
    },
  ])('$name', ({ body, want }) => {
    expect(sort(body).events.map(({ json }) => json)).toEqual(want);
  });

  it('is not made when nobody records', () => {
    expect(sort(EVENT, false).events.map(({ json }) => json)).toEqual(['']);
  });
});

describe('nesting without end', () => {
  it('is no trouble where it does not matter', () => {
    expect(sort(EVENT.replace('"data"', `"x":${DEEP},"data"`)).events).toHaveLength(1);
  });

  it('keeps no element from being recorded', () => {
    const deep = EVENT.replace('"data"', `"x":${DEEP},"data"`);
    expect(sort(`[${EVENT},${deep}]`).events.map(({ json }) => json)).toEqual([EVENT, deep]);
  });

  it('of an element keeps its bytes', () => {
    expect(sort(`[7, ${DEEP}]`).quarantined).toMatchObject([
      { reason: 'not-an-object', raw: Buffer.from('7') },
      { reason: 'not-an-object', raw: Buffer.from(DEEP) },
    ]);
  });
});

describe('the bytes of what is set aside', () => {
  it('are exact in an array, too, where parsing would lose digits', () => {
    const element = EVENT.replace('"u"', '9007199254740993007');
    const [entry] = sort(`[ ${EVENT},\n ${element} ]`).quarantined;
    expect([entry?.reason, String(entry?.raw)]).toEqual(['unsafe-number', element]);
  });

  it('are those of the whole body where that is at fault', () => {
    expect(sort(`[${EVENT}`).quarantined).toMatchObject([{ reason: 'bad-json', raw: Buffer.from(`[${EVENT}`) }]);
  });
});

describe('an event without uid', () => {
  it('is told apart by its content, however that is written', () => {
    const bare = EVENT.replace('"uid":"u",', '');
    const uids = [bare, bare.replaceAll(':', ' : '), bare.replace('"c"', '"d"')].map(
      (body) => sort(body).events[0]?.event.uid,
    );
    expect(uids[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(uids[1]).toBe(uids[0]);
    expect(uids[2]).not.toBe(uids[0]);
  });
});
