import type { Catalog, Diagnostic } from '@app/language';
import { stepJson } from '../trace/step-json.js';
import type { Report } from './report.js';
import { isPassed, type TestResult } from './run-test.js';

/** What all tests led to, as one JSON document. Times are in seconds. */
export function reportJson(catalog: Catalog, { results, diagnostics, seconds, gaps }: Report): string {
  const failed = results.filter((result) => !isPassed(result)).map((result) => failureOf(catalog, result));
  return documentOf({ tests: results.length, failed, seconds, errors: diagnostics, gaps });
}

/** The same document of tests that were not read, as the definitions cannot be used. */
export function unusableJson(errors: readonly Diagnostic[]): string {
  return documentOf({ tests: 0, failed: [], seconds: 0, errors, gaps: null });
}

interface Parts {
  readonly tests: number;
  readonly failed: readonly object[];
  readonly seconds: number;
  readonly errors: readonly Diagnostic[];
  readonly gaps: Report['gaps'];
}

function documentOf({ tests, failed, seconds, errors, gaps }: Parts): string {
  const report = {
    tests,
    passed: tests - failed.length,
    failed: failed.length,
    seconds,
    errors,
    failures: failed,
    untested: gaps,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function failureOf(catalog: Catalog, { test, differences, steps }: TestResult): object {
  return {
    ...test.position,
    name: test.name,
    differences: differences.map(({ position, at, subject, want, got }) => ({
      line: position.line,
      at: at / 1000,
      subject,
      want,
      got,
    })),
    steps: steps.map((step) => stepJson(catalog, step)),
  };
}
