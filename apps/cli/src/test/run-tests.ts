import { type Catalog, formatDiagnostic, readTests, type TestCase, untestedMetrics } from '@app/language';
import { EXIT, type ExitCode } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { failureText } from './failure-text.js';
import { reportJson } from './report-json.js';
import type { Report } from './report.js';
import { isPassed, runTest, type TestResult } from './run-test.js';
import type { TestSource } from './test-files.js';
import { counted } from '../trace/text.js';

/** What is tested, and how it is told. */
export interface RunOptions {
  readonly catalog: Catalog;
  readonly files: readonly TestSource[];
  /** Whether these are all tests of the catalog. */
  readonly isAll: boolean;
  readonly json: boolean;
}

/** Runs tests of a catalog and prints what failed. */
export async function runTests({ catalog, files, isAll, json }: RunOptions, terminal: Terminal): Promise<ExitCode> {
  const startedAt = performance.now();
  const read = files.map((file) => readTests(file, catalog));
  const tests = read.flatMap((file) => file.tests);
  const diagnostics = read.flatMap((file) => file.diagnostics);
  const results = await runAll(catalog, tests);
  const report = {
    results,
    diagnostics,
    seconds: (performance.now() - startedAt) / 1000,
    untested: isAll && diagnostics.length === 0 ? untestedMetrics(catalog, tests) : null,
  };
  if (json) await terminal.out(reportJson(catalog, report));
  else await print(catalog, report, terminal);
  return diagnostics.length === 0 && results.every(isPassed) ? EXIT.good : EXIT.problems;
}

async function runAll(catalog: Catalog, tests: readonly TestCase[]): Promise<readonly TestResult[]> {
  const results: TestResult[] = [];
  for (const each of tests) results.push(await runTest(catalog, each));
  return results;
}

async function print(catalog: Catalog, report: Report, terminal: Terminal): Promise<void> {
  const { results, diagnostics, seconds, untested } = report;
  for (const diagnostic of diagnostics) terminal.err(formatDiagnostic(diagnostic));
  const failed = results.filter((result) => !isPassed(result));
  for (const result of failed) await terminal.out(`${failureText(catalog, result)}\n`);
  if (untested !== null && untested.length > 0) {
    terminal.err(`no test exercises ${counted(untested.length, 'metric')}: ${untested.join(', ')}`);
  }
  const errors = diagnostics.length === 0 ? '' : `, ${counted(diagnostics.length, 'error')}`;
  const passed = results.length - failed.length;
  await terminal.out(
    `${counted(results.length, 'test')}: ${passed} passed, ${failed.length} failed${errors} (${seconds.toFixed(2)} s)\n`,
  );
}
