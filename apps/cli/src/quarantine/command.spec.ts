import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { formatEventItem } from '@app/engine';
import { backlog } from '@app/queue';
import { ENGINE_FAILURE, type QuarantineEntry, QuarantineStore } from '@app/state';
import { CommandLine } from '../../../../test/support/command-line.js';
import { consumerMessage, IngestionUnderTest } from '../../../../test/support/ingestion.js';
import { sampleEvent } from '../../../../test/support/sample-event.js';

let ingestion: IngestionUnderTest;
let line: CommandLine;
let store: QuarantineStore;

beforeAll(async () => {
  ingestion = await IngestionUnderTest.start();
  line = new CommandLine({ REDIS_URL: ingestion.redis.url });
  store = new QuarantineStore(ingestion.client);
}, 20_000);

afterAll(async () => {
  line.remove();
  await ingestion.stop();
});

beforeEach(async () => {
  await store.drop((await store.list(null, 1_000)).map(({ id }) => id));
});

const quarantine = (...words: string[]) => line.run(['quarantine', ...words]);

const waiting = async () => (await backlog(ingestion.client, 8)).reduce((sum, items) => sum + items, 0);

const recorded = () => readFileSync(ingestion.record, 'utf8').trimEnd().split('\n');

/** Sets something aside, as an older version may have, and tells its id. */
async function aside(part: Partial<QuarantineEntry> = {}): Promise<string> {
  const entry = { source: 'liveperson', accountId: null, reason: 'unknown-model', detail: 'cannot be read' };
  await store.put([{ ...entry, raw: Buffer.from(consumerMessage()), ...part }]);
  return (await store.list(null, 1_000)).at(-1)?.id ?? '';
}

describe('quarantine list', () => {
  it('shows what ingestion has set aside', async () => {
    await ingestion.post('{"a":', { 'x-liveperson-account-id': '84731' });
    await ingestion.post(consumerMessage({ header: { accountId: '1' } }));
    const { out, err, code } = await quarantine('list');
    expect(out).toMatch(/^\d+-0 {2}\S+Z {2}liveperson {2}84731 {2}bad-json {2}5 bytes {2}the body is not JSON\n/);
    expect(out.split('\n')[1]).toContain('account-not-allowed');
    expect(err).toMatch(/^2 of 2 entries, \d+ bytes; 0 older ones had to go so far\n$/);
    expect(code).toBe(0);
  });

  it('filters, limits, and prints JSON', async () => {
    await aside({ accountId: '7' });
    await aside({ accountId: '8', reason: 'bad-field' });
    await aside({ accountId: '8', detail: 'second' });
    const lines = async (...words: string[]) =>
      (await quarantine('list', '--json', ...words)).out
        .split('\n')
        .filter((text) => text !== '')
        .map((text) => (JSON.parse(text) as { detail: string }).detail);
    expect(await lines('--account', '8', '--reason', 'unknown-model')).toEqual(['second']);
    expect(await lines('--limit', '1')).toEqual(['cannot be read']);
    expect(await lines('--to', '2020-01-01T00:00:00Z')).toEqual([]);
  });
});

describe('quarantine show', () => {
  it('prints the raw bytes, harmless for a terminal', async () => {
    const id = await aside({ raw: Buffer.from('{"a":"\u001b[2J"}') });
    const { out } = await quarantine('show', id);
    expect(out).toContain('reason     unknown-model\n');
    expect(out).toContain('\n\n{"a":"\ufffd[2J"}\n');
    expect(JSON.parse((await quarantine('show', id, '--json')).out)).toMatchObject({ raw: '{"a":"\u001b[2J"}' });
  });

  it('prints what is no text in base64', async () => {
    const id = await aside({ raw: Uint8Array.from([255, 0]) });
    expect(JSON.parse((await quarantine('show', id, '--json')).out)).toMatchObject({ encoding: 'base64', raw: '/wA=' });
  });
});

describe('quarantine replay', () => {
  it('takes an entry in on the way of everything received, and then out of the quarantine', async () => {
    const before = await waiting();
    const id = await aside({ raw: Buffer.from(consumerMessage({ header: { uid: 'replayed' } })) });
    const { out, err, code } = await quarantine('replay', id);
    expect({ out, err, code }).toEqual({
      out: `${id}  queued  1 accepted\n`,
      err: '1 queued, 0 failed again and stay, 0 were not there\n',
      code: 0,
    });
    expect(await waiting()).toBe(before + 1);
    expect(await store.get(id)).toBeNull();
    const last = JSON.parse(recorded().at(-1) ?? '') as { receivedAt: number; event: unknown };
    expect(last.event).toMatchObject({ commonHeader: { uid: 'replayed' } });
    expect(last.receivedAt).toBeGreaterThanOrEqual(Number(id.split('-')[0]));
  });

  it('leaves what fails again, and says why', async () => {
    const foreign = await aside({ raw: Buffer.from(consumerMessage({ header: { accountId: '1' } })) });
    const cut = await aside({ rawBytes: 2_000_000 });
    const nowhere = await aside({ source: 'closed' });
    const { out, code } = await quarantine('replay', '--all');
    expect(out.split('\n')).toEqual([
      `${foreign}  failed  account-not-allowed: accountId is not among the accounts of this source`,
      expect.stringMatching(`^${cut}  failed  only \\d+ of its 2000000 bytes are kept: it has to be sent again$`),
      `${nowhere}  failed  there is no source "closed" any more`,
      '',
    ]);
    expect(code).toBe(1);
    expect((await store.list(null, 10)).map(({ id }) => id)).toEqual([foreign, cut, nowhere]);
  });

  it('replays all that matches, whatever else there is', async () => {
    await aside({ reason: 'bad-field' });
    for (let n = 0; n < 45; n += 1) await aside({ reason: 'time-ahead' });
    const { err } = await quarantine('replay', '--reason', 'time-ahead');
    expect(err).toBe('45 queued, 0 failed again and stay, 0 were not there\n');
    expect(await store.use()).toMatchObject({ entries: 1 });
  });

  it('brings what the engine could not apply back to the entity at which it failed, unrecorded', async () => {
    const lines = recorded().length;
    const before = await waiting();
    const event = sampleEvent({ accountId: '84731', conversationId: 'c-1', agentId: 'a-1' });
    const item = formatEventItem({ kind: 'event', event, entities: ['agent'], again: 5 });
    const id = await aside({ source: 'partition 3', reason: ENGINE_FAILURE, raw: Buffer.from(item) });
    expect((await quarantine('replay', id)).out).toBe(`${id}  queued  1 accepted\n`);
    expect(await waiting()).toBe(before + 1);
    expect(recorded()).toHaveLength(lines);
  });

  it('says so when a failing timer left nothing to replay', async () => {
    const id = await aside({ reason: ENGINE_FAILURE, raw: Buffer.from('{"kind":"due","held":[]}') });
    expect((await quarantine('replay', id)).out).toBe(
      `${id}  failed  it holds no event that could be replayed: drop it\n`,
    );
  });
});

describe('quarantine drop', () => {
  it('drops these, or all that match', async () => {
    const first = await aside();
    await aside({ accountId: '7' });
    await aside();
    expect((await quarantine('drop', first)).err).toBe('1 entries dropped\n');
    expect((await quarantine('drop', '--account', '7')).err).toBe('1 entries dropped\n');
    expect(await quarantine('drop', first)).toMatchObject({ err: '0 entries dropped, 1 were not there\n', code: 1 });
    expect(await store.use()).toMatchObject({ entries: 1 });
  });
});

describe('quarantine types', () => {
  it('tells the unknown types and their newest events', async () => {
    await ingestion.post(consumerMessage({ header: { eventType: 'BrandNewEvent' } }));
    expect((await quarantine('types')).out).toBe('        1  BrandNewEvent\n');
    expect((await quarantine('types', 'BrandNewEvent')).out).toContain('"eventType":"BrandNewEvent"');
  });
});

describe('what is wrong', () => {
  it.each([
    { words: ['replay'], want: '"quarantine replay" wants ids, a filter such as --reason, or --all' },
    { words: ['drop'], want: '"quarantine drop" wants ids, a filter such as --reason, or --all' },
    { words: ['show', 'x'], want: '"x" is no id — "quarantine list" tells them' },
    { words: ['list', '--limit', '0'], want: '--limit "0" is no number of entries from 1 up' },
    { words: ['list', '--from', 'then'], want: '--from "then" is no time' },
  ])('$words', async ({ words, want }) => {
    const { err, code } = await quarantine(...words);
    expect(err).toContain(want);
    expect(code).toBe(2);
  });
});
