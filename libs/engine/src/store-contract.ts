import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { entityKey, type EntityRef, hash128 } from '@app/event';
import fc from 'fast-check';
import { MARK_BUCKET_MS } from './retention.js';
import type { Change, StateStore } from './store.js';
import {
  changeOf,
  type Commit,
  counter,
  gauge,
  HOSTILE_TEXTS,
  readAll,
  recordOf,
  ref,
  type StoreUnderTest,
  type Under,
  write,
} from './store-contract-parts.js';
import { describeCounters, describeGauges, describeLimits } from './series-contract.js';

export { changeOf, HOSTILE_TEXTS, type StoreUnderTest };

const HOUR_MS = 3_600_000;

/** What every {@link StateStore} does, whatever it is made of. */
export function describeStateStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} is a state store`, () => {
    let under: StoreUnderTest;
    const commit = async (part: Partial<Change>) => {
      const { head } = await under.store.load({ entities: [], identities: [] });
      return under.store.commit(changeOf({ ...head, expectedVersion: head.version, ...part }));
    };
    const read = (...metrics: string[]) => readAll(under.reader, metrics);

    beforeEach(async () => {
      under = await make();
      await commit({ catalog: 'first', takeover: { layouts: new Map([['l1', 'layout 1']]), metrics: ['m@1', 'g@1'] } });
    });
    afterEach(() => under.close());

    describeFence(() => under, commit);
    describeEntities(() => under, commit);
    describeMarks(() => under, commit);
    describeCounters(() => under, commit, read);
    describeGauges(() => under, commit, read);
    describeLimits(() => under, commit, read);
  });
}

function describeFence(under: Under, commit: Commit): void {
  it('raises the version with each commit and keeps the head', async () => {
    const quiet = { from: 5, until: 9 };
    const before = await under().store.load({ entities: [], identities: [] });
    const outcome = await commit({ clock: 77, quiet, job: '12', jobItems: 3, switched: true });
    const { head } = await under().store.load({ entities: [], identities: [] });
    expect(head.version).toBeGreaterThan(before.head.version);
    expect(outcome).toEqual({ kind: 'committed', nextDue: null, version: head.version });
    expect(head).toEqual({
      version: head.version,
      catalog: 'first',
      switched: true,
      layouts: new Map([['l1', 'layout 1']]),
      clock: 77,
      quiet,
      job: '12',
      jobItems: 3,
      nextDue: null,
    });
  });

  it('refuses a writer that another one overtook, and one with another catalog', async () => {
    const entities = [write('c1', 10)];
    expect(await commit({ expectedVersion: 0, entities })).toEqual({ kind: 'conflict' });
    const { head } = await under().store.load({ entities: [], identities: [] });
    expect(await commit({ expectedVersion: head.version + 1, entities })).toEqual({ kind: 'conflict' });
    expect(await commit({ catalog: 'second', entities })).toEqual({ kind: 'conflict' });
    expect(await under().store.due(1_000, 10)).toEqual([]);
  });

  it('at a takeover has other layouts and drops the series and ages of metrics that are no more', async () => {
    await commit({ series: [counter('m@1', ['a'], 1n), { ...gauge('g@1', ['a'], 1n, 1), kind: 'age' }] });
    await commit({ ages: [{ metric: 'g@1', labelsText: '["a"]', member: 'x', since: 5 }] });
    const takeover = { layouts: new Map([['l2', 'layout 2']]), metrics: ['m@1'] };
    await commit({ catalog: 'second', switched: false, takeover });
    const { head } = await under().store.load({ entities: [], identities: [] });
    expect([head.catalog, head.switched]).toEqual(['second', false]);
    expect(head.layouts).toEqual(takeover.layouts);
    expect((await readAll(under().reader, ['m@1', 'g@1'])).map((series) => series.metric)).toEqual(['m@1']);
    expect(await under().reader.ages('g@1', ['a'])).toBeNull();
  });

  it('at a takeover keeps the minutes and values of the metrics that stay', async () => {
    await commit({ series: [counter('m@1#5', ['a'], 1n), counter('n@1#5', ['a'], 1n)] });
    await commit({ series: ['m@1#values', 'n@1#values'].map((metric) => gauge(metric, ['a', '7'], 0n, 1)) });
    await commit({ catalog: 'second', switched: false, takeover: { layouts: new Map(), metrics: ['m@1'] } });
    const kept = await readAll(under().reader, ['m@1#5', 'n@1#5', 'm@1#values', 'n@1#values']);
    expect(kept.map((series) => series.metric)).toEqual(['m@1#5', 'm@1#values']);
  });
}

function describeEntities(under: Under, commit: Commit): void {
  it('keeps records and forgets them', async () => {
    await commit({ entities: [write('c1', 10), write('c2', null)] });
    await commit({ entities: [{ ref: ref('c1'), record: null, due: null }] });
    const { entities } = await under().store.load({ entities: [ref('c2'), ref('c1'), ref('c3')], identities: [] });
    expect(entities).toEqual([recordOf('c2'), null, null]);
    expect(await under().store.due(1_000, 10)).toEqual([]);
  });

  it('tells two hostile ids, accounts and kinds apart', async () => {
    const refs = HOSTILE_TEXTS.flatMap((text): EntityRef[] => [
      { kind: 'conversation', accountId: 'a', id: text },
      { kind: 'conversation', accountId: text, id: 'a' },
      { kind: 'agent', accountId: 'a', id: text },
    ]);
    await commit({ entities: refs.map((one) => ({ ref: one, record: recordOf(entityKey(one)), due: 7 })) });
    const { entities } = await under().store.load({ entities: refs, identities: [] });
    expect(entities).toEqual(refs.map((one) => recordOf(entityKey(one))));
    expect((await under().store.due(7, 100)).map(entityKey).sort()).toEqual(refs.map(entityKey).sort());
    expect((await scanAll(under().store, 7)).sort()).toEqual(refs.map(entityKey).sort());
  });

  it('gives what is due in order of time, up to an instant and a limit', async () => {
    const dues = [50, 10, 40, 20, 30];
    const outcome = await commit({ entities: dues.map((due) => write(`c${due}`, due)) });
    expect(outcome).toMatchObject({ kind: 'committed', nextDue: 10 });
    expect((await under().store.due(40, 10)).map((one) => one.id)).toEqual(['c10', 'c20', 'c30', 'c40']);
    expect((await under().store.due(40, 2)).map((one) => one.id)).toEqual(['c10', 'c20']);
    expect(await commit({ entities: [write('c10', 60), write('c20', null)] })).toMatchObject({
      kind: 'committed',
      nextDue: 30,
    });
    expect((await under().store.due(100, 10)).map((one) => one.id)).toEqual(['c30', 'c40', 'c50', 'c10']);
    expect((await under().store.load({ entities: [], identities: [] })).head.nextDue).toBe(30);
  });

  it('scans all that is there from beginning to end, whatever is written meanwhile', async () => {
    const ids = Array.from({ length: 700 }, (_, index) => `c${index}`);
    await commit({ entities: ids.map((id) => write(id, 5)) });
    const found = new Set<string>();
    let cursor: string | null = null;
    for (let page = 0; page === 0 || cursor !== null; page += 1) {
      const { entities, next }: Awaited<ReturnType<StateStore['scan']>> = await under().store.scan(cursor, 50);
      for (const one of entities) found.add(one.id);
      cursor = next;
      const more = Array.from({ length: 20 }, (_, index) => write(`new${page}-${index}`, 5));
      await commit({ entities: page < 20 ? [...more, write(`c${page}`, 9)] : [] });
    }
    expect(ids.filter((id) => !found.has(id))).toEqual([]);
  });
}

function describeMarks(under: Under, commit: Commit): void {
  const ids = ['one', 'two', 'three'].map((text) => hash128(text));

  it('remembers identities for 72 h of its clock, and says until when', async () => {
    const clock = 1000 * MARK_BUCKET_MS + HOUR_MS;
    await commit({ clock, marks: ids.slice(0, 2) });
    const look = () => under().store.load({ entities: [], identities: ids });
    const until = 1007 * MARK_BUCKET_MS;
    expect((await look()).seenUntil).toEqual([until, until, null]);
    await commit({ clock: clock + 72 * HOUR_MS });
    expect((await look()).seenUntil).toEqual([until, until, null]);
    await commit({ clock: until });
    expect((await look()).seenUntil).toEqual([null, null, null]);
  });

  it('forgets nobody before 72 h, and everybody by 84 h, however its clock goes', async () => {
    const step = fc.record({ identity: fc.nat(5), hours: fc.integer({ min: 0, max: 40 }) });
    const runs = fc.asyncProperty(
      fc.integer({ min: 0, max: 11 }),
      fc.array(step, { maxLength: 30 }),
      async (at, steps) => {
        const { head } = await under().store.load({ entities: [], identities: [] });
        // Each run begins when all that an earlier one has left is forgotten.
        let clock = (Math.ceil(head.clock / MARK_BUCKET_MS) + 100) * MARK_BUCKET_MS + at * HOUR_MS;
        const markedAt = new Map<string, number>();
        for (const { identity, hours } of steps) {
          clock += hours * HOUR_MS;
          const one = hash128(`identity ${identity}`);
          const { seenUntil } = await under().store.load({ entities: [], identities: [one] });
          const isSeen = clock < (seenUntil[0] ?? -Infinity);
          const since = clock - (markedAt.get(one) ?? -Infinity);
          if (since < 72 * HOUR_MS) expect({ since, isSeen }).toEqual({ since, isSeen: true });
          if (since >= 84 * HOUR_MS) expect({ since, isSeen }).toEqual({ since, isSeen: false });
          if (isSeen) continue;
          markedAt.set(one, clock);
          await commit({ clock, marks: [one] });
        }
      },
    );
    await fc.assert(runs, { numRuns: 40 });
  });

  it('counts from the receivedAt of each, whatever batch it came in', async () => {
    const clock = 1000 * MARK_BUCKET_MS;
    await commit({ clock, marks: ids.slice(0, 2), marksAt: [clock - 1, clock] });
    const { seenUntil } = await under().store.load({ entities: [], identities: ids });
    expect(seenUntil).toEqual([1006 * MARK_BUCKET_MS, 1007 * MARK_BUCKET_MS, null]);
  });

  it('knows each of many thousands again, and no other', async () => {
    const many = Array.from({ length: 6_000 }, (_, index) => hash128(`mark ${index}`));
    for (let from = 0; from < many.length; from += 500) await commit({ marks: many.slice(from, from + 500) });
    const others = many.map((identity) => hash128(identity));
    const seen = async (identities: readonly string[]) =>
      (await under().store.load({ entities: [], identities })).seenUntil.map((until) => until !== null);
    expect(await seen(many)).toEqual(many.map(() => true));
    expect(await seen(others)).toEqual(many.map(() => false));
  });
}

async function scanAll(store: StateStore, limit: number): Promise<string[]> {
  const found = new Set<string>();
  let page = await store.scan(null, limit);
  for (;;) {
    for (const one of page.entities) found.add(entityKey(one));
    if (page.next === null) return [...found];
    page = await store.scan(page.next, limit);
  }
}
