import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { linesOf } from './input.js';
import { ReadMeter } from './meter.js';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-lines-'));
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function read(text: string, from: 'file' | 'stdin'): Promise<string[]> {
  const file = join(dir, 'lines');
  writeFileSync(file, text);
  const stdin = Readable.from([Buffer.from(text)]);
  const lines: string[] = [];
  for await (const line of linesOf(from === 'file' ? file : '-', { stdin }, new ReadMeter())) lines.push(line);
  return lines;
}

describe.each(['file', 'stdin'] as const)('lines of %s', (from) => {
  it.each([
    { name: 'end at line feeds', text: 'a\nb\n', want: ['a', 'b'] },
    { name: 'may lack the last one', text: 'a\nb', want: ['a', 'b'] },
    {
      name: 'hold all else that ends lines elsewhere',
      text: '{"t":"\u2028\u2029\u0085",\r"u":1}\nb\n',
      want: ['{"t":"\u2028\u2029\u0085",\r"u":1}', 'b'],
    },
    { name: 'may be empty', text: '\n\na\n', want: ['', '', 'a'] },
  ])('$name', async ({ text, want }) => {
    expect(await read(text, from)).toEqual(want);
  });
});

it('names a file that cannot be read', async () => {
  const read = linesOf(join(dir, 'none'), { stdin: Readable.from([]) }, new ReadMeter()).next();
  await expect(read).rejects.toThrow(/none cannot be read .* — name a file of events/);
});
