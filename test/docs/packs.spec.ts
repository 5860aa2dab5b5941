import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { compileFolder, readConfigFolder } from '@app/config';
import { formatDiagnostic } from '@app/language';

const ROOT = join(import.meta.dirname, '../..');

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-docs-'));
  cpSync(join(ROOT, 'config/metrics'), join(dir, 'metrics'), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function wrongWith(packs: string): Promise<string[]> {
  writeFileSync(join(dir, 'packs.yaml'), packs);
  const read = await readConfigFolder(dir);
  if (!read.ok) return [read.error];
  const compiled = compileFolder(read.folder);
  return compiled.ok ? [] : compiled.diagnostics.map(formatDiagnostic);
}

it.each(['README.md', 'CHANGELOG.md'])('the packs that %s leaves out can be left out', async (page) => {
  const example = /off: \[.*?\]/.exec(readFileSync(join(ROOT, page), 'utf8'))?.[0] ?? '';
  expect(example).not.toBe('');
  expect(await wrongWith(example)).toEqual([]);
});

it('so can those of the remedy for a list that is none', async () => {
  const [told = ''] = await wrongWith('off: focus');
  const example = /off: \[.*?\]/.exec(told)?.[0] ?? '';
  expect(example).not.toBe('');
  expect(await wrongWith(example)).toEqual([]);
});
