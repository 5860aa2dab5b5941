import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { formatDiagnostic } from '@app/language';
import { compileFolder } from './compile-folder.js';
import { readConfigFolder } from './config-folder.js';
import { packsSchema } from './packs.js';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-packs-'));
  mkdirSync(join(dir, 'metrics'));
  write(
    'metrics/base.yaml',
    'state: { conversation: { n: { type: number, set: [{ on: MessageConsumerEvent, add: 1 }] } } }',
  );
  write(
    'metrics/uses.yaml',
    'metrics: [{ name: open, help: O., type: gauge, over: conversation, value: conversation.n }]',
  );
  write('metrics/uses.test.yaml', 'tests: []');
  write('metrics/alone.yaml', 'metrics: [{ name: known, help: K., type: gauge, over: agent }]');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(file: string, text: string): void {
  writeFileSync(join(dir, file), `${text}\n`);
}

/** The files and tests that stay, or what is wrong. */
async function left(): Promise<string[]> {
  const read = await readConfigFolder(dir);
  if (!read.ok) throw new Error(read.error);
  const compiled = compileFolder(read.folder);
  if (!compiled.ok) return compiled.diagnostics.map((one) => formatDiagnostic(one).replaceAll(`${dir}/`, ''));
  return [...read.folder.definitions.map(({ file }) => file), ...read.folder.tests].map((file) => basename(file));
}

describe('packs.yaml', () => {
  it.each([
    ['nothing', '', ['alone.yaml', 'base.yaml', 'uses.yaml', 'uses.test.yaml']],
    ['an empty list', 'off: []', ['alone.yaml', 'base.yaml', 'uses.yaml', 'uses.test.yaml']],
    ['a pack, and its tests', 'off: [uses]', ['alone.yaml', 'base.yaml']],
    ['packs that need each other', 'off: [base, uses]', ['alone.yaml']],
  ])('leaves out %s', async (_what, text, want) => {
    write('packs.yaml', text);
    expect(await left()).toEqual(want);
  });

  it.each([
    [
      'a pack that another one needs',
      'off:\n  - alone\n  - base',
      [
        'packs.yaml:3:5: unknown-name: the pack "base" is left out, but uses.yaml cannot do without it — take it out of this list, or leave them out, too',
      ],
    ],
    [
      'a pack that there is not',
      'off: [basis]',
      ['packs.yaml:1:7: unknown-name: there is no pack "basis" — did you mean "base"?'],
    ],
    [
      'a pack like none that there is, beside one that may go',
      'off: [uses, elsewhere]',
      ['packs.yaml:1:13: unknown-name: there is no pack "elsewhere" — packs are alone, base, uses'],
    ],
    [
      'a name in place of a list',
      '# what we do not use\noff: base',
      ['packs.yaml:2:6: wrong-shape: this is no list of packs — write "off: [occupancy, focus]"'],
    ],
    [
      'text that is no YAML',
      'off: [',
      [expect.stringMatching(/^packs\.yaml:\d:\d: yaml: .* — correct the YAML here; nothing else of the file/)],
    ],
  ])('refuses %s', async (_what, text, want) => {
    write('packs.yaml', text);
    expect(await left()).toEqual(want);
  });

  it('refuses another key', async () => {
    write('packs.yaml', 'on: [base]');
    const told = await left();
    expect(told[0]).toBe('packs.yaml:1:1: wrong-shape: this is no list of packs — write "off: [occupancy, focus]"');
  });

  it('is wrong together with definitions', async () => {
    write('packs.yaml', 'off: [basis]');
    write('metrics/alone.yaml', 'metrics: [{ name: known, help: K., type: gauge, over: agents }]');
    const told = await left();
    expect(told[0]).toContain('packs.yaml:1:7: unknown-name: ');
    expect(told[1]).toContain('alone.yaml:1:');
  });

  it('tells of what is wrong elsewhere, too', async () => {
    write('packs.yaml', 'off: [base]');
    write('metrics/alone.yaml', 'metrics: [{ name: known, help: K., type: gauge, over: agent, value: agent.nothing }]');
    const told = await left();
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('the pack "base" is left out');
    expect(told[1]).toContain('alone.yaml:1:');
  });

  it('may stand beside definitions where there is no metrics folder', async () => {
    rmSync(join(dir, 'metrics'), { recursive: true });
    write('a.yaml', 'metrics: [{ name: a, help: A., type: gauge, over: agent }]');
    write('b.yaml', 'metrics: [{ name: b, help: B., type: gauge, over: agent }]');
    write('packs.yaml', 'off: [b]');
    expect(await left()).toEqual(['a.yaml']);
  });
});

it('config/schemas/packs.schema.json is that of the declaration (UPDATE_GOLDEN=1 writes it)', () => {
  const file = 'config/schemas/packs.schema.json';
  const text = `${JSON.stringify(z.toJSONSchema(packsSchema, { io: 'input' }), null, 2)}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
