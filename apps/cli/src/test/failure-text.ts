import type { TracedStep, TracedValue } from '@app/engine';
import { type Catalog, formatTestTime } from '@app/language';
import type { Difference } from './difference.js';
import type { TestResult } from './run-test.js';
import { seriesText, valueText } from './text.js';

/** A failed test, for a person: what it wants beside what there is, and the whole story step by step. */
export function failureText(catalog: Catalog, { test, differences, steps }: TestResult): string {
  const { file, line } = test.position;
  const concerned = metricsConcerned(catalog, test, differences);
  return [
    `FAILED  ${file}:${line}  ${test.name}`,
    ...differences.flatMap(differenceLines),
    '    what happened:',
    ...steps.flatMap((step) => stepLines(catalog, step, concerned)),
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

/** The metrics that are not as wanted, and those from which they are computed. */
function metricsConcerned(
  catalog: Catalog,
  { expectations }: TestResult['test'],
  differences: readonly Difference[],
): ReadonlySet<string> {
  const lines = new Set(differences.map((difference) => difference.position.line));
  const open = expectations.flatMap((each) =>
    each.kind === 'samples' && lines.has(each.position.line) ? [each.metric] : [],
  );
  const concerned = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const metric = catalog.metrics.find((each) => each.name === name);
    if (metric?.kept.kind === 'formula' && !concerned.has(name)) open.push(...metric.kept.formula.reads);
    concerned.add(name);
  }
  return concerned;
}

/** A step with what matters of it; null when it is one of the engine's own timers and nothing of it matters. */
function stepLines(catalog: Catalog, step: TracedStep, concerned: ReadonlySet<string>): readonly string[] {
  const { entity, name, time, outcome, ownEvents } = step;
  const details = [
    changesText(catalog, step),
    ...step.values.filter((value) => concerned.has(value.metric)).map((value) => tracedText(catalog, value)),
    rulesText('when false:', step.falseConditions, concerned),
    rulesText('no result:', step.noResults, concerned),
  ].filter((text) => text !== null);
  const isInternal = name.startsWith('~') && name !== '~forget';
  if (isInternal && details.length === 0) return [];
  const how = outcome === 'late' || outcome === 'duplicate' ? ` (${outcome})` : '';
  const brought = ownEvents.length === 0 ? '' : `, brings ${ownEvents.join(', ')}`;
  const what = name === '~forget' ? 'forgotten' : isInternal ? 'time goes by' : name;
  const head = `      ${formatTestTime(time)}  ${what}${how} at ${entity.kind} ${entity.id}${brought}`;
  return [head, ...details.map((text) => `          ${text}`)];
}

function changesText(catalog: Catalog, { entity, changes }: TracedStep): string | null {
  const { fields } = catalog.entities[entity.kind];
  const texts = changes.flatMap(({ field, before, after }) => {
    const type = fields.find((each) => each.name === field)?.type ?? 'string';
    return field === 'lastEventAt' ? [] : [`${field} ${valueText(before, type)} → ${valueText(after, type)}`];
  });
  return texts.length === 0 ? null : texts.join(', ');
}

const VERBS = { observed: 'observes', zero: 'begins at', put: 'contributes', taken: 'takes back' } as const;

function tracedText(catalog: Catalog, { kind, metric, labels, value }: TracedValue): string {
  const labelNames = catalog.metrics.find((each) => each.name === metric)?.labelNames ?? [];
  return `${VERBS[kind]} ${value}: ${seriesText(metric, labelNames, labels.slice(1))}`;
}

/** Rules of state and own events, and those of the metrics concerned. */
function rulesText(what: string, rules: readonly string[], concerned: ReadonlySet<string>): string | null {
  const told = rules.filter((rule) => rule.includes('.') || concerned.has(rule));
  const names = told.map((rule) => rule.slice(rule.indexOf('.') + 1));
  return names.length === 0 ? null : `${what} ${names.join(', ')}`;
}
