import * as crypto from 'node:crypto';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';

/** Lengths of what was given to `timingSafeEqual`. */
let compared: [number, number][] = [];

jest.unstable_mockModule('node:crypto', () => ({
  ...crypto,
  timingSafeEqual: (a: Buffer, b: Buffer) => {
    compared.push([a.length, b.length]);
    return crypto.timingSafeEqual(a, b);
  },
}));

const { apiKeyMatch, bearerMatch, signatureMatch } = await import('./authenticate.js');
const { findToken, hashedToken, parseTokens } = await import('@app/access');

const BODY = Buffer.from('x');
const DECLARED = { algorithm: 'sha256', encoding: 'hex', header: 'sig', clientId: undefined } as const;
const DIGEST = crypto.createHmac('sha256', 'k').update(BODY).digest('hex');

/** Another character at one place. */
function differing(text: string, place: number): string {
  return text.slice(0, place) + (text[place] === '0' ? '1' : '0') + text.slice(place + 1);
}

beforeEach(() => {
  compared = [];
});

describe('a secret is compared once, whole, at one length', () => {
  const places = [0, 1, 31, 32, 62, 63];

  it.each(places)('a signature that differs at character %d', (place) => {
    expect(signatureMatch(DECLARED, 'k')({ sig: differing(DIGEST, place) }, BODY)).toBe('the signature differs');
    expect(compared).toEqual([[64, 64]]);
  });

  it('a signature that is right', () => {
    expect(signatureMatch(DECLARED, 'k')({ sig: DIGEST }, BODY)).toBeNull();
    expect(compared).toEqual([[64, 64]]);
  });

  it.each(['', 'k', 'kk', 'another', 'a'.repeat(1_000)])(
    'an API key and a bearer token "%s", whatever their length',
    (given) => {
      apiKeyMatch('x-api-key', 'k')({ 'x-api-key': given }, BODY);
      bearerMatch('k')({ authorization: `Bearer ${given || '-'}` }, BODY);
      expect(compared).toEqual([
        [32, 32],
        [32, 32],
      ]);
    },
  );

  it('a token of the metrics app, with each of the file, wherever it stands there', () => {
    const names = ['a', 'b', 'c'];
    const entries = names.map(
      (name) => `  - { name: ${name}, token: "${hashedToken(name)}", accounts: all, scopes: [read] }\n`,
    );
    const parsed = parseTokens('t.yaml', `tokens:\n${entries.join('')}`);
    if (!parsed.ok) throw new Error(parsed.errors.join('\n'));
    for (const name of [...names, 'nobody']) {
      compared = [];
      expect(findToken(parsed.tokens, name)?.name).toBe(name === 'nobody' ? undefined : name);
      expect(compared).toEqual(names.map(() => [32, 32]));
    }
  });
});
