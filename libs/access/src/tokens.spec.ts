import { describe, expect, it } from '@jest/globals';
import { SESSION_SECONDS, Sessions } from './sessions.js';
import { findToken, hashedToken, parseTokens, type Token } from './tokens.js';

const CLEAR = 'a-token-of-enough-length';

function tokensOf(text: string): readonly Token[] {
  const parsed = parseTokens('t.yaml', text);
  if (!parsed.ok) throw new Error(parsed.errors.join('\n'));
  return parsed.tokens;
}

const ENTRY = `tokens:\n  - { name: wall, token: ${CLEAR}, accounts: ["1", "2"], scopes: [read] }\n`;
const HASHED = `tokens:\n  - { name: prom, token: "${hashedToken(CLEAR)}", accounts: all, scopes: [metrics, read] }\n`;

describe('a file of tokens', () => {
  it('tells what each may be used for, in clear or hashed', () => {
    expect(findToken(tokensOf(ENTRY), CLEAR)).toMatchObject({
      name: 'wall',
      accounts: new Set(['1', '2']),
      scopes: new Set(['read']),
    });
    expect(findToken(tokensOf(HASHED), CLEAR)).toMatchObject({ name: 'prom', accounts: null });
  });

  it.each(['', 'x', CLEAR.slice(1), `${CLEAR} `, CLEAR.toUpperCase(), hashedToken(CLEAR)])(
    '"%s" is none of them',
    (given) => {
      expect(findToken(tokensOf(HASHED), given)).toBeNull();
    },
  );

  it('may be empty: then nobody is let in', () => {
    expect(tokensOf('tokens: []\n')).toEqual([]);
  });

  it.each([
    { name: 'no tokens', text: '', want: ['t.yaml:1:1: invalid-value: "tokens": a list of tokens'] },
    {
      name: 'a short token',
      text: 'tokens:\n  - { name: a, token: hunter2, accounts: all, scopes: [read] }\n',
      want: [
        't.yaml:2:23: invalid-value: "tokens.0.token": "sha256:" with 64 hex digits, or a token of at least 16 characters — `livemeter token` makes one',
      ],
    },
    {
      name: 'a token in the place of a key, without showing it',
      text: `tokens:\n  - { name: a, ${CLEAR}: x, token: ${CLEAR}, accounts: all, scopes: [read] }\n`,
      want: ['t.yaml:2:5: invalid-value: "tokens.0": there is a key that has no meaning here'],
    },
    {
      name: 'no accounts, a wrong scope',
      text: `tokens:\n  - { name: a, token: ${CLEAR}, accounts: [], scopes: [admin] }\n`,
      want: [
        't.yaml:2:59: invalid-value: "tokens.0.accounts": the accounts as a list of quoted texts, or "all"',
        't.yaml:2:72: invalid-value: "tokens.0.scopes.0": one of read, metrics, quarantine',
      ],
    },
    {
      name: 'the same token twice',
      text: `${ENTRY}  - { name: other, token: "${hashedToken(CLEAR)}", accounts: all, scopes: [read] }\n`,
      want: ['t.yaml:3:5: invalid-value: its name or its token stands in the list twice'],
    },
    { name: 'broken YAML', text: 'tokens: [\n', want: ['t.yaml:2:1: yaml-syntax: BAD_INDENT'] },
  ])('is refused: $name', ({ text, want }) => {
    const parsed = parseTokens('t.yaml', text);
    expect(parsed).toEqual({ ok: false, errors: want });
    expect(JSON.stringify(parsed)).not.toMatch(new RegExp(`hunter2|${CLEAR}`));
  });
});

describe('a session', () => {
  const tokens = tokensOf(ENTRY);
  const key = Buffer.alloc(32, 7);
  let now = 1_000_000;
  const sessions = new Sessions(key, () => now);
  const [wall] = tokens;
  if (wall === undefined) throw new Error('no token');
  const value = sessions.begin(wall);

  it('stands for its token at every replica until it ends', () => {
    expect(new Sessions(key, () => now).find(tokens, value)?.name).toBe('wall');
    now += SESSION_SECONDS * 1000 - 1;
    expect(sessions.find(tokens, value)?.name).toBe('wall');
    now += 1;
    expect(sessions.find(tokens, value)).toBeNull();
    now = 1_000_000;
  });

  it('ends when its token leaves the file or is another', () => {
    expect(sessions.find([], value)).toBeNull();
    expect(sessions.find(tokensOf(ENTRY.replace(CLEAR, `${CLEAR}2`)), value)).toBeNull();
  });

  it('cannot be made or prolonged without the key', () => {
    expect(new Sessions(Buffer.alloc(32, 8), () => now).find(tokens, value)).toBeNull();
    const [name = '', until = '', seal = ''] = value.split('.');
    expect(sessions.find(tokens, `${name}.${Number(until) + 1}.${seal}`)).toBeNull();
    expect(sessions.find(tokens, `${name}.${until}.`)).toBeNull();
    expect(sessions.find(tokens, '')).toBeNull();
    for (let i = 0; i < seal.length; i += 1) {
      const forged = seal.slice(0, i) + (seal[i] === 'A' ? 'B' : 'A') + seal.slice(i + 1);
      expect(sessions.find(tokens, `${name}.${until}.${forged}`)).toBeNull();
    }
  });
});
