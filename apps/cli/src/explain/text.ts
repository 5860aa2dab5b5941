import type { Catalog } from '@app/language';
import { stepJson } from '../trace/step-json.js';
import { stepLines } from '../trace/step-text.js';
import { seriesText, type TimeText, valueText } from '../trace/text.js';
import type { Explanation, Part } from './explanation.js';
import type { Subject } from './subject.js';

/** A time (ms) as people and programs know it. */
const instantText: TimeText = (timeMs) => new Date(timeMs).toISOString();

/** An explanation for a person. */
export function explanationText(catalog: Catalog, subject: Subject, explanation: Explanation): string {
  const { entity, source, steps, recent, state, timers, parts } = explanation;
  const { metric, concerned } = subject;
  const known = state.filter(({ value }) => value !== null);
  const sections = [
    `${metric.name} at ${entity.kind} ${entity.id} of account ${entity.accountId}, from ${source}\n${metric.help}`,
    computedText(subject),
    steps === null
      ? section(
          'its last events',
          recent.map(({ type, time }) => `${instantText(time)}  ${type}`),
        )
      : section(
          'what happened',
          steps.flatMap((step) => stepLines(catalog, step, { concerned, timeText: instantText })),
        ),
    section(
      steps === null ? 'its state now' : 'its state in the end',
      known.map(({ name, type, value }) => `${name} ${valueText(value, type, instantText)}`),
    ),
    timers &&
      section(
        'its timers',
        timers.map(({ name, at }) => `${name} ${instantText(at)}`),
      ),
    section(
      'its part in the metric',
      parts.map((part) => partText(catalog, part)),
    ),
    steps === null ? NOT_KEPT : null,
  ];
  return `${sections.filter((text) => text !== null).join('\n\n')}\n`;
}

const NOT_KEPT = `A running system keeps the last five events, and no list of what an entity has added to counters and histograms. The
record that ingestion writes to LIVEMETER_RECORD tells the whole story: name it with --file.`;

function section(title: string, lines: readonly string[]): string {
  return [`${title}:`, ...(lines.length === 0 ? ['nothing'] : lines).map((line) => `    ${line}`)].join('\n');
}

/** Of a formula: from what it is computed, which are numbers of all entities. */
function computedText({ metric, concerned }: Subject): string | null {
  if (metric.kept.kind !== 'formula') return null;
  const names = [...concerned].filter((name) => name !== metric.name);
  return `It is a formula over the series of ${names.join(', ')}; this is the part that one entity has in them.`;
}

function partText(catalog: Catalog, { kind, metric, labels, count, sum }: Part): string {
  const plan = catalog.metrics.find((each) => each.name === metric);
  const series = seriesText(metric, plan?.labelNames ?? [], labels);
  switch (kind) {
    case 'added':
      return plan?.kept.kind === 'histogram' ? `${series}: count ${count}, sum ${sum}` : `${series}: ${sum}`;
    case 'holds':
      return `${series}: ${sum}`;
    case 'holds-age':
      return `${series}: the age of ${instantText(sum)}`;
    case 'accrues':
      return `${series}: accrues ${sum} per second`;
  }
}

/** An explanation for a program. Times within fields and steps are in seconds. */
export function explanationJson(catalog: Catalog, { metric }: Subject, explanation: Explanation): string {
  const { entity, source, steps, recent, state, timers, parts } = explanation;
  const document = {
    metric: metric.name,
    help: metric.help,
    ...entity,
    source,
    steps: steps?.map((step) => stepJson(catalog, step)) ?? null,
    recent: recent.map(({ type, time }) => ({ type, time: time / 1000 })),
    state: Object.fromEntries(
      state.map(({ name, type, value }) => [name, type === 'time' && typeof value === 'number' ? value / 1000 : value]),
    ),
    timers: timers?.map(({ name, at }) => ({ name, at: at / 1000 })) ?? null,
    parts: parts.map((part) => ({ ...part, sum: part.kind === 'holds-age' ? part.sum / 1000 : part.sum })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
