import { describe, expect, it } from '@jest/globals';
import {
  acceptedOf,
  SAMPLE_ACCOUNT,
  SAMPLE_DELIVERY,
  SAMPLE_RECEIVED_AT,
  SAMPLE_TIME,
  sampleBody,
  sampleHeader,
  SAMPLES,
} from '../../../../test/support/liveperson-samples.js';
import { sampleEvent } from '../../../../test/support/sample-event.js';
import { EVENT_TYPES, EVENT_WARNINGS, normaliseLivePerson } from '../index.js';

const NOTHING = sampleEvent({ time: SAMPLE_TIME, receivedAt: SAMPLE_RECEIVED_AT, accountId: SAMPLE_ACCOUNT });

function outcomeOf(body: unknown) {
  return normaliseLivePerson(JSON.parse(JSON.stringify(body)), SAMPLE_DELIVERY)[0];
}

describe('a delivery of each type', () => {
  it('has a sample here', () => {
    expect(SAMPLES.map((sample) => sample.type)).toEqual([...EVENT_TYPES]);
  });

  it.each(SAMPLES)('$type, header nested', ({ type, data, means }) => {
    expect(outcomeOf({ commonHeader: sampleHeader(type), data })).toEqual({
      kind: 'event',
      event: { ...NOTHING, type, ...means },
      warnings: [],
    });
  });

  it.each(SAMPLES)('$type, header flat', ({ type, data, means }) => {
    expect(acceptedOf({ ...sampleHeader(type), data }).event).toEqual({ ...NOTHING, type, ...means });
  });
});

describe('the header', () => {
  it('in commonHeader wins over the one beside it, field by field', () => {
    const { event } = acceptedOf({
      ...sampleHeader('ConversationEndEvent', { uid: 'outer' }),
      commonHeader: { eventType: 'MessageConsumerEvent', uid: '', accountId: null },
      data: { convDetails: { convId: 'c' } },
    });
    expect(event).toEqual({ ...NOTHING, uid: 'outer', conversationId: 'c' });
  });

  it.each(['messageConsumerEvent', 'MESSAGECONSUMEREVENT', 'messageconsumer', ' MessageConsumer '])(
    'names the type in any letter case, with or without Event: %s',
    (eventType) => {
      expect(acceptedOf(sampleBody('MessageConsumerEvent', undefined, { eventType })).event.type).toBe(
        'MessageConsumerEvent',
      );
    },
  );

  it.each([
    [{ eventTimestamp: String(SAMPLE_TIME) }, { time: SAMPLE_TIME }],
    [{ eventTimestamp: ` ${SAMPLE_TIME} ` }, { time: SAMPLE_TIME }],
    [{ eventTimestamp: '1.7172E12' }, { time: SAMPLE_TIME }],
    [{ eventTimestamp: SAMPLE_TIME + 0.7 }, { time: SAMPLE_TIME }],
    [{ accountId: Number(SAMPLE_ACCOUNT) }, { accountId: SAMPLE_ACCOUNT }],
    [{ uid: 2 ** 53 - 1 }, { uid: '9007199254740991' }],
    [{ uid: 'ünï – 漢字 😀' }, { uid: 'ünï – 漢字 😀' }],
  ])('%j', (header, means) => {
    expect(acceptedOf(sampleBody('MessageConsumerEvent', undefined, header)).event).toMatchObject(means);
  });
});

describe('the version', () => {
  it.each([
    ['1-0-0', []],
    ['1.0.0', []],
    ['1-0-99', []],
    ['1.0.0.4', []],
    [' 1-0-0 ', []],
    ['1-1-0', ['revision-newer']],
    ['1.12-3', ['revision-newer']],
    ['1-0', ['version-unreadable']],
    ['v1', ['version-unreadable']],
    ['', ['version-unreadable']],
    [null, ['version-unreadable']],
    [1, ['version-unreadable']],
    [{ model: 1 }, ['version-unreadable']],
  ])('%j warns of %j', (schemaVersion, warnings) => {
    expect(acceptedOf(sampleBody('MessageConsumerEvent', undefined, { schemaVersion })).warnings).toEqual(warnings);
  });
});

describe('the entities', () => {
  it.each([
    [{ convDetails: { convId: 'c' } }, { conversationId: 'c' }],
    [{ convDetails: { conversationId: 'c' } }, { conversationId: 'c' }],
    [{ convId: 'c' }, { conversationId: 'c' }],
    [{ conversationId: 77 }, { conversationId: '77' }],
    [{ convDetails: { convId: '' }, convId: 'c' }, { conversationId: 'c' }],
    [{ convDetails: null, convId: 'c' }, { conversationId: 'c' }],
    [{ convDetails: '', conversationId: 'c' }, { conversationId: 'c' }],
    [{ agentDetails: { agentId: 'a', agentName: 'A' } }, { agentId: 'a', agentName: 'A' }],
    [
      { agentId: 2434634412, agentName: null },
      { agentId: '2434634412', agentName: null },
    ],
    [
      { agentId: '37607275.2261571', agentName: ' ' },
      { agentId: '37607275.2261571', agentName: null },
    ],
    [{ agentDetails: { agentId: 'inner' }, agentId: 'outer' }, { agentId: 'inner' }],
    [
      { convId: 'c', agentId: 'a', isAssigned: null },
      { conversationId: 'c', agentId: 'a', isAssigned: null },
    ],
    [{ convId: 'c', agentDetails: { isAssigned: 'TRUE' } }, { isAssigned: true }],
    [{ convId: 'c', isAssigned: 'false' }, { isAssigned: false }],
    [{ convId: 'c', isAssigned: '' }, { isAssigned: null }],
  ])('of an agent message with data %j', (data, means) => {
    expect(acceptedOf(sampleBody('MessageAgentEvent', data)).event).toMatchObject(means);
  });

  it.each([
    {},
    null,
    '',
    undefined,
    { convDetails: {} },
    { convDetails: { convId: null }, agentDetails: { agentId: '' } },
  ])('are named nowhere in %j, so the event is ignored', (data) => {
    const element = sampleBody('MessageAgentEvent', data ?? null);
    expect(outcomeOf(element)).toEqual({ kind: 'ignored', reason: 'no-entity', raw: element });
  });

  it('of an agent event are its agent alone', () => {
    expect(acceptedOf(sampleBody('AgentSnapshotEvent', { agentId: 'a', convId: 'c' })).event.conversationId).toBeNull();
  });
});

describe('more than is known', () => {
  it('is ignored, in header, data and details', () => {
    const { event } = acceptedOf({
      ...sampleBody('MessageConsumerEvent', {
        convDetails: { convId: 'c', state: 'OPEN' },
        dialogId: 'd',
        skill: { id: 1 },
      }),
      kafka: [],
    });
    expect(event).toEqual({ ...NOTHING, conversationId: 'c' });
  });

  it('is not read from a type that does not carry it', () => {
    const data = { convId: 'c', state: { closed: true }, reason: ['x'], effectiveTtr: 'soon', isAssigned: 7 };
    expect(acceptedOf(sampleBody('ConversationEndEvent', data)).event).toEqual({
      ...NOTHING,
      type: 'ConversationEndEvent',
      conversationId: 'c',
    });
  });

  it('may be named like what objects inherit', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"eventType":"MessageConsumerEvent"},"constructor":1,"commonHeader":' +
        `${JSON.stringify(sampleHeader('MessageConsumerEvent'))},` +
        '"data":{"__proto__":{"convId":"x"},"toString":0,"convDetails":{"convId":"c","__proto__":{"polluted":true}}}}',
    );
    expect(normaliseLivePerson(hostile, SAMPLE_DELIVERY)[0]).toMatchObject({
      kind: 'event',
      event: { conversationId: 'c' },
    });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each(['constructor', '__proto__', 'ConversationIdleEvent', 'MessageEvent', 'Event'])(
    'as a type, %s, is kept as unknown',
    (eventType) => {
      const element = { commonHeader: { accountId: SAMPLE_ACCOUNT, eventType, schemaVersion: '9-9-9' } };
      expect(outcomeOf(element)).toEqual({ kind: 'unknown-type', type: eventType, raw: element });
    },
  );
});

describe('an array', () => {
  it('has one outcome per element, in order', () => {
    const elements = [
      sampleBody('ConversationEndEvent'),
      7,
      sampleBody('MessageConsumerEvent', {}),
      [sampleBody('ConversationEndEvent')],
    ];
    expect(normaliseLivePerson(elements, SAMPLE_DELIVERY).map((outcome) => outcome.kind)).toEqual([
      'event',
      'quarantine',
      'ignored',
      'quarantine',
    ]);
  });

  it('may be empty', () => {
    expect(normaliseLivePerson([], SAMPLE_DELIVERY)).toEqual([]);
  });
});

it('says what each warning means', () => {
  for (const meaning of Object.values(EVENT_WARNINGS)) expect(meaning).toMatch(/^[A-Z].*\.$|^schemaVersion .*\.$/);
});
