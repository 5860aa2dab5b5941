import { execFileSync, spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from '../../../../test/support/command-line.js';

let commands: CommandLine;

beforeEach(() => {
  commands = new CommandLine();
});

afterEach(() => {
  commands.remove();
});

/** What bash offers when the cursor stands behind the last of these words. */
async function offered(...words: readonly string[]): Promise<string[]> {
  const { out } = await commands.run(['completion', 'bash']);
  const ask = `${out}
COMP_WORDS=(livemeter ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
_livemeter; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', ask], { encoding: 'utf8' }).trim().split('\n');
}

describe('livemeter completion bash', () => {
  it.each([
    { words: ['re'], want: ['replay', 'rebuild'] },
    { words: ['quarantine', 'dr'], want: ['drop'] },
    { words: ['replay', '--f'], want: ['--format'] },
    { words: ['replay', 'events.ndjson', '--u'], want: ['--until'] },
    { words: ['quarantine', 'list', '--js'], want: ['--json'] },
    { words: ['nothing', 'st'], want: ['start'] },
  ])('offers $want for $words', async ({ words, want }) => {
    expect(await offered(...words)).toEqual(want);
  });
});

describe('livemeter completion zsh', () => {
  it('knows every command, and is a script that zsh can read where there is one', async () => {
    const { out, code } = await commands.run(['completion', 'zsh']);
    expect(code).toBe(0);
    for (const command of [
      'start',
      'check',
      'test',
      'replay',
      'explain',
      'simulate',
      'query',
      'backfill',
      'rebuild',
      'quarantine',
      'token',
    ]) {
      expect(out).toContain(`'${command}:`);
    }
    const zsh = spawnSync('zsh', ['-n'], { input: out, encoding: 'utf8' });
    expect(zsh.error === undefined ? zsh.stderr : '').toBe('');
  });
});

it('of another shell is refused with what there is', async () => {
  const { err, code } = await commands.run(['completion', 'fish']);
  expect(err).toContain('Allowed choices are bash, zsh.');
  expect(code).toBe(2);
});
