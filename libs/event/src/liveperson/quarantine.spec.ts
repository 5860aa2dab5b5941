import { expect, it } from '@jest/globals';
import {
  SAMPLE_ACCOUNT,
  SAMPLE_DELIVERY,
  SAMPLE_RECEIVED_AT,
  SAMPLE_TIME,
  sampleHeader,
} from '../../../../test/support/liveperson-samples.js';
import { DELIVERY_LIMIT, normaliseLivePerson, QUARANTINE_REASONS, type QuarantineReason } from '../index.js';

const header = (differing: Record<string, unknown>, data: unknown = { convId: 'c' }) => ({
  commonHeader: sampleHeader('MessageConsumerEvent', differing),
  data,
});

const of = (eventType: string, data: unknown) => ({ commonHeader: sampleHeader(eventType), data });

const TABLE: readonly [what: string, body: unknown, reason: QuarantineReason, detail: string][] = [
  ['a text', 'hello', 'not-an-object', 'the event is not a JSON object'],
  ['null', null, 'not-an-object', 'the event is not a JSON object'],
  ['a header that is a list', { commonHeader: [1] }, 'bad-field', 'commonHeader is not an object'],
  ['no header', { data: {} }, 'missing-field', 'eventType is missing, null or empty'],
  ['no type', header({ eventType: '' }), 'missing-field', 'eventType is missing, null or empty'],
  ['no account', header({ accountId: null }), 'missing-field', 'accountId is missing, null or empty'],
  ['no time', header({ eventTimestamp: null }), 'missing-field', 'eventTimestamp is missing, null or empty'],
  ['time in words', header({ eventTimestamp: 'noon' }), 'bad-field', 'eventTimestamp is not a number'],
  ['time in hexadecimal', header({ eventTimestamp: '0x18fd' }), 'bad-field', 'eventTimestamp is not a number'],
  ['time out of range', header({ eventTimestamp: '1e300' }), 'bad-field', 'eventTimestamp is beyond 2^53'],
  ['time as an object', header({ eventTimestamp: {} }), 'bad-field', 'eventTimestamp is not a number'],
  [
    'time in seconds',
    header({ eventTimestamp: SAMPLE_TIME / 1000 }),
    'time-too-old',
    'eventTimestamp is before 2015; it looks like seconds, milliseconds are wanted',
  ],
  [
    'time in 2014',
    header({ eventTimestamp: 1_420_070_399_999 }),
    'time-too-old',
    'eventTimestamp is before 2015; it looks like seconds, milliseconds are wanted',
  ],
  ['time 0', header({ eventTimestamp: 0 }), 'time-too-old', 'eventTimestamp is before 2015'],
  ['time -1', header({ eventTimestamp: -1 }), 'time-too-old', 'eventTimestamp is before 2015'],
  [
    'time 300.001 s ahead',
    header({ eventTimestamp: SAMPLE_RECEIVED_AT + 300_001 }),
    'time-ahead',
    'eventTimestamp is 301 s after the receipt',
  ],
  [
    'time in microseconds',
    header({ eventTimestamp: SAMPLE_TIME * 1000 }),
    'time-ahead',
    'eventTimestamp is 1715482800000 s after the receipt; it looks like microseconds, milliseconds are wanted',
  ],
  [
    'another account',
    header({ accountId: '999' }),
    'account-not-allowed',
    'accountId is not among the accounts of this source',
  ],
  [
    'another account with an unknown type',
    header({ accountId: '999', eventType: 'NewEvent' }),
    'account-not-allowed',
    'accountId is not among the accounts of this source',
  ],
  [
    'MODEL 2',
    header({ schemaVersion: '2-0-0' }),
    'unknown-model',
    'the MODEL of schemaVersion is not one that this version reads',
  ],
  [
    'MODEL 0',
    header({ schemaVersion: '0.9.9' }),
    'unknown-model',
    'the MODEL of schemaVersion is not one that this version reads',
  ],
  [
    'an id beyond 2^53',
    header({ uid: 2 ** 53 }),
    'unsafe-number',
    'uid is a number beyond 2^53, whose last digits are lost',
  ],
  [
    'an id that is a fraction',
    header({}, { convId: 1.5 }),
    'bad-field',
    'data.convDetails.convId is not a whole number',
  ],
  [
    'an id that is a list',
    header({}, { convId: ['c'] }),
    'bad-field',
    'data.convDetails.convId is neither a text nor a number',
  ],
  ['an id that is true', header({ uid: true }), 'bad-field', 'uid is neither a text nor a number'],
  ['an id of 257', header({ uid: 'u'.repeat(257) }), 'bad-field', 'uid is longer than 256 characters'],
  [
    'an id with a line break',
    header({ uid: 'a\nb' }),
    'bad-field',
    'uid holds a control character or half a character',
  ],
  [
    'an id with half a character',
    header({ uid: 'a\ud800' }),
    'bad-field',
    'uid holds a control character or half a character',
  ],
  [
    'a type with a null byte',
    header({ eventType: 'a\u0000' }),
    'bad-field',
    'eventType holds a control character or half a character',
  ],
  ['data that is a list', header({}, [1]), 'bad-field', 'data is not an object'],
  ['details that are a number', header({}, { convDetails: 3 }), 'bad-field', 'data.convDetails is not an object'],
  [
    'details that are a list',
    header({}, { convId: 'c', agentDetails: [] }),
    'bad-field',
    'data.agentDetails is not an object',
  ],
  [
    'a flag that is a number',
    of('MessageAgentEvent', { convId: 'c', isAssigned: 1 }),
    'bad-field',
    'data.agentDetails.isAssigned is neither true nor false',
  ],
  [
    'a flag that is a word',
    of('MessageAgentEvent', { convId: 'c', isAssigned: 'yes' }),
    'bad-field',
    'data.agentDetails.isAssigned is neither true nor false',
  ],
  [
    'a name that is an object',
    of('AgentSnapshotEvent', { agentId: 'a', agentName: {} }),
    'bad-field',
    'data.agentDetails.agentName is neither a text nor a number',
  ],
  [
    'slots in words',
    of('AgentSnapshotEvent', { agentId: 'a', maxSlots: 'ten' }),
    'bad-field',
    'data.maxSlots is not a number',
  ],
  [
    'slots without end',
    of('AgentSnapshotEvent', { agentId: 'a', maxSlots: 'Infinity' }),
    'bad-field',
    'data.maxSlots is not a number',
  ],
  [
    'a deadline in words',
    of('TTRStatusEvent', { convId: 'c', effectiveTtr: 'soon' }),
    'bad-field',
    'data.effectiveTtr is not a number',
  ],
  [
    'a deadline in seconds',
    of('TTRStatusEvent', { convId: 'c', effectiveTtr: 1_717_200_600 }),
    'bad-field',
    'data.effectiveTtr is before 2015; it looks like seconds, milliseconds are wanted',
  ],
  [
    'a deadline as a duration',
    of('TTRStatusEvent', { convId: 'c', effectiveTtr: 600 }),
    'bad-field',
    'data.effectiveTtr is before 2015',
  ],
  [
    'a TTR of no conversation',
    of('TTRStatusEvent', { agentId: 'a' }),
    'missing-field',
    'data.convDetails.convId is missing, null or empty',
  ],
  [
    'a request of no conversation',
    of('ConversationRequestEvent', {}),
    'missing-field',
    'data.convDetails.convId is missing, null or empty',
  ],
  [
    'an end of no conversation',
    of('ConversationEndEvent', null),
    'missing-field',
    'data.convDetails.convId is missing, null or empty',
  ],
  [
    'a state of no agent',
    of('AgentStateChangedEvent', { convId: 'c' }),
    'missing-field',
    'data.agentDetails.agentId is missing, null or empty',
  ],
  [
    'a snapshot of no agent',
    of('AgentSnapshotEvent', { convId: 'c' }),
    'missing-field',
    'data.agentDetails.agentId is missing, null or empty',
  ],
  [
    'several faults',
    header({ uid: [] }, { convId: {}, agentId: 'a'.repeat(300) }),
    'bad-field',
    'uid is neither a text nor a number; data.convDetails.convId is neither a text nor a number; ' +
      'data.agentDetails.agentId is longer than 256 characters',
  ],
];

it.each(TABLE)('%s is set aside', (_what, body, reason, detail) => {
  expect(normaliseLivePerson(body, SAMPLE_DELIVERY)).toEqual([{ kind: 'quarantine', reason, detail, raw: body }]);
});

it('takes a time 300 s ahead, and the first of 2015', () => {
  for (const eventTimestamp of [SAMPLE_RECEIVED_AT + 300_000, 1_420_070_400_000]) {
    expect(normaliseLivePerson(header({ eventTimestamp }), SAMPLE_DELIVERY)[0]).toMatchObject({ kind: 'event' });
  }
});

it.each([
  ['999', 'account-mismatch'],
  [SAMPLE_ACCOUNT, undefined],
  [` ${SAMPLE_ACCOUNT} `, undefined],
  ['', undefined],
  [null, undefined],
])('compares the account header %j', (headerAccountId, reason) => {
  const [outcome] = normaliseLivePerson(header({}), { ...SAMPLE_DELIVERY, headerAccountId });
  expect(outcome).toMatchObject(reason === undefined ? { kind: 'event' } : { kind: 'quarantine', reason });
});

it('takes any account where none is listed', () => {
  const [outcome] = normaliseLivePerson(header({ accountId: '999' }), { ...SAMPLE_DELIVERY, accounts: null });
  expect(outcome).toMatchObject({ kind: 'event', event: { accountId: '999' } });
});

it('sets an array that is too long aside whole', () => {
  const elements = Array.from({ length: DELIVERY_LIMIT + 1 }, () => 0);
  const detail = 'the body holds 10001 events; at most 10000 are taken';
  expect(normaliseLivePerson(elements, SAMPLE_DELIVERY)).toEqual([
    { kind: 'quarantine', reason: 'too-many', detail, raw: elements },
  ]);
  expect(normaliseLivePerson(elements.slice(1), SAMPLE_DELIVERY)).toHaveLength(DELIVERY_LIMIT);
});

it('survives nesting that cannot be written again, and then wants a uid', () => {
  const depth = 200_000;
  const nested: unknown = JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  const deep = (uid: string) => ({ ...header({ uid }), nested });
  expect(normaliseLivePerson(deep('u'), SAMPLE_DELIVERY)[0]).toMatchObject({ kind: 'event' });
  const [outcome] = normaliseLivePerson(deep(''), SAMPLE_DELIVERY);
  expect(outcome?.kind === 'quarantine' && outcome.reason).toBe('too-deep');
});

it('never repeats what the sender wrote', () => {
  const secret = 'secret-value';
  for (const [, body] of TABLE) {
    const text = JSON.stringify(body).replaceAll('convId":"c"', `convId":"${secret}"`);
    const [outcome] = normaliseLivePerson(JSON.parse(text), SAMPLE_DELIVERY);
    expect(outcome?.kind === 'quarantine' && outcome.detail).not.toContain(secret);
  }
});

it('documents each reason', () => {
  for (const meaning of Object.values(QUARANTINE_REASONS)) expect(meaning).toMatch(/^[A-Z].*\.$/);
});
