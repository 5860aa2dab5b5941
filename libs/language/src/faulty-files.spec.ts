import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { compileCatalog, formatDiagnostic } from './index.js';

const FOLDER = fileURLToPath(new URL('../testdata/faulty/', import.meta.url));

const FAULTS = readdirSync(FOLDER).flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : []));

/** All that is said of a file: its errors, or its warnings when it has none. */
function saidOf(fault: string): string {
  const text = readFileSync(`${FOLDER}${fault}.yaml`, 'utf8');
  const compiled = compileCatalog([{ file: `${fault}.yaml`, text }]);
  const diagnostics = compiled.ok ? compiled.warnings : compiled.diagnostics;
  return diagnostics.map((each) => `${formatDiagnostic(each)}\n`).join('');
}

/** Each file has one fault, named by it; what is said of it stands beside it. `UPDATE_GOLDEN=1` writes that anew. */
describe('a faulty file', () => {
  it.each(FAULTS)('%s', (fault) => {
    const golden = `${FOLDER}${fault}.txt`;
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, saidOf(fault));
    const want = existsSync(golden) ? readFileSync(golden, 'utf8') : '';
    expect(want).not.toBe('');
    expect(saidOf(fault)).toBe(want);
  });

  it('is there for sixty faults or more, and each that is described is there', () => {
    expect(FAULTS.length).toBeGreaterThanOrEqual(60);
    const described = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'));
    expect(described.sort()).toEqual(FAULTS.map((fault) => `${fault}.txt`).sort());
  });
});
