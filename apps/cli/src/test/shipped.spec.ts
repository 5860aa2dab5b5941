import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readTests } from '@app/language';
import { loadWatched } from '../catalog/load.js';
import { Coverage } from './coverage.js';
import { failureText } from './failure-text.js';
import { runTest, type TestResult } from './run-test.js';
import { readTestFiles } from './test-files.js';

const CONFIG = join(import.meta.dirname, '../../../../config');

const coverage = new Coverage();
const loaded = await loadWatched(CONFIG, coverage.watch);
const { catalog } = loaded;
const files = (await readTestFiles(CONFIG, [])).map((file) => readTests(file, catalog));
const tests = files.flatMap((file) => file.tests);
const results: TestResult[] = [];
for (const test of tests) results.push(await runTest(catalog, test, coverage.trace));

describe('the tests that ship', () => {
  it('can be read', () => {
    expect(files.flatMap((file) => file.diagnostics)).toEqual([]);
  });

  it('exercise every metric, own event, rule and condition', () => {
    expect(coverage.gaps(loaded, tests)).toEqual([]);
  });

  it.each(results.map((result): [string, TestResult] => [result.test.name, result]))('%s', (_, result) => {
    expect(result.differences.length === 0 ? '' : failureText(catalog, result)).toBe('');
  });
});
