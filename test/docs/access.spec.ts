import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findToken, TokenFile } from '@app/access';
import { parseSources } from '@app/config';
import { createLogger, Telemetry } from '@app/telemetry';
import { CommandLine } from '../support/command-line.js';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/access.md'), 'utf8');
const [SOURCES = '', COMMANDS = '', TOKENS = ''] = [...PAGE.matchAll(/^```\w+\n(.*?)^```$/gms)].map(
  (block) => block[1] ?? '',
);

let commands: CommandLine;

beforeAll(() => {
  commands = new CommandLine();
});

afterAll(() => commands.remove());

function opened(text: string): TokenFile {
  const file = commands.define('tokens.yaml', text);
  return TokenFile.open(file, new Telemetry(createLogger('test', 'silent')));
}

describe('docs/access.md', () => {
  it('shows sources as they are read', () => {
    expect(parseSources('sources.yaml', SOURCES)).toMatchObject({ ok: true });
  });

  it('makes tokens that count', async () => {
    const lines = COMMANDS.trimEnd().split('\n');
    expect(lines[0]).toBe("echo 'tokens:' > tokens.yaml");
    let file = 'tokens:\n';
    const made: string[] = [];
    for (const line of lines.slice(1)) {
      const words = /^npx livemeter (.*) >> tokens\.yaml$/.exec(line)?.[1]?.split(' ') ?? [];
      const { out, err, code } = await commands.run(words);
      expect(code).toBe(0);
      file += out;
      made.push(/lm_[\w-]+/.exec(err + out)?.[0] ?? '');
    }
    const tokens = opened(file);
    const found = made.map((token) => findToken(tokens.current, token));
    tokens.stop();
    expect(found.map((token) => [token?.name, token?.accounts === null, [...(token?.scopes ?? [])]])).toEqual([
      ['prometheus', true, ['metrics']],
      ['wall', false, ['read']],
    ]);
  });

  it('shows tokens as they are read', () => {
    const tokens = opened(TOKENS.replaceAll('sha256:…', `sha256:${'0'.repeat(64)}`).replace('0', '1'));
    expect(tokens.current.map(({ name }) => name)).toEqual(['prometheus', 'wall']);
    tokens.stop();
  });
});
