import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { compileCatalog, formatDiagnostic, LARGEST_TABLE_BYTES } from '@app/language';
import { type ConfigFolder, readConfigFolder } from './config-folder.js';

let root: string;
let metrics: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'livemeter-tables-'));
  metrics = join(root, 'config', 'metrics');
  mkdirSync(join(metrics, 'tables', 'folder.csv'), { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

async function folder(): Promise<ConfigFolder> {
  const read = await readConfigFolder(join(root, 'config'));
  if (!read.ok) throw new Error(read.error);
  return read.folder;
}

function write(path: string, content: string | Uint8Array): string {
  writeFileSync(join(metrics, path), content);
  return join(metrics, path);
}

describe('tables beside the definitions', () => {
  it('are read with them, and are no definitions', async () => {
    write('a.yaml', 'tables: { a: { file: tables/a.csv }, b: { file: b.yaml } }\n');
    write('b.yaml', '- { id: x, team: Sales }\n');
    write('tables/a.csv', '\uFEFFid,team\n');
    write('unused.csv', 'id,team\n');
    const { definitions, tables } = await folder();
    expect(definitions.map(({ file }) => file)).toEqual([join(metrics, 'a.yaml')]);
    expect(tables).toEqual([
      { file: join(metrics, 'b.yaml'), text: '- { id: x, team: Sales }\n' },
      { file: join(metrics, 'tables/a.csv'), text: 'id,team\n' },
    ]);
    expect(compileCatalog(definitions, tables).ok).toBe(true);
  });

  it.each<[what: string, file: string, prepare: () => void, why: string]>([
    ['that are missing', 'none.csv', () => undefined, 'there is no such file'],
    ['below a file', 'a.yaml/none.csv', () => undefined, 'there is no such file'],
    ['that are folders', 'tables/folder.csv', () => undefined, 'it is no file'],
    [
      'in another encoding',
      'a.csv',
      () => write('a.csv', Uint8Array.of(0x69, 0x2c, 0xe4, 0x0a)),
      'it is no UTF-8 text',
    ],
    [
      'that are too large',
      'a.csv',
      () => truncateSync(write('a.csv', ''), LARGEST_TABLE_BYTES + 1),
      'it is larger than 8 MiB',
    ],
    [
      'that are links out of the folder',
      'a.csv',
      () => {
        writeFileSync(join(root, 'config', 'secret.csv'), 'id,team\n');
        symlinkSync(join(root, 'config', 'secret.csv'), join(metrics, 'a.csv'));
      },
      'it leads out of the folder of the definitions',
    ],
  ])('%s say why', async (_what, file, prepare, why) => {
    write('a.yaml', `tables: { a: { file: ${file} } }\n`);
    prepare();
    const { definitions, tables } = await folder();
    const compiled = compileCatalog(definitions, tables);
    expect(compiled.ok ? [] : compiled.diagnostics.map(formatDiagnostic)).toEqual([
      `${metrics}/a.yaml:1:22: bad-table: the table's file "${file}" cannot be read: ${why} — put it beside this file, as UTF-8 text`,
    ]);
  });

  it('may be links within the folder, as a mounted ConfigMap has them', async () => {
    write('a.yaml', 'tables: { a: { file: a.csv } }\n');
    write('tables/real.csv', 'id,team\n');
    symlinkSync(join('tables', 'real.csv'), join(metrics, 'a.csv'));
    const { tables } = await folder();
    expect(tables).toEqual([{ file: join(metrics, 'a.csv'), text: 'id,team\n' }]);
  });
});
