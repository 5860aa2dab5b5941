import type { Trace } from '@app/engine';
import { type Catalog, formatDiagnostic, readTests, type TestCase } from '@app/language';
import type { Loaded } from '../catalog/load.js';
import { EXIT, type ExitCode } from '../failure.js';
import type { Terminal } from '../terminal.js';
import type { Coverage } from './coverage.js';
import { failureText } from './failure-text.js';
import { reportJson } from './report-json.js';
import type { Report } from './report.js';
import { isPassed, runTest, type TestResult } from './run-test.js';
import type { TestSource } from './test-files.js';
import { gapsText } from './gaps-text.js';
import { counted } from '../trace/text.js';

/** What is tested, and how it is told. */
export interface RunOptions {
  readonly loaded: Loaded;
  /** What watched the catalog while it was loaded. */
  readonly coverage: Coverage;
  readonly files: readonly TestSource[];
  /** Whether these are all tests of the catalog. */
  readonly isAll: boolean;
  readonly json: boolean;
}

/** Runs tests of a catalog and prints what failed. */
export async function runTests(options: RunOptions, terminal: Terminal): Promise<ExitCode> {
  const { loaded, coverage, files, isAll, json } = options;
  const { catalog } = loaded;
  const startedAt = performance.now();
  const read = files.map((file) => readTests(file, catalog));
  const tests = read.flatMap((file) => file.tests);
  const diagnostics = read.flatMap((file) => file.diagnostics);
  const results = await runAll(catalog, tests, coverage.trace);
  const report = {
    results,
    diagnostics,
    seconds: (performance.now() - startedAt) / 1000,
    gaps: isAll && diagnostics.length === 0 ? coverage.gaps(loaded, tests) : null,
  };
  if (json) await terminal.out(reportJson(catalog, report));
  else await print(catalog, report, terminal);
  return diagnostics.length === 0 && results.every(isPassed) ? EXIT.good : EXIT.problems;
}

async function runAll(catalog: Catalog, tests: readonly TestCase[], trace: Trace): Promise<readonly TestResult[]> {
  const results: TestResult[] = [];
  for (const each of tests) results.push(await runTest(catalog, each, trace));
  return results;
}

async function print(catalog: Catalog, report: Report, terminal: Terminal): Promise<void> {
  const { results, diagnostics, seconds, gaps } = report;
  for (const diagnostic of diagnostics) terminal.err(formatDiagnostic(diagnostic));
  const failed = results.filter((result) => !isPassed(result));
  for (const result of failed) await terminal.out(`${failureText(catalog, result)}\n`);
  if (gaps !== null && gaps.length > 0) terminal.err(gapsText(gaps));
  const errors = diagnostics.length === 0 ? '' : `, ${counted(diagnostics.length, 'error')}`;
  const passed = results.length - failed.length;
  await terminal.out(
    `${counted(results.length, 'test')}: ${passed} passed, ${failed.length} failed${errors} (${seconds.toFixed(2)} s)\n`,
  );
}
