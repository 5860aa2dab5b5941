import type { Trace } from '@app/engine';
import { type Catalog, type Diagnostic, readTests } from '@app/language';
import { runTest, type TestResult } from './run-test.js';
import type { TestSource } from './test-files.js';

/** What became of one file of tests. */
export interface FileResult {
  readonly file: string;
  /** In the order in which they were written. */
  readonly results: readonly TestResult[];
  /** What is wrong in the file; one that has an error is not run. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Runs files of tests, one after the other. */
export async function runFiles(
  catalog: Catalog,
  files: readonly TestSource[],
  trace: Trace,
): Promise<readonly FileResult[]> {
  const done: FileResult[] = [];
  for (const source of files) {
    const { tests, diagnostics } = readTests(source, catalog);
    const results: TestResult[] = [];
    for (const test of tests) results.push(await runTest(catalog, test, trace));
    done.push({ file: source.file, results, diagnostics });
  }
  return done;
}

/** Below so many bytes of tests, another thread costs more time than it saves: it compiles the catalog anew. */
const WORTH_A_THREAD = 150_000;

/** Deals files out to at most `threads` shares of about the same size; each share is worth a thread, and in the files' order. */
export function sharesOf(files: readonly TestSource[], threads: number): readonly (readonly TestSource[])[] {
  const size = files.reduce((sum, { text }) => sum + text.length, 0);
  const count = Math.max(1, Math.min(threads, files.length, Math.floor(size / WORTH_A_THREAD)));
  const shares = Array.from({ length: count }, () => ({ files: [] as TestSource[], size: 0 }));
  for (const source of files) {
    const least = shares.reduce((a, b) => (b.size < a.size ? b : a));
    least.files.push(source);
    least.size += source.text.length;
  }
  return shares.map((share) => share.files);
}
