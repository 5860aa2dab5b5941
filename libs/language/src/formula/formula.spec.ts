import { describe, expect, it } from '@jest/globals';
import type { Sample } from '../catalog.js';
import { compileCatalog, formatDiagnostic, labelText } from '../index.js';

const METRICS = `
metrics:
  - name: wait_seconds
    help: W.
    type: histogram
    for: conversation
    on: MessageAgentEvent
    value: 1
    labels: { agent_id: event.agentId, state: event.state }
    buckets: [1, 5, 10]
  - { name: met_total, help: M., type: counter, for: conversation, on: TTRStatusEvent, labels: { agent_id: event.agentId } }
  - { name: load, help: L., type: gauge, over: agent, labels: { agent_id: agent.id } }
`;

const SAMPLES: Readonly<Record<string, readonly Sample[]>> = {
  wait_seconds: [
    { labels: ['a1', 'ONLINE'], sum: 6, count: 4, buckets: [2, 3, 4] },
    { labels: ['a1', 'AWAY'], sum: 40, count: 2, buckets: [0, 0, 0] },
    { labels: ['a2', 'ONLINE'], sum: 9, count: 2, buckets: [0, 2, 2] },
  ],
  met_total: [
    { labels: ['a1'], sum: 3, count: 3, buckets: [] },
    { labels: ['a3'], sum: 5, count: 5, buckets: [] },
  ],
  load: [{ labels: ['a1'], sum: 0.5, count: 1, buckets: [] }],
};

interface Result {
  readonly labels: readonly string[];
  readonly value: number;
}

function evaluate(
  formula: string,
  by: string,
  samples: Readonly<Record<string, readonly Sample[]>>,
): readonly Result[] {
  const more = `  - { name: inner, help: I., type: gauge, formula: sum(wait_seconds) / count(wait_seconds), by: [agent_id] }
  - { name: result, help: R., type: gauge, formula: ${JSON.stringify(formula)}, by: ${by} }\n`;
  const compiled = compileCatalog([{ file: 'a.yaml', text: METRICS + more }]);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(formatDiagnostic).join('\n'));
  const kept = compiled.catalog.metrics.find((metric) => metric.name === 'result')?.kept;
  return kept?.kind === 'formula' ? kept.formula.evaluate((metric) => samples[metric] ?? [], null) : [];
}

function total(value: number): readonly Result[] {
  return [{ labels: [], value }];
}

describe('a formula', () => {
  it.each<[formula: string, by: string, want: readonly Result[]]>([
    ['sum(wait_seconds)', '[]', total(55)],
    ['count(wait_seconds)', '[]', total(8)],
    ['sum(wait_seconds) / count(wait_seconds)', '[]', total(6.875)],
    ['sum(met_total) + value(met_total)', '[]', total(16)],
    ['value(load) * 100', '[]', total(50)],
    ['max(sum(wait_seconds), 100)', '[]', total(100)],
    // A condition selects series.
    ['sum(wait_seconds, state == "AWAY")', '[]', total(40)],
    ['count(wait_seconds, state == "ONLINE" && agent_id != "a2")', '[]', total(4)],
    ['sum(wait_seconds, state == "GONE")', '[]', total(0)],
    // Shares and quantiles of observations.
    ['share(wait_seconds, 5)', '[]', total(5 / 8)],
    ['share(wait_seconds, 5, state == "ONLINE")', '[]', total(5 / 6)],
    ['quantile(0.5, wait_seconds)', '[]', total(1 + (4 * 2) / 3)],
    ['quantile(0, wait_seconds)', '[]', total(0)],
    ['quantile(1, wait_seconds)', '[]', total(10)],
    ['share(wait_seconds, 1, state == "GONE")', '[]', []],
    ['quantile(0.5, wait_seconds, state == "GONE")', '[]', []],
    // Groups: one result per label set that any metric has.
    [
      'sum(wait_seconds)',
      '[agent_id]',
      [
        { labels: ['a1'], value: 46 },
        { labels: ['a2'], value: 9 },
      ],
    ],
    [
      'sum(wait_seconds)',
      '[state, agent_id]',
      [
        { labels: ['ONLINE', 'a1'], value: 6 },
        { labels: ['AWAY', 'a1'], value: 40 },
        { labels: ['ONLINE', 'a2'], value: 9 },
      ],
    ],
    [
      'sum(met_total) - count(wait_seconds)',
      '[agent_id]',
      [
        { labels: ['a1'], value: -3 },
        { labels: ['a3'], value: 5 },
        { labels: ['a2'], value: -2 },
      ],
    ],
    // A counter without samples is 0, a gauge has no value.
    ['sum(met_total) + value(load)', '[agent_id]', [{ labels: ['a1'], value: 3.5 }]],
    [
      'sum(met_total) + coalesce(value(load), 0)',
      '[agent_id]',
      [
        { labels: ['a1'], value: 3.5 },
        { labels: ['a3'], value: 5 },
      ],
    ],
    // No result is absent.
    [
      'sum(met_total) / count(wait_seconds)',
      '[agent_id]',
      [
        { labels: ['a1'], value: 0.5 },
        { labels: ['a2'], value: 0 },
      ],
    ],
    // Labels computed from labels.
    [
      'count(wait_seconds)',
      '{ first: "agent_id == \'a1\'" }',
      [
        { labels: ['true'], value: 6 },
        { labels: ['false'], value: 2 },
      ],
    ],
    [
      'count(wait_seconds)',
      '{ x: "state == \'AWAY\' ? null : state" }',
      [
        { labels: ['ONLINE'], value: 6 },
        { labels: [''], value: 2 },
      ],
    ],
    // One that is long is cut like every label value.
    [
      'count(wait_seconds)',
      `{ x: "'${'x'.repeat(126)}' + agent_id + 'y'" }`,
      [
        { labels: [labelText(`${'x'.repeat(126)}a1y`)], value: 6 },
        { labels: [labelText(`${'x'.repeat(126)}a2y`)], value: 2 },
      ],
    ],
    // Of other formulas.
    ['value(inner) * 2', '[]', total((46 / 6 + 4.5) * 2)],
    ['value(inner, agent_id == "a2")', '[]', total(4.5)],
  ])('%s by %s', (formula, by, want) => {
    const results = evaluate(formula, by, SAMPLES);
    expect(results.map(({ labels }) => labels).sort()).toEqual(want.map(({ labels }) => labels).sort());
    for (const { labels, value } of want) {
      expect(results.find((each) => each.labels.join() === labels.join())?.value).toBeCloseTo(value, 10);
    }
  });

  it('is absent when no metric that it reads has samples', () => {
    expect(evaluate('sum(wait_seconds) + 1', '[]', {})).toEqual([]);
  });

  it('says which kept metrics it reads, through other formulas too', () => {
    const text = `${METRICS}
  - { name: inner, help: I., type: gauge, formula: sum(wait_seconds) }
  - { name: outer, help: O., type: gauge, formula: value(inner) / sum(met_total) }
`;
    const compiled = compileCatalog([{ file: 'a.yaml', text }]);
    const kept = compiled.ok ? compiled.catalog.metrics.find((metric) => metric.name === 'outer')?.kept : undefined;
    expect(kept?.kind === 'formula' && kept.formula.reads).toEqual(['met_total', 'wait_seconds']);
  });
});
