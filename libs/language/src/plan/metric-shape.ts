import type { MetricDefinition } from '../definition/definitions.js';
import type { Findings } from '../diagnostic.js';
import type { MetricBody } from '../source/schema.js';

/** The three ways to define a metric: by events, over state, from other metrics. */
export type MetricKind = 'on' | 'over' | 'formula';

type Key = keyof MetricBody;

const KINDS: readonly MetricKind[] = ['on', 'over', 'formula'];

const EVERYWHERE: readonly Key[] = ['name', 'help', 'source', 'type'];

const KEYS: Readonly<Record<MetricKind, readonly Key[]>> = {
  on: [...EVERYWHERE, 'for', 'on', 'zero_on', 'when', 'value', 'labels', 'buckets', 'limit'],
  over: [...EVERYWHERE, 'over', 'when', 'value', 'aggregate', 'labels', 'limit'],
  formula: [...EVERYWHERE, 'formula', 'by', 'windows'],
};

const TYPES: Readonly<Record<MetricKind, readonly MetricBody['type'][]>> = {
  on: ['counter', 'histogram'],
  over: ['gauge', 'counter'],
  formula: ['gauge'],
};

/** The way a metric is defined; null when that cannot be told. */
export function kindOf(body: MetricBody): MetricKind | null {
  const kinds = KINDS.filter((kind) => body[kind] !== undefined);
  return kinds.length === 1 ? (kinds[0] ?? null) : null;
}

/** Reports keys that do not go together. */
export function checkShape(metric: MetricDefinition, body: MetricBody, findings: Findings): void {
  const given = KINDS.filter((kind) => body[kind] !== undefined);
  const [kind, second] = given;
  if (kind === undefined) {
    const remedy = 'add on: for events, over: for state, or formula: for other metrics';
    findings.error(metric.at, { code: 'missing-key', message: `the metric "${metric.name}" measures nothing`, remedy });
    return;
  }
  if (second !== undefined) {
    const message = `the metric "${metric.name}" has both "${kind}" and "${second}"`;
    const problem = { code: 'conflicting-keys', message, remedy: 'make two metrics, or leave one out' } as const;
    findings.error(metric.positionOfKey(second), problem);
    return;
  }
  checkKeys(metric, body, kind, findings);
  checkType(metric, body, kind, findings);
}

function checkKeys(metric: MetricDefinition, body: MetricBody, kind: MetricKind, findings: Findings): void {
  for (const key of Object.keys(body) as Key[]) {
    if (KEYS[kind].includes(key)) continue;
    findings.error(metric.positionOfKey(key), {
      code: 'conflicting-keys',
      message: `"${key}" does not go with "${kind}" in the metric "${metric.name}"`,
      remedy: `leave it out; beside ${kind}: there can be ${KEYS[kind].filter((each) => each !== kind).join(', ')}`,
    });
  }
  if (kind === 'on' && body.for === undefined) {
    const message = `the metric "${metric.name}" has no "for"`;
    const remedy = 'add for: conversation or agent, the entity that its expressions read';
    findings.error(metric.at, { code: 'missing-key', message, remedy });
  }
}

function checkType(metric: MetricDefinition, body: MetricBody, kind: MetricKind, findings: Findings): void {
  if (!TYPES[kind].includes(body.type)) {
    findings.error(metric.positionOf('type'), {
      code: 'conflicting-keys',
      message: `a metric with "${kind}" cannot be a ${body.type}`,
      remedy: `its type can be ${TYPES[kind].join(' or ')}`,
    });
  }
  if (kind === 'on') checkHistogram(metric, body, findings);
  if (kind === 'over' && body.type === 'counter') checkAccruing(metric, body, findings);
}

function checkAccruing(metric: MetricDefinition, body: MetricBody, findings: Findings): void {
  if (body.aggregate === undefined) return;
  const message = `the counter "${metric.name}" accrues, so it has no "aggregate"`;
  const problem = { code: 'conflicting-keys', message, remedy: 'leave it out, or use type: gauge' } as const;
  findings.error(metric.positionOfKey('aggregate'), problem);
}

function checkHistogram(metric: MetricDefinition, body: MetricBody, findings: Findings): void {
  if (body.type === 'histogram') {
    for (const key of ['value', 'buckets'] as const) {
      if (body[key] !== undefined) continue;
      const message = `the histogram "${metric.name}" has no "${key}"`;
      const remedy = key === 'value' ? 'add value: what is observed' : 'add buckets: upper bounds, as in [5, 15, 60]';
      findings.error(metric.at, { code: 'missing-key', message, remedy });
    }
  } else if (body.buckets !== undefined) {
    const message = `only a histogram has "buckets", and "${metric.name}" is a ${body.type}`;
    const problem = { code: 'conflicting-keys', message, remedy: 'leave it out, or use type: histogram' } as const;
    findings.error(metric.positionOfKey('buckets'), problem);
  }
}
