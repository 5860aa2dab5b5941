import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  SAMPLE_ACCOUNT,
  SAMPLE_DELIVERY,
  SAMPLE_RECEIVED_AT,
  SAMPLE_TIME,
  sampleHeader,
  SAMPLES,
} from '../../../../test/support/liveperson-samples.js';
import { normaliseLivePerson, type Outcome, QUARANTINE_REASONS } from '../index.js';
import { PLACES } from './wire.js';

const WIRE_KEYS = [...new Set(Object.values(PLACES).flatMap((places) => places.flat()))];

/** Any JSON, thick with the very keys that are read. */
const anyData = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('', '-1', 'true', '1e9', '\ud800', '\u0000', 0, -1, 2 ** 60, 1.5, null),
    fc.dictionary(fc.constantFrom(...WIRE_KEYS, '__proto__', 'constructor'), tie('value')),
  ),
})).value;

const anyElement = fc.oneof(
  fc.jsonValue(),
  anyData,
  fc.record({
    commonHeader: fc.oneof(
      anyData,
      fc
        .record(
          {
            eventType: fc.oneof(fc.constantFrom(...SAMPLES.map((sample) => sample.type)), fc.jsonValue()),
            eventTimestamp: fc.oneof(fc.integer({ min: SAMPLE_TIME - 9, max: SAMPLE_TIME }), fc.jsonValue()),
            accountId: fc.oneof(fc.constantFrom(SAMPLE_ACCOUNT, Number(SAMPLE_ACCOUNT)), fc.jsonValue()),
            schemaVersion: fc.oneof(fc.constantFrom('1-0-0', '1.2.3', '2-0-0'), fc.jsonValue()),
            uid: fc.jsonValue(),
          },
          { requiredKeys: [] },
        )
        .map((header) => ({ ...sampleHeader('MessageConsumerEvent'), ...header })),
    ),
    data: anyData,
  }),
);

function expectSound(outcome: Outcome): void {
  if (outcome.kind === 'quarantine') {
    expect(Object.keys(QUARANTINE_REASONS)).toContain(outcome.reason);
    expect(outcome.detail).not.toBe('');
  }
  if (outcome.kind !== 'event') return;
  const { event } = outcome;
  expect(event.conversationId ?? event.agentId).toEqual(expect.any(String));
  expect(event.accountId).toBe(SAMPLE_ACCOUNT);
  expect(event.uid).not.toBe('');
  for (const time of [event.time, event.effectiveTtr ?? event.time]) expect(Number.isSafeInteger(time)).toBe(true);
  for (const quantity of [event.assignedWeight, event.maxSlots, event.assignedConversations]) {
    if (quantity !== null) expect(Number.isFinite(quantity) && quantity >= 0).toBe(true);
  }
  expect(JSON.parse(JSON.stringify(event))).toEqual(event);
}

it('makes something sound of any JSON, and never throws', () => {
  fc.assert(
    fc.property(anyElement, (element) => {
      const value: unknown = JSON.parse(JSON.stringify(element));
      const outcomes = normaliseLivePerson(value, SAMPLE_DELIVERY);
      expect(outcomes).toHaveLength(Array.isArray(value) ? value.length : 1);
      outcomes.forEach(expectSound);
    }),
    { numRuns: 2000 },
  );
});

const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((text) => text.trim() !== '');

it('takes a valid event whatever its ids, its place in the delivery and what else it holds', () => {
  const delivered = fc.record({
    sample: fc.constantFrom(...SAMPLES),
    uid: id,
    at: fc.integer({ min: 1_420_070_400_000, max: SAMPLE_RECEIVED_AT + 300_000 }),
    asText: fc.boolean(),
    nested: fc.boolean(),
    more: fc.dictionary(
      fc.string().map((key) => `x-${key}`),
      fc.jsonValue(),
    ),
  });
  fc.assert(
    fc.property(fc.array(delivered, { maxLength: 5 }), (deliveries) => {
      const body = deliveries.map(({ sample, uid, at, asText, nested, more }) => {
        const header = { ...more, ...sampleHeader(sample.type, { uid, eventTimestamp: asText ? String(at) : at }) };
        const data = { ...more, ...sample.data };
        return nested ? { ...more, commonHeader: header, data } : { ...header, data };
      });
      const outcomes = normaliseLivePerson(JSON.parse(JSON.stringify(body)), SAMPLE_DELIVERY);
      expect(outcomes).toEqual(
        deliveries.map(({ sample, uid, at }) => ({
          kind: 'event',
          warnings: [],
          event: expect.objectContaining({ ...sample.means, type: sample.type, uid, time: at }),
        })),
      );
    }),
  );
});

it('says the same of the same bytes', () => {
  fc.assert(
    fc.property(anyElement, (element) => {
      const text = JSON.stringify(element);
      expect(normaliseLivePerson(JSON.parse(text), SAMPLE_DELIVERY)).toEqual(
        normaliseLivePerson(JSON.parse(text), SAMPLE_DELIVERY),
      );
    }),
  );
});
