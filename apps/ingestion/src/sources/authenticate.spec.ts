import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { apiKeyMatch, bearerMatch, signatureMatch } from './authenticate.js';
import { ALGORITHMS } from '@app/config';

const HEADER = 'x-liveperson-signature';

/** The fixture that LivePerson publishes with its demo application. */
const PUBLISHED = {
  key: 'rl9hacst6kqilbofup64n11ga3',
  clientId: '81fad476-88af-4d08-bc0e-20bc69439ed4',
  body: '{"kind":"notification","body":{"changes":[{"originatorId":"2969e404f3be1c8cdda63f0b72d205ab5afb3fe3e3d7d72ab58245f564fdfd91","originatorMetadata":{"id":"2969e404f3be1c8cdda63f0b72d205ab5afb3fe3e3d7d72ab58245f564fdfd91","role":"CONSUMER"},"event":{"type":"ChatStateEvent","chatState":"PAUSE"},"conversationId":"b8b83fe9-75f0-46f2-baaa-2930f7192cfb","dialogId":"b8b83fe9-75f0-46f2-baaa-2930f7192cfb"}]},"type":"ms.MessagingEventNotification"}',
};

const OWN = {
  key: 'test-secret',
  body: '{"commonHeader":{"accountId":"12345678","uid":"u-1","schemaVersion":"1-0-0","eventTimestamp":1717200000000,"eventType":"messageConsumerEvent","webhookSubscriptionId":"sub-1"},"data":{"convDetails":{"convId":"c-1"}}}',
};

interface Case {
  readonly vector: { readonly key: string; readonly body: string };
  readonly algorithm: (typeof ALGORITHMS)[number];
  readonly digest: string;
}

const VECTORS: readonly Case[] = [
  { vector: PUBLISHED, algorithm: 'sha1', digest: 'e/TfS0wv1HbvEsMqcBMmFLcMslI=' },
  { vector: PUBLISHED, algorithm: 'sha1', digest: '7bf4df4b4c2fd476ef12c32a70132614b70cb252' },
  { vector: PUBLISHED, algorithm: 'sha256', digest: 'PH84lxXVcKluSQQ3Fy8oaaZe1vDHZ3JZMNEQoQjUjsU=' },
  {
    vector: PUBLISHED,
    algorithm: 'sha256',
    digest: '3c7f389715d570a96e490437172f2869a65ed6f0c767725930d110a108d48ec5',
  },
  { vector: OWN, algorithm: 'sha256', digest: 'f0eNrbZso9tj1UFdTt1C1nCcUzSSGpda1ZTAlNVLdsg=' },
  { vector: OWN, algorithm: 'sha256', digest: '7f478dadb66ca3db63d5415d4edd42d6709c5334921a975ad594c094d54b76c8' },
  { vector: OWN, algorithm: 'sha1', digest: 'WOk18YAL0a6lqQJxq86IjqLzvXI=' },
  { vector: OWN, algorithm: 'sha1', digest: '58e935f1800bd1aea5a90271abce888ea2f3bd72' },
];

function declared(algorithm: Case['algorithm'], encoding?: 'base64' | 'base64url' | 'hex') {
  return { algorithm, encoding, header: HEADER, clientId: undefined };
}

describe('a signature', () => {
  it.each(VECTORS)('$algorithm $digest verifies, with its prefix in any case or without', (vector) => {
    const { algorithm, digest } = vector;
    const match = signatureMatch(declared(algorithm), vector.vector.key);
    const body = Buffer.from(vector.vector.body);
    for (const given of [digest, `${algorithm}=${digest}`, `${algorithm.toUpperCase()}=${digest}`]) {
      expect(match({ [HEADER]: given }, body)).toBeNull();
    }
  });

  it.each(VECTORS)('$algorithm $digest fails with any one bit of the body flipped', (vector) => {
    const match = signatureMatch(declared(vector.algorithm), vector.vector.key);
    for (let bit = 0; bit < 8 * vector.vector.body.length; bit += 97) {
      const body = Buffer.from(vector.vector.body);
      body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(match({ [HEADER]: vector.digest }, body)).toBe('the signature differs');
    }
  });

  it('fails with any one bit of the digest flipped, those that base64 does not use among them', () => {
    const match = signatureMatch(declared('sha256'), OWN.key);
    const digest = 'f0eNrbZso9tj1UFdTt1C1nCcUzSSGpda1ZTAlNVLdsg=';
    const body = Buffer.from(OWN.body);
    for (let bit = 0; bit < 8 * digest.length; bit += 1) {
      const flipped = Buffer.from(digest);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(match({ [HEADER]: flipped.toString('latin1') }, body)).not.toBeNull();
    }
  });

  const forms = ['base64', 'base64url', 'hex'] as const;
  const combinations = ALGORITHMS.flatMap((algorithm) => forms.map((form) => ({ algorithm, form })));

  it.each(combinations)('of $algorithm is taken as $form, by its length and as declared', ({ algorithm, form }) => {
    const body = Buffer.from('Grüße ✓');
    const digest = createHmac(algorithm, 'schlüssel').update(body).digest(form);
    const family = form === 'hex' ? ('hex' as const) : ('base64' as const);
    const other = form === 'hex' ? ('base64' as const) : ('hex' as const);
    expect(signatureMatch(declared(algorithm), 'schlüssel')({ [HEADER]: digest }, body)).toBeNull();
    for (const said of [family, form]) {
      expect(signatureMatch(declared(algorithm, said), 'schlüssel')({ [HEADER]: digest }, body)).toBeNull();
    }
    expect(signatureMatch(declared(algorithm, other), 'schlüssel')({ [HEADER]: digest }, body)).toBe(
      `the digest is no ${other} text of ${algorithm}`,
    );
  });

  it.each([
    { name: 'nothing', headers: {}, want: `no header ${HEADER}` },
    { name: 'an empty digest', headers: { [HEADER]: '' }, want: 'the digest is no base64 or hex text of sha256' },
    {
      name: 'the prefix of another algorithm before the right digest',
      headers: { [HEADER]: 'sha1=f0eNrbZso9tj1UFdTt1C1nCcUzSSGpda1ZTAlNVLdsg=' },
      want: 'the prefix names another algorithm than sha256',
    },
    {
      name: 'a digest of another algorithm',
      headers: { [HEADER]: 'WOk18YAL0a6lqQJxq86IjqLzvXI=' },
      want: 'the digest is no base64 or hex text of sha256',
    },
  ])('$name does not match', ({ headers, want }) => {
    expect(signatureMatch(declared('sha256'), OWN.key)(headers, Buffer.from(OWN.body))).toBe(want);
  });

  it('compares the client id when both sides name one', () => {
    const match = signatureMatch({ ...declared('sha1'), clientId: PUBLISHED.clientId }, PUBLISHED.key);
    const signed = { [HEADER]: 'sha1=e/TfS0wv1HbvEsMqcBMmFLcMslI=' };
    const body = Buffer.from(PUBLISHED.body);
    expect(match(signed, body)).toBeNull();
    expect(match({ ...signed, 'x-liveperson-client-id': PUBLISHED.clientId }, body)).toBeNull();
    expect(match({ ...signed, 'x-liveperson-client-id': 'other' }, body)).toBe('another client id');
  });
});

describe('an API key', () => {
  it.each([
    { headers: { 'x-api-key': 'k-1' }, want: null },
    { headers: { 'x-api-key': 'k-2' }, want: 'another key in x-api-key' },
    { headers: { 'x-api-key': '' }, want: 'another key in x-api-key' },
    { headers: {}, want: 'no header x-api-key' },
  ])('$headers: $want', ({ headers, want }) => {
    expect(apiKeyMatch('x-api-key', 'k-1')(headers, Buffer.alloc(0))).toBe(want);
  });
});

describe('a bearer token', () => {
  it.each([
    { authorization: 'Bearer t-1', want: null },
    { authorization: 'bearer  t-1', want: null },
    { authorization: 'Bearer t-2', want: 'another bearer token' },
    { authorization: 'Bearer ', want: 'no bearer token' },
    { authorization: 'Basic t-1', want: 'no bearer token' },
  ])('$authorization: $want', ({ authorization, want }) => {
    expect(bearerMatch('t-1')({ authorization }, Buffer.alloc(0))).toBe(want);
  });
});
