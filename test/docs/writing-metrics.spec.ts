import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandLine } from '../support/command-line.js';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/writing-metrics.md'), 'utf8');
const BLOCKS = [...PAGE.matchAll(/^```yaml\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
const TESTS = BLOCKS.filter((text) => text.startsWith('tests:'));
const DEFINITIONS = BLOCKS.filter((text) => !text.startsWith('tests:'));

let commands: CommandLine;

beforeAll(() => {
  commands = new CommandLine();
  cpSync(join(ROOT, 'config/metrics'), join(commands.dir, 'config/metrics'), { recursive: true });
  DEFINITIONS.forEach((text, index) => commands.define(`guide-${index}.yaml`, text));
});

afterAll(() => commands.remove());

describe('docs/writing-metrics.md', () => {
  it('defines metrics of which nothing is to be said', async () => {
    expect(DEFINITIONS.length).toBeGreaterThan(4);
    TESTS.forEach((text, index) => commands.define(`guide-${index}.test.yaml`, text));
    const { out, err, code } = await commands.run(['check']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).not.toContain('guide-');
  });

  it('shows tests of them that pass', async () => {
    const files = TESTS.map((text, index) => commands.define(`guide-${index}.test.yaml`, text));
    const { out, code } = await commands.run(['test', ...files]);
    expect({ out, code }).toEqual({ out: expect.stringMatching(/\b0 failed/), code: 0 });
  });

  it('has a test for every metric that it defines', () => {
    const names = DEFINITIONS.flatMap((text) => [...text.matchAll(/^ {2}- name: (\w+)$/gm)].map((match) => match[1]));
    expect(names.filter((name) => !TESTS.some((text) => text.includes(`metric: ${name},`)))).toEqual([]);
  });
});
