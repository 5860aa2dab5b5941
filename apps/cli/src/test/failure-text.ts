import { type Catalog, formatTestTime } from '@app/language';
import { concernedWith, stepLines } from '../trace/step-text.js';
import type { Difference } from './difference.js';
import type { TestResult } from './run-test.js';

/** A failed test, for a person: what it wants beside what there is, and the whole story step by step. */
export function failureText(catalog: Catalog, { test, differences, steps }: TestResult): string {
  const { file, line } = test.position;
  const concerned = concernedWith(catalog, metricsWanted(test, differences));
  const told = steps.flatMap((step) => stepLines(catalog, step, { concerned, timeText: formatTestTime }));
  return [
    `FAILED  ${file}:${line}  ${test.name}`,
    ...differences.flatMap(differenceLines),
    '    what happened:',
    ...told.map((text) => `      ${text}`),
    '',
  ].join('\n');
}

function differenceLines({ position, at, subject, want, got }: Difference): readonly string[] {
  return [
    `    at ${formatTestTime(at)}, ${subject} (line ${position.line})`,
    `      want  ${want}`,
    `      got   ${got}`,
  ];
}

/** The metrics that are not as wanted. */
function metricsWanted({ expectations }: TestResult['test'], differences: readonly Difference[]): readonly string[] {
  const lines = new Set(differences.map((difference) => difference.position.line));
  return expectations.flatMap((each) =>
    each.kind === 'samples' && lines.has(each.position.line) ? [each.metric] : [],
  );
}
