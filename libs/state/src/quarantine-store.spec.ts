import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { type QuarantineEntry, type QuarantineFilter, QuarantineStore, RAW_LIMIT_BYTES } from './quarantine-store.js';

const ANY: QuarantineFilter = { reason: null, accountId: null, source: null, from: null, to: null };

describe('QuarantineStore', () => {
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
  beforeEach(() => redis.flushall());

  const entry = (part: Partial<QuarantineEntry> = {}): QuarantineEntry => {
    const raw = Uint8Array.from([0, 255, 10, 128]);
    return { source: 'liveperson', accountId: '84731', reason: 'bad-json', detail: 'at 3: ü', raw, ...part };
  };

  it('gives back what was set aside, to the byte', async () => {
    const store = new QuarantineStore(redis);
    await store.put([entry(), entry({ accountId: null }), entry({ accountId: '' })]);
    const list = await store.list(null, 10);
    expect(list.map(({ accountId }) => accountId)).toEqual(['84731', null, '']);
    const [first] = list;
    expect(first).toMatchObject({ source: 'liveperson', reason: 'bad-json', detail: 'at 3: ü', rawBytes: 4 });
    expect([...(first?.raw ?? [])]).toEqual([0, 255, 10, 128]);
    expect(await store.get(first?.id ?? '')).toEqual(first);
    expect((await store.find(ANY, null, 1)).entries).toMatchObject([
      { id: first?.id, accountId: '84731', keptBytes: 4 },
    ]);
    expect(await store.get('1-1')).toBeNull();
  });

  it('pages by id', async () => {
    const store = new QuarantineStore(redis);
    await store.put(Array.from({ length: 5 }, (_, index) => entry({ detail: String(index) })));
    const first = await store.list(null, 3);
    const second = await store.list(first.at(-1)?.id ?? null, 3);
    expect([...first, ...second].map(({ detail }) => detail)).toEqual(['0', '1', '2', '3', '4']);
  });

  it('drops the oldest beyond a number of entries, and counts them', async () => {
    const store = new QuarantineStore(redis, { maxEntries: 2, maxBytes: 1_000_000 });
    expect(await store.put(['a', 'b'].map((detail) => entry({ detail })))).toBe(0);
    expect(await store.put(['c', 'd', 'e'].map((detail) => entry({ detail })))).toBe(3);
    expect((await store.list(null, 10)).map(({ detail }) => detail)).toEqual(['d', 'e']);
    expect(await store.use()).toMatchObject({ entries: 2, dropped: 3 });
  });

  it('cuts raw bytes, and drops the oldest beyond a number of bytes', async () => {
    const store = new QuarantineStore(redis, { maxEntries: 100, maxBytes: 3 * RAW_LIMIT_BYTES });
    const length = RAW_LIMIT_BYTES + 100;
    for (let index = 0; index < 5; index += 1) await store.put([entry({ raw: Buffer.alloc(length, index) })]);
    const list = await store.list(null, 10);
    expect(list.map(({ raw, rawBytes }) => [raw[0], raw.length, rawBytes])).toEqual([
      [3, RAW_LIMIT_BYTES, length],
      [4, RAW_LIMIT_BYTES, length],
    ]);
    expect((await store.use()).bytes).toBeLessThanOrEqual(3 * RAW_LIMIT_BYTES);
  });

  it('knows the length of what came where its caller cut it', async () => {
    const store = new QuarantineStore(redis);
    await store.put([entry({ rawBytes: 5_000_000 })]);
    const page = await store.find(ANY, null, 10);
    expect(page.entries).toMatchObject([{ rawBytes: 5_000_000, keptBytes: 4 }]);
  });

  describe('finds', () => {
    const ANY_ACCOUNT = [null, '', 'a', 'a', 'b'];

    it.each<{ name: string; filter: Partial<QuarantineFilter>; want: readonly string[] }>([
      { name: 'all', filter: {}, want: ['0', '1', '2', '3', '4'] },
      { name: 'those of an account', filter: { accountId: 'a' }, want: ['2', '3'] },
      { name: 'those of the account without a name', filter: { accountId: '' }, want: ['1'] },
      { name: 'those of a reason', filter: { reason: 'time-ahead' }, want: ['3', '4'] },
      { name: 'those of a source', filter: { source: 'other' }, want: ['4'] },
      { name: 'those of all of these', filter: { accountId: 'a', reason: 'time-ahead' }, want: ['3'] },
      { name: 'none from before', filter: { to: 1_000 }, want: [] },
      { name: 'none from later', filter: { from: 9_000_000_000_000 }, want: [] },
    ])('$name', async ({ filter, want }) => {
      const store = new QuarantineStore(redis);
      await store.put(
        ANY_ACCOUNT.map((accountId, index) =>
          entry({
            accountId,
            detail: String(index),
            reason: index < 3 ? 'bad-json' : 'time-ahead',
            source: index < 4 ? 'liveperson' : 'other',
          }),
        ),
      );
      const page = await store.find({ ...ANY, ...filter }, null, 10);
      expect(page).toMatchObject({ entries: want.map((detail) => ({ detail })), next: null });
    });

    it('page by page, however far apart what is meant stands', async () => {
      const store = new QuarantineStore(redis);
      const reasonOf = (index: number) => (index % 70 === 0 ? 'wanted' : 'bad-json');
      await store.put(Array.from({ length: 300 }, (_, n) => entry({ reason: reasonOf(n), detail: String(n) })));
      const filter = { ...ANY, reason: 'wanted' };
      const first = await store.find(filter, null, 3);
      const second = await store.find(filter, first.next, 3);
      expect([first, second].map(({ entries }) => entries.map(({ detail }) => detail))).toEqual([
        ['0', '70', '140'],
        ['210', '280'],
      ]);
      expect(second.next).toBeNull();
    });
  });

  it('still sets aside in a Redis that has reached its maxmemory, and still drops', async () => {
    const store = new QuarantineStore(redis);
    await redis.config('SET', 'maxmemory', '1');
    await store.put([entry()]);
    const { entries } = await store.find(ANY, null, 10);
    expect(await store.drop(entries.map(({ id }) => id))).toBe(1);
    await redis.config('SET', 'maxmemory', '0');
  });

  it('takes entries out, and accounts for every byte', async () => {
    const store = new QuarantineStore(redis);
    await store.put([entry(), entry({ raw: Buffer.alloc(70_000) }), entry()]);
    const ids = (await store.list(null, 10)).map(({ id }) => id);
    expect(await store.drop([...ids, '1-1'])).toBe(3);
    expect(await store.drop(ids)).toBe(0);
    expect(await store.use()).toEqual({ entries: 0, bytes: 0, dropped: 0, added: new Map([['bad-json', 3]]) });
  });
});
