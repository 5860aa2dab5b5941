import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Command, Option } from 'commander';
import { createProgram } from '../../apps/cli/src/program.js';
import { processTerminal } from '../../apps/cli/src/terminal.js';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = [
  ...[
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'test/chaos/README.md',
    'test/golden/README.md',
  ],
  ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const program = createProgram(processTerminal());

/** What stands in backticks, or on a line of a block of commands. */
function codeIn(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll('\\|', '|');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) => block.split('\n'));
  const spans = [...text.replaceAll(/^```.*?^```/gms, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  return [...blocks, ...spans].map((code) => code.replace(/\s+#.*/, '').replaceAll(/\s+/g, ' '));
}

const is = ({ long, short }: Option, word: string): boolean => word === long || word === short;

const named = (parent: Command, name: string): Command | undefined =>
  parent.commands.find((command) => command.name() === name || command.aliases().includes(name));

/** The words of a command that livemeter does not know: commands, and options of theirs. */
function unknownIn(words: string[]): string[] {
  const [first = '', second = ''] = words;
  if (first === 'help') return [];
  if (first.startsWith('-'))
    return program.options.some((option) => is(option, first)) || first === '--help' ? [] : [first];
  const command = named(program, first);
  if (command === undefined) return [first];
  const below = command.commands.length > 0 && /^[a-z]+$/.test(second) ? named(command, second) : command;
  if (below === undefined) return [`${first} ${second}`];
  const options = words.map((word) => /^\[?(--?[a-z][\w-]*)/.exec(word)?.[1]).filter((option) => option !== undefined);
  return options.filter((option) => !below.options.some((known) => is(known, option)) && option !== '--help');
}

describe.each(PAGES)('%s', (page) => {
  const code = codeIn(page);

  it('names scripts that exist', () => {
    const names = code.flatMap((line) => [...line.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name));
    expect(names.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('names commands of livemeter, and options of them, that exist', () => {
    const told = code.flatMap((line) =>
      [...line.matchAll(/(?:^|npx |\$ ?\(|\| )livemeter ([[a-z-][^|)>&]*)/g)].map(([, rest = '']) => rest.trim()),
    );
    expect(told.flatMap((rest) => unknownIn(rest.split(' ')))).toEqual([]);
  });
});
