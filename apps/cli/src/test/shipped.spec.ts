import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readTests, type TestCase, untestedMetrics } from '@app/language';
import { loadCatalog } from '../catalog/load.js';
import { failureText } from './failure-text.js';
import { runTest } from './run-test.js';
import { readTestFiles } from './test-files.js';

const CONFIG = join(import.meta.dirname, '../../../../config');

const catalog = await loadCatalog(CONFIG);
const files = (await readTestFiles(CONFIG, [])).map((file) => readTests(file, catalog));
const tests = files.flatMap((file) => file.tests);

describe('the tests that ship', () => {
  it('can be read', () => {
    expect(files.flatMap((file) => file.diagnostics)).toEqual([]);
  });

  it('exercise every metric', () => {
    expect(untestedMetrics(catalog, tests)).toEqual([]);
  });

  it.each(tests.map((test): [string, TestCase] => [test.name, test]))('%s', async (_, test) => {
    const result = await runTest(catalog, test);
    expect(result.differences.length === 0 ? '' : failureText(catalog, result)).toBe('');
  });
});
