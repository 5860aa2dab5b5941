import type { TracedStep, TracedValue } from '@app/engine';
import type { Catalog } from '@app/language';
import { seriesText, type TimeText, valueText } from './text.js';

/** What is told of a step. */
export interface Telling {
  /** The metrics whose values and conditions matter. */
  readonly concerned: ReadonlySet<string>;
  readonly timeText: TimeText;
}

/** The metrics of these names, and those from which they are computed. */
export function concernedWith(catalog: Catalog, names: readonly string[]): ReadonlySet<string> {
  const open = [...names];
  const concerned = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const metric = catalog.metrics.find((each) => each.name === name);
    if (metric?.kept.kind === 'formula' && !concerned.has(name)) open.push(...metric.kept.formula.reads);
    concerned.add(name);
  }
  return concerned;
}

/** A step with what matters of it; nothing when it is one of the engine's own timers and nothing of it matters. */
export function stepLines(catalog: Catalog, step: TracedStep, telling: Telling): readonly string[] {
  const { entity, name, time, outcome, ownEvents } = step;
  const { concerned, timeText } = telling;
  const details = [
    changesText(catalog, step, timeText),
    ...step.values.filter((value) => concerned.has(value.metric)).map((value) => tracedText(catalog, value, timeText)),
    rulesText('when false:', step.falseConditions, concerned),
    rulesText('no result:', step.noResults, concerned),
  ].filter((text) => text !== null);
  const isInternal = name.startsWith('~') && name !== '~forget';
  if (isInternal && details.length === 0) return [];
  const how = outcome === 'late' || outcome === 'duplicate' ? ` (${outcome})` : '';
  const brought = ownEvents.length === 0 ? '' : `, brings ${ownEvents.join(', ')}`;
  const what = name === '~forget' ? 'forgotten' : isInternal ? 'time goes by' : name;
  const head = `${timeText(time)}  ${what}${how} at ${entity.kind} ${entity.id}${brought}`;
  return [head, ...details.map((text) => `    ${text}`)];
}

function changesText(catalog: Catalog, { entity, changes }: TracedStep, timeText: TimeText): string | null {
  const { fields } = catalog.entities[entity.kind];
  const texts = changes.flatMap(({ field, before, after }) => {
    const type = fields.find((each) => each.name === field)?.type ?? 'string';
    if (field === 'lastEventAt') return [];
    return [`${field} ${valueText(before, type, timeText)} → ${valueText(after, type, timeText)}`];
  });
  return texts.length === 0 ? null : texts.join(', ');
}

const VERBS = { observed: 'observes', zero: 'begins at', put: 'contributes', taken: 'takes back' } as const;

function tracedText(catalog: Catalog, { kind, metric, labels, value }: TracedValue, timeText: TimeText): string {
  const plan = catalog.metrics.find((each) => each.name === metric);
  const amount = plan?.kept.kind === 'age' ? `the age of ${timeText(value * 1000)}` : String(value);
  return `${VERBS[kind]} ${amount}: ${seriesText(metric, plan?.labelNames ?? [], labels.slice(1))}`;
}

/** Rules of state and own events, and those of the metrics concerned. */
function rulesText(what: string, rules: readonly string[], concerned: ReadonlySet<string>): string | null {
  const told = rules.filter((rule) => rule.includes('.') || concerned.has(rule));
  const names = told.map((rule) => rule.slice(rule.indexOf('.') + 1));
  return names.length === 0 ? null : `${what} ${names.join(', ')}`;
}
