import fc from 'fast-check';
import { sampleOf, SAMPLES } from './liveperson-samples.js';

/** The account that the hostile sender may send for. */
export const HOSTILE_ACCOUNT = '84731';

/** An element of a delivery as it is written, and what must become of it. */
export interface HostileElement {
  readonly text: string;
  readonly fate: 'accepted' | 'quarantined' | 'ignored';
}

/** The texts of a JSON object's values by key, as they are written; a key may come twice. */
type Written = readonly (readonly [key: string, value: string])[];

/** The parts of a well-formed event, to be written with something in their place. */
interface Parts {
  readonly header: Written;
  readonly data: Written;
  readonly more: Written;
}

const TIME = 1_717_200_000_000;

/** What programs stumble over, and yet is an id like any other. */
const AWKWARD_IDS = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'NaN', '0', '-1', '1e9'],
  ...[
    '{lm:0}:events:wait',
    'a:b',
    'a|b',
    'a,b',
    '"',
    '\\',
    "';--",
    '$&',
    '%s%n',
    '{}',
    '*',
    '#',
    '\u202egnp',
    '\u{1f600}',
  ],
  ...['\u200b', 'ﷺ', 'e\u0301', 'x'.repeat(256)],
];

const fitId = fc.oneof(
  fc.constantFrom(...AWKWARD_IDS),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter((text) => text.trim() !== '' && !/[\p{Cc}\p{Cs}]/u.test(text)),
);

/** No id of ours: too long, with control characters or halves of characters, of a wrong type, with digits lost. */
const UNFIT_IDS = [
  ...['"a\\u0000b"', '"a\\nb"', 'x', '"\\ud800"', '"\\udfff\\ud800"', 'true', '{}', '[]', '["c"]', '1.5', '1e400'],
  ...['9007199254740993', '-9007199254740993', '1e30', '{"__proto__":"c"}'],
].map((text) => (text === 'x' ? JSON.stringify('x'.repeat(257)) : text));

const FIT_TIMES = [`${TIME}`, `"${TIME}"`, `" ${TIME} "`, `${TIME}.75`, '1.7172e12', '"1.7172e12"', '1420070400000'];

/** In seconds, in microseconds, in the future, negative, without a value, and no number at all. */
const UNFIT_TIMES = [
  ...[
    '1717200000',
    '"1717200000"',
    '1717200000000000',
    '4102444800000',
    '-1717200000000',
    '0',
    '-0',
    '1',
    'null',
    '""',
  ],
  ...['"NaN"', '"Infinity"', '1e400', '-1e400', '9007199254740993', '1e30', '"0x18fd0000000"', 'true', '[]', '{}'],
  ...['[1717200000000]', '"now"', `"${'9'.repeat(1000)}"`],
];

/** Taken with pleasure wherever it is not read. */
const anything = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.constantFrom('1e400', '"\\ud800"', '"\\u0000"', '{"__proto__":{"x":1}}', '9007199254740993', '-0'),
  fc.integer({ min: 1, max: 2_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.integer({ min: 1, max: 5_000 }).map((length) => JSON.stringify('ü'.repeat(length))),
);

const UNREAD_KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'x', '', '\u0000', 'length'];

const unread: fc.Arbitrary<Written> = fc.array(fc.tuple(fc.constantFrom(...UNREAD_KEYS), anything), { maxLength: 3 });

const quoted = (text: string): string => JSON.stringify(text);

const objectOf = (fields: Written): string => `{${fields.map(([key, value]) => `${quoted(key)}:${value}`).join(',')}}`;

const textOf = ({ header, data, more }: Parts): string =>
  objectOf([...more, ['commonHeader', objectOf(header)], ['data', objectOf(data)]]);

/** The names in a sample's data, replaced; all else as in the sample. */
function dataOf(
  data: Readonly<Record<string, unknown>>,
  ids: { conversation: string; agent: string; name: string },
): Written {
  const swap = (key: string, value: unknown): unknown =>
    ({ convId: ids.conversation, agentId: ids.agent, agentName: ids.name })[key] ?? value;
  return Object.entries(data).map(([key, value]) => [
    key,
    JSON.stringify({ [key]: value }, swap).slice(quoted(key).length + 2, -1),
  ]);
}

const caseOf = fc.constantFrom(
  (type: string) => type,
  (type: string) => type.toUpperCase(),
  (type: string) => type.replace(/Event$/, ''),
);

/** A well-formed event of any type with awkward ids, names and times, and with anything where nobody reads. */
const parts: fc.Arbitrary<Parts> = fc
  .record({
    type: fc.constantFrom(...SAMPLES.map((sample) => sample.type)),
    cased: caseOf,
    uid: fitId,
    conversation: fitId,
    agent: fitId,
    name: fc.oneof(fc.string({ unit: 'binary' }), fc.constant('\u0000\ud800'), fc.constant('n'.repeat(5_000))),
    time: fc.constantFrom(...FIT_TIMES),
    more: unread,
    moreData: unread,
  })
  .map(({ type, cased, uid, conversation, agent, name, time, more, moreData }) => ({
    header: [
      ['accountId', quoted(HOSTILE_ACCOUNT)],
      ['uid', quoted(uid)],
      ['schemaVersion', '"1-0-0"'],
      ['eventTimestamp', time],
      ['eventType', quoted(cased(type))],
    ],
    data: [...moreData, ...dataOf(sampleOf(type).data, { conversation, agent, name })],
    more,
  }));

function withHeader(event: Parts, key: string, value: string): Parts {
  return { ...event, header: event.header.map(([own, text]) => [own, own === key ? value : text]) };
}

/** An event that must be accepted. */
export const goodElement: fc.Arbitrary<HostileElement> = parts.map((event) => ({
  text: textOf(event),
  fate: 'accepted' as const,
}));

const spoiledHeader = fc.oneof(
  fc.constantFrom(...UNFIT_TIMES).map((text) => ['eventTimestamp', text] as const),
  fc.constantFrom(...UNFIT_IDS).map((text) => ['uid', text] as const),
  fc
    .constantFrom('"1"', 'null', '84731.5', '"__proto__"', '[]', '"84731\\u0000"')
    .map((text) => ['accountId', text] as const),
  fc.constantFrom('"9-0-0"', '"0-0-0"').map((text) => ['schemaVersion', text] as const),
  fc.constantFrom('null', '""', '7.5', '{}', '"a\\u0000"').map((text) => ['eventType', text] as const),
);

const DEEP = '['.repeat(20_000) + ']'.repeat(20_000);

/** Something that must be set aside with its bytes. */
export const badElement: fc.Arbitrary<HostileElement> = fc
  .oneof(
    fc.tuple(parts, spoiledHeader).map(([event, [key, value]]) => textOf(withHeader(event, key, value))),
    fc.tuple(parts, fc.constantFrom(...UNFIT_IDS)).map(([event, id]) =>
      textOf({
        ...event,
        data: [
          ...event.data,
          ['convDetails', `{"convId":${id}}`],
          ['agentDetails', `{"agentId":${id}}`],
          ['agentId', id],
        ],
      }),
    ),
    parts.map((event) => textOf({ ...withHeader(event, 'uid', 'null'), more: [['x', DEEP]] })),
    parts.map((event) =>
      objectOf([
        ['commonHeader', objectOf(event.header)],
        ['data', '"text"'],
      ]),
    ),
    parts.map((event) =>
      objectOf([
        ['commonHeader', '[]'],
        ['data', objectOf(event.data)],
      ]),
    ),
    fc.constantFrom('null', 'true', '7', '-1e400', '""', '"text"', '[]', '{}', '{"__proto__":{}}', DEEP),
    fc.json({ maxDepth: 3 }).map((text) => `{"data":${text}}`),
  )
  .map((text) => ({ text, fate: 'quarantined' as const }));

/** No type of ours has a dash. */
const unknownType = (text: string): string => (text.length < 250 ? `${text}-x` : text);

/** An event of an unknown type, or of no entity. */
export const ignoredElement: fc.Arbitrary<HostileElement> = fc
  .oneof(
    fc.tuple(parts, fitId).map(([event, type]) => textOf(withHeader(event, 'eventType', quoted(unknownType(type))))),
    parts.map((event) => textOf({ ...withHeader(event, 'eventType', '"MessageConsumerEvent"'), data: [] })),
  )
  .map((text) => ({ text, fate: 'ignored' as const }));

/** Any element, good ones among bad ones. */
export const anyElement: fc.Arbitrary<HostileElement> = fc.oneof(
  { arbitrary: goodElement, weight: 2 },
  { arbitrary: badElement, weight: 2 },
  { arbitrary: ignoredElement, weight: 1 },
);
