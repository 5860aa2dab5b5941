import type { TracedStep } from '@app/engine';
import type { Catalog, Value } from '@app/language';
import type { Report } from './report.js';
import { isPassed, type TestResult } from './run-test.js';

/** What all tests led to, as one JSON document. Times are in seconds. */
export function reportJson(catalog: Catalog, { results, diagnostics, seconds, untested }: Report): string {
  const failed = results.filter((result) => !isPassed(result));
  const report = {
    tests: results.length,
    passed: results.length - failed.length,
    failed: failed.length,
    seconds,
    errors: diagnostics,
    failures: failed.map((result) => failureOf(catalog, result)),
    untested,
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
    steps: steps.map((step) => stepOf(catalog, step)),
  };
}

function stepOf(catalog: Catalog, { entity, time, changes, values, ...rest }: TracedStep): object {
  const { fields } = catalog.entities[entity.kind];
  const valueOf = (field: string, value: Value): Value => {
    const isTime = fields.find((each) => each.name === field)?.type === 'time';
    return isTime && typeof value === 'number' ? value / 1000 : value;
  };
  return {
    time: time / 1000,
    entity: entity.kind,
    id: entity.id,
    ...rest,
    changes: changes.map(({ field, before, after }) => ({
      field,
      before: valueOf(field, before),
      after: valueOf(field, after),
    })),
    values: values.map(({ labels, ...value }) => ({ ...value, labels: labels.slice(1) })),
  };
}
