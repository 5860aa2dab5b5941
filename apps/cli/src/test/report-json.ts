import type { Catalog } from '@app/language';
import { stepJson } from '../trace/step-json.js';
import type { Report } from './report.js';
import { isPassed, type TestResult } from './run-test.js';

/** What all tests led to, as one JSON document. Times are in seconds. */
export function reportJson(catalog: Catalog, { results, diagnostics, seconds, gaps }: Report): string {
  const failed = results.filter((result) => !isPassed(result));
  const report = {
    tests: results.length,
    passed: results.length - failed.length,
    failed: failed.length,
    seconds,
    errors: diagnostics,
    failures: failed.map((result) => failureOf(catalog, result)),
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
