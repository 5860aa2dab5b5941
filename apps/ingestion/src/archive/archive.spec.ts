import { describe, expect, it } from '@jest/globals';
import { decodeRow, type EncodedRow, maskOf } from '@app/archive';
import { sampleEvent } from '../../../../test/support/sample-event.js';
import { type Delivery, sortDelivery } from '../delivery.js';
import type { Source } from '../sources/sources.js';
import { Archive } from './archive.js';

const NOTHING: Delivery = { events: [], quarantined: [], unknown: [], withoutEntity: 0, ignored: [] };
const ORIGIN = { source: 'liveperson', accountId: null, receivedAt: 1_000 };

function archiving(mask: ReturnType<typeof maskOf> = null) {
  const stored: EncodedRow[] = [];
  const sink = { add: (rows: readonly EncodedRow[]) => Promise.resolve(void stored.push(...rows)) };
  const archive = new Archive({ replica: 'r', mask, sink });
  return { archive, rows: () => stored.map((encoded) => decodeRow(encoded).row) };
}

const accepted = (fields: Parameters<typeof sampleEvent>[0]) => ({
  event: sampleEvent(fields),
  warnings: [],
  json: `{"uid":"${fields.uid}"}`,
});

const SOURCE: Source = { name: 'lp', accounts: null, credentials: [], certificates: null, networks: null, rate: null };

const liveMessage = (data: object) => ({
  commonHeader: { accountId: '7', eventType: 'MessageAgentEvent', eventTimestamp: 1_772_474_400_000 },
  data: { convId: 'c', ...data },
});

const sorted = (body: string) =>
  sortDelivery({
    source: SOURCE,
    headers: {},
    body: Buffer.from(body),
    receivedAt: 1_772_474_400_001,
    personalData: true,
    recording: true,
  });

describe('what is archived', () => {
  it('is each event with the instants that counted for its entities', async () => {
    const { archive, rows } = archiving();
    const events = [
      accepted({ uid: 'a', conversationId: 'c', agentId: 'x', time: 990 }),
      accepted({ uid: 'b', conversationId: 'c', agentId: 'x' }),
      accepted({ uid: 'c', agentId: 'x' }),
    ];
    const receipt = archive.take(ORIGIN, { ...NOTHING, events });
    await receipt?.store([
      { conversation: 1_001, agent: 1_001 },
      { conversation: 1_002, agent: 1_005 },
      { conversation: null, agent: 1_006 },
    ]);
    const common = {
      kind: 'event',
      replica: 'r',
      source: 'liveperson',
      accountId: '12345678',
      type: 'MessageConsumerEvent',
    };
    expect(rows()).toMatchObject([
      { ...common, sequence: 1, receivedAt: 1_001, agentReceivedAt: null, eventTime: 990, raw: '{"uid":"a"}' },
      { ...common, sequence: 2, receivedAt: 1_002, agentReceivedAt: 1_005, conversationId: 'c', agentId: 'x' },
      { ...common, sequence: 3, receivedAt: 1_006, agentReceivedAt: null, conversationId: null, agentId: 'x' },
    ]);
    expect(rows().map(({ uid }) => uid)).toEqual(['a', 'b', 'c']);
  });

  it('is no event that a partition did not store; its place stays empty', async () => {
    const { archive, rows } = archiving();
    const events = [
      accepted({ uid: 'a', conversationId: 'c', agentId: 'x' }),
      accepted({ uid: 'b', conversationId: 'c' }),
    ];
    await archive.take(ORIGIN, { ...NOTHING, events })?.store([
      { conversation: 1_001, agent: null },
      { conversation: 1_001, agent: null },
    ]);
    expect(rows().map(({ sequence, raw }) => ({ sequence, raw }))).toEqual([{ sequence: 2, raw: '{"uid":"b"}' }]);
  });

  it('is what was set aside, is unknown or names nothing, too, under the account that it names', async () => {
    const { archive, rows } = archiving();
    const named = '{"commonHeader":{"accountId":"7"}}';
    const delivery: Delivery = {
      ...NOTHING,
      quarantined: [
        { reason: 'missing-field', detail: 'what', raw: Buffer.from(named) },
        { reason: 'bad-json', detail: 'no', raw: Buffer.from([0xff, 0x7b]) },
      ],
      unknown: [{ type: 'New', raw: Buffer.from('{"a":1}') }],
      withoutEntity: 1,
      ignored: [named],
    };
    await archive.take({ ...ORIGIN, accountId: '8' }, delivery)?.store([]);
    expect(rows()).toMatchObject([
      { kind: 'quarantined', sequence: 1, accountId: '7', receivedAt: 1_000, reason: 'missing-field', raw: named },
      { kind: 'quarantined', sequence: 2, accountId: '8', raw: null, rawBase64: '/3s=' },
      { kind: 'unknown', sequence: 3, accountId: '8', type: 'New', raw: '{"a":1}' },
      { kind: 'ignored', sequence: 4, accountId: '7', raw: named },
    ]);
  });

  it('is our own absence', async () => {
    const { archive, rows } = archiving();
    await archive.outage(5, 9);
    expect(rows()).toMatchObject([
      { kind: 'outage', receivedAt: 9, accountId: null, raw: '{"outage":{"from":5,"to":9}}' },
    ]);
  });

  it('is nothing of a delivery that holds nothing', () => {
    expect(archiving().archive.take(ORIGIN, NOTHING)).toBeNull();
  });

  it('has no fields that are to be dropped, and no text in which they cannot be found', async () => {
    const { archive, rows } = archiving(maskOf({ drop: ['uid', 'convId'], hash: [], key: '' }));
    const quarantined = [{ reason: 'bad-json' as const, detail: 'no', raw: Buffer.from('{"uid":"secret"') }];
    await archive
      .take(ORIGIN, { ...NOTHING, events: [accepted({ uid: 'a', conversationId: 'c' })], quarantined })
      ?.store([{ conversation: 1_001, agent: null }]);
    expect(rows().map(({ raw, rawBase64, uid, conversationId }) => ({ raw, rawBase64, uid, conversationId }))).toEqual([
      { raw: '{}', rawBase64: null, uid: null, conversationId: null },
      { raw: null, rawBase64: null, uid: null, conversationId: null },
    ]);
  });

  it('tells by no hash of its content what is to be dropped, and has the uid that is read from what is left', async () => {
    const { archive, rows } = archiving(maskOf({ drop: ['text'], hash: ['agentId'], key: 'k' }));
    const sent = JSON.stringify(liveMessage({ text: 'secret', agentId: 'x' }));
    const { events } = sorted(sent);
    expect(events[0]?.warnings).toContain('uid-missing');
    await archive.take(ORIGIN, { ...NOTHING, events })?.store([{ conversation: 1_001, agent: 1_001 }]);
    const [row] = rows();
    const again = sorted(row?.raw ?? '').events[0]?.event;
    expect(row).toMatchObject({ uid: again?.uid, agentId: again?.agentId });
    expect(row?.uid).not.toBe(events[0]?.event.uid);
  });

  it('is our own absence, whatever fields are to be dropped', async () => {
    const { archive, rows } = archiving(maskOf({ drop: ['from', 'outage'], hash: [], key: '' }));
    await archive.outage(5, 9);
    expect(rows()).toMatchObject([{ kind: 'outage', raw: '{"outage":{"from":5,"to":9}}' }]);
  });
});
