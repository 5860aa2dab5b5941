import { afterAll, describe, expect, it } from '@jest/globals';
import { findToken, parseTokens } from '@app/access';
import { CommandLine } from '../../../../test/support/command-line.js';

const commands = new CommandLine();

afterAll(() => commands.remove());

describe('livemeter token', () => {
  it.each([
    { words: ['prom', '--scope', 'metrics'], accounts: null, scopes: ['metrics'] },
    { words: ['wall', '--account', '1', '2'], accounts: new Set(['1', '2']), scopes: ['read'] },
  ])('$words makes a token, and an entry that knows it by its hash', async ({ words, accounts, scopes }) => {
    const { out, err, code } = await commands.run(['token', ...words]);
    expect(code).toBe(0);
    const token = /: (lm_[\w-]{43})\n$/.exec(err)?.[1] ?? '';
    expect(out).not.toContain(token);
    const parsed = parseTokens('t.yaml', `tokens:\n${out}`);
    if (!parsed.ok) throw new Error(parsed.errors.join('\n'));
    expect(findToken(parsed.tokens, token)).toMatchObject({ name: words[0], accounts, scopes: new Set(scopes) });
  });

  it('wants a scope that exists', async () => {
    expect(await commands.run(['token', 'x', '--scope', 'admin'])).toMatchObject({ out: '', code: 2 });
  });
});
