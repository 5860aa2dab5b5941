import type { Diagnostic } from '@app/language';
import type { TestResult } from './run-test.js';

/** What all tests led to. */
export interface Report {
  readonly results: readonly TestResult[];
  /** What is wrong in the files; one that has an error is not run. */
  readonly diagnostics: readonly Diagnostic[];
  readonly seconds: number;
  /** Metrics that no test exercises; null when not all tests could be run. */
  readonly untested: readonly string[] | null;
}
