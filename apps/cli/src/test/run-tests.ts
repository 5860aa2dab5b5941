import { availableParallelism } from 'node:os';
import { type Catalog, formatDiagnostic } from '@app/language';
import type { Loaded } from '../catalog/load.js';
import { EXIT, type ExitCode } from '../failure.js';
import type { Terminal } from '../terminal.js';
import type { Coverage } from './coverage.js';
import { failureText } from './failure-text.js';
import { reportJson } from './report-json.js';
import type { Report } from './report.js';
import { isPassed } from './run-test.js';
import { type FileResult, runFiles, sharesOf } from './share.js';
import type { TestSource } from './test-files.js';
import { gapsText } from './gaps-text.js';
import { runInThread } from './threads.js';
import { counted } from '../trace/text.js';

/** What is tested, and how it is told. */
export interface RunOptions {
  readonly configDir: string;
  /** The catalog of that folder. */
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
  const { loaded, coverage, isAll, json } = options;
  const { catalog } = loaded;
  const startedAt = performance.now();
  const done = await runAll(options);
  const results = done.flatMap((file) => file.results);
  const diagnostics = done.flatMap((file) => file.diagnostics);
  const tests = results.map(({ test }) => test);
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

/** Many tests are run by as many threads as the machine can run at once, this one among them. */
async function runAll({ configDir, loaded, coverage, files }: RunOptions): Promise<readonly FileResult[]> {
  const [own = [], ...others] = sharesOf(files, availableParallelism());
  const elsewhere = Promise.all(others.map((share) => runInThread({ configDir, files: share })));
  elsewhere.catch(() => undefined); // Heard of below, once this thread has done its own.
  const here = await runFiles(loaded.catalog, own, coverage.trace);
  const there = await elsewhere;
  for (const { seen } of there) coverage.add(seen);
  const byFile = new Map([...here, ...there.flatMap((done) => done.files)].map((done) => [done.file, done]));
  return files.flatMap(({ file }) => byFile.get(file) ?? []);
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
