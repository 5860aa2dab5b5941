import type { Diagnostic } from '@app/language';
import type { Gap } from './coverage.js';
import type { TestResult } from './run-test.js';

/** What all tests led to. */
export interface Report {
  readonly results: readonly TestResult[];
  /** What is wrong in the files; one that has an error is not run. */
  readonly diagnostics: readonly Diagnostic[];
  readonly seconds: number;
  /** What no test exercises; null when not all tests could be run. */
  readonly gaps: readonly Gap[] | null;
}
