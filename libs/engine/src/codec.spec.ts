import { describe, expect, it } from '@jest/globals';
import { AGENT_STATES, EVENT_TYPES, type Event, hash128 } from '@app/event';
import fc from 'fast-check';
import { decodeRecord, encodeRecord } from './codec.js';
import type { EntityRecord } from './entity.js';
import type { OrderKey } from './order.js';
import { HOSTILE_TEXTS } from './store-contract-parts.js';

const text = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 8 }),
  fc.constantFrom(...HOSTILE_TEXTS, '~abc', '^', '=x', '[0]'),
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  fc.string({ maxLength: 4 }).map((seed) => hash128(seed)),
);
const time = fc.oneof(fc.integer({ min: 1_700_000_000_000, max: 1_700_100_000_000 }), fc.maxSafeInteger());
const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const value = orNull(fc.oneof(text, time, fc.double(), fc.boolean(), fc.constantFrom(-0, NaN, Infinity, -Infinity)));
const key: fc.Arbitrary<OrderKey> = fc.record({
  time,
  rank: fc.nat(20),
  uid: text,
  conversationId: text,
  agentId: text,
});
const event: fc.Arbitrary<Event> = fc.record({
  type: fc.constantFrom(...EVENT_TYPES),
  time,
  receivedAt: time,
  accountId: text,
  uid: text,
  conversationId: orNull(text),
  agentId: orNull(text),
  agentName: orNull(text),
  isAssigned: orNull(fc.boolean()),
  effectiveTtr: orNull(time),
  stateCode: orNull(text),
  state: orNull(fc.constantFrom(...AGENT_STATES)),
  reasonCode: orNull(text),
  reason: orNull(text),
  viewName: orNull(text),
  actionName: orNull(text),
  assignedWeight: orNull(time),
  maxSlots: orNull(fc.integer()),
  assignedConversations: orNull(fc.integer()),
});
const record: fc.Arbitrary<EntityRecord> = fc.record({
  layoutId: text,
  known: fc.boolean(),
  values: fc.array(value),
  setBy: fc.array(orNull(key)),
  lastKey: orNull(key),
  lagMs: fc.nat(),
  fired: fc.integer({ min: 1, max: 1e6 }),
  timers: fc.array(fc.record({ at: orNull(time), armedAt: time, firedFor: orNull(time) })),
  contributions: fc.array(
    orNull(
      fc.record(
        {
          labels: fc.array(text),
          value: fc.double(),
          accrued: fc.record({ since: fc.integer(), micro: fc.nat() }),
        },
        { requiredKeys: ['labels', 'value'] },
      ),
    ),
  ),
  held: fc.array(event, { maxLength: 3 }),
  recent: fc.array(fc.record({ type: fc.constantFrom(...EVENT_TYPES), time }), { maxLength: 5 }),
});

describe('the record codec', () => {
  it('gives back any record', () => {
    fc.assert(fc.property(record, (one) => expect(decodeRecord(encodeRecord(one))).toEqual(one)));
  });

  it('writes text that UTF-8 carries', () => {
    fc.assert(fc.property(record, (one) => expect(Buffer.from(encodeRecord(one)).toString()).toBe(encodeRecord(one))));
  });

  it('takes no corrupt text for a record, and never throws', () => {
    const edit = fc.record({ one: record, at: fc.nat(), drop: fc.nat(3), put: fc.string({ maxLength: 3 }) });
    fc.assert(
      fc.property(edit, ({ one, at, drop, put }) => {
        const whole = encodeRecord(one);
        const place = at % whole.length;
        const decoded = decodeRecord(whole.slice(0, place) + put + whole.slice(place + drop));
        if (decoded !== null) expect(decodeRecord(encodeRecord(decoded))).toEqual(decoded);
      }),
    );
    fc.assert(fc.property(fc.json(), (json) => void decodeRecord(json)));
  });

  it.each([
    '',
    'null',
    '{}',
    '[]',
    '[1]',
    '[2,"",0,0,[],[],[],[],-1,0,[],[],[]]',
    '[1,"~x",0,0,[],[],[],[],-1,0,[],[],[]]',
  ])('refuses %s', (corrupt) => expect(decodeRecord(corrupt)).toBeNull());

  it('reads a record from before recent events were kept', () => {
    const text = encodeRecord({ ...openConversation(), recent: [] });
    expect(JSON.parse(text)).toHaveLength(13);
    expect(decodeRecord(text)).toEqual({ ...openConversation(), recent: [] });
  });

  it('keeps an ordinary open conversation within 700 bytes', () => {
    expect(Buffer.byteLength(encodeRecord(openConversation()))).toBeLessThanOrEqual(700);
  });
});

/** 15 fields, 3 timers of its own, 5 `over:` rules of which 2 contribute, 8 distinct order keys, its last 5 events. */
function openConversation(): EntityRecord {
  const uuid = (seed: string) => hash128(seed).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  const id = uuid('conversation');
  const start = 1_764_000_000_000;
  const keys = Array.from({ length: 8 }, (_, index) => ({
    time: start + index * 61_234,
    rank: 8,
    uid: uuid(`event ${index}`),
    conversationId: id,
    agentId: '4129463210',
  }));
  const times = [start, null, start + 61_234, start + 122_468, start + 367_404, null, start + 428_638];
  const last = keys[7] ?? null;
  return {
    layoutId: hash128('layout'),
    known: true,
    values: [id, '84731', start + 428_638, true, ...times, '4129463210', 2, false, null],
    setBy: Array.from({ length: 15 }, (_, index) => (index < 3 ? null : (keys[index % 8] ?? null))),
    lastKey: last,
    lagMs: 312,
    timers: [
      { at: start + 900_000, armedAt: start + 367_404, firedFor: start + 600_000 },
      { at: null, armedAt: start + 428_638, firedFor: null },
      { at: start + 8_640_428_638, armedAt: start + 428_638, firedFor: null },
    ],
    contributions: [
      { labels: ['84731', '4129463210'], value: 1_000_000 },
      null,
      { labels: ['84731'], value: start },
      null,
      null,
    ],
    held: [],
    recent: keys.slice(3).map(({ time }) => ({ type: 'MessageConsumerEvent', time })),
  };
}
