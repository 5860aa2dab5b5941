import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QuarantineStore, UnknownTypesStore } from '@app/state';
import { consumerMessage, IngestionUnderTest } from '../../../test/support/ingestion.js';

let ingestion: IngestionUnderTest;

beforeAll(async () => {
  ingestion = await IngestionUnderTest.start();
}, 20_000);

afterAll(() => ingestion.stop());

/** What entered quarantine during `act`. */
async function quarantinedBy(act: () => Promise<unknown>) {
  const store = new QuarantineStore(ingestion.client);
  const last = (await store.list(null, 10_000)).at(-1)?.id ?? null;
  await act();
  return store.list(last, 100);
}

describe('the quarantine', () => {
  it.each([
    { name: 'no JSON', body: () => '{"a":', reason: 'bad-json', detail: 'the body is not JSON' },
    {
      name: 'an account that may not send',
      body: () => consumerMessage({ header: { accountId: '1' } }),
      reason: 'account-not-allowed',
      detail: 'accountId is not among the accounts of this source',
    },
    {
      name: 'a missing field',
      body: () => consumerMessage({ header: { eventTimestamp: null } }),
      reason: 'missing-field',
      detail: 'eventTimestamp is missing, null or empty',
    },
  ])('holds $name with its raw bytes and the reason', async ({ body, reason, detail }) => {
    const bytes = body();
    const entries = await quarantinedBy(() => ingestion.post(bytes, { 'x-liveperson-account-id': '84731' }));
    expect(entries).toMatchObject([{ source: 'liveperson', accountId: '84731', reason, detail }]);
    expect(String(Buffer.from(entries[0]?.raw ?? []))).toBe(bytes);
  });

  it('holds the first 64 KiB of a body above 1 MiB', async () => {
    const body = ' '.repeat(1024 * 1024) + consumerMessage();
    const entries = await quarantinedBy(() => ingestion.post(body));
    expect(entries).toMatchObject([{ reason: 'too-large', rawBytes: body.length }]);
    expect(entries[0]?.raw.length).toBe(64 * 1024);
  });

  it('holds a compressed body and says so', async () => {
    const entries = await quarantinedBy(() => ingestion.post('x', { 'content-encoding': 'gzip' }));
    expect(entries).toMatchObject([
      { reason: 'bad-json', detail: 'the body has a Content-Encoding, which is not supported: send it as it is' },
    ]);
  });

  it('holds an event whose account is not the one in the header', async () => {
    const entries = await quarantinedBy(() => ingestion.post(consumerMessage(), { 'x-liveperson-account-id': '1' }));
    expect(entries).toMatchObject([{ reason: 'account-mismatch' }]);
  });

  it('does not hold unknown types: they have lists of their own', async () => {
    const body = consumerMessage({ header: { eventType: 'BrandNewEvent' } });
    expect(await quarantinedBy(() => ingestion.post(body))).toEqual([]);
    const kept = await new UnknownTypesStore(ingestion.client).list('BrandNewEvent', 10);
    expect(kept.map(({ raw }) => String(Buffer.from(raw)))).toEqual([body]);
  });
});

describe('the record', () => {
  it('has each accepted event as it came, on disk before the 200', async () => {
    const body = consumerMessage({ header: { uid: 'recorded' } }, 2);
    await ingestion.post(body);
    const last = readFileSync(ingestion.record, 'utf8').trimEnd().split('\n').at(-1) ?? '';
    const line = JSON.parse(last) as { receivedAt: number; event: unknown };
    expect(line.event).toEqual(JSON.parse(body));
    expect(line.receivedAt).toBeGreaterThan(1_600_000_000_000);
  });

  it('is in order of receipt', async () => {
    const uids = Array.from({ length: 200 }, (_, i) => `order-${i}`);
    await ingestion.post(
      `[${uids.map((uid) => consumerMessage({ header: { uid }, data: { convDetails: { convId: uid } } })).join(',')}]`,
    );
    // On a busy machine a heartbeat may come late, and an outage be noted between: it is no event.
    const lines = readFileSync(ingestion.record, 'utf8').trimEnd().split('\n');
    const events = lines.filter((line) => !line.startsWith('{"outage"'));
    const recorded = events.slice(-200).map((line) => JSON.parse(line) as { receivedAt: number; event: object });
    expect(recorded).toMatchObject(uids.map((uid) => ({ event: { commonHeader: { uid } } })));
  });

  it('leaves out what was not accepted', async () => {
    const before = readFileSync(ingestion.record, 'utf8');
    await ingestion.post('{');
    await ingestion.post(consumerMessage({ header: { eventType: 'Other' } }));
    expect(readFileSync(ingestion.record, 'utf8')).toBe(before);
  });
});
