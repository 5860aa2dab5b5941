/**
 * The metric language: YAML and CEL in, a compiled catalog or all its diagnostics out. Knows events, but no engine, no
 * clock, no files: sources come in as text.
 */
export type {
  AgeAggregate,
  Catalog,
  EntityPlan,
  Evaluate,
  FieldPlan,
  FieldRules,
  FormulaPlan,
  MetricPlan,
  NameIndex,
  ObservePlan,
  OverPlan,
  OwnEventPlan,
  Reaction,
  Reads,
  Sample,
  Scope,
  ScopeEvent,
  SetRule,
  SincePlan,
  SpreadAggregate,
  SumAggregate,
  TimerPlan,
  Value,
  ValueType,
  WindowPlan,
  ZeroPlan,
} from './catalog.js';
export { BUILT_IN_FIELDS, fieldBit, READS_ALWAYS } from './catalog.js';
export { compileCatalog, type CompileResult } from './compile-catalog.js';
export type { Source } from './source/source.js';
export { LARGEST_TABLE_BYTES, type Table } from './table/table.js';
export { tableFilesOf, type TableSource } from './table/table-files.js';
export { type Diagnostic, formatDiagnostic, type Position } from './diagnostic.js';
export type { Site, Watch } from './watch.js';
export { labelText } from './label-text.js';
export { didYouMean } from './nearest-name.js';
export { DIAGNOSTIC_CODES, type DiagnosticCode } from './diagnostic-codes.js';
export { readTests, type TestFile } from './testing/read-tests.js';
export { untestedMetrics, warnOfUntested } from './testing/untested.js';
export { type Expectation, TEST_ACCOUNT, type TestCase, type WantedSample } from './testing/test-case.js';
export { formatTestTime } from './testing/test-time.js';
