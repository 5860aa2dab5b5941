import type { AgeAggregate, MetricPlan, SpreadAggregate, SumAggregate } from '../catalog.js';
import type { MetricDefinition } from '../definition/definitions.js';
import type { Findings } from '../diagnostic.js';
import { didYouMean } from '../nearest-name.js';
import type { MetricBody } from '../source/schema.js';

const SUMS: readonly SumAggregate[] = ['sum', 'count', 'avg'];

const SPREADS: readonly SpreadAggregate[] = ['min', 'max', 'stddev'];

const OF_AGES: readonly AgeAggregate[] = [...SUMS, 'min', 'max'];

const CHOICES: readonly string[] = [...SUMS, ...SPREADS, 'quantile(q)'];

/** How a gauge over state is kept, by its `aggregate:`. */
export function planAggregate(
  metric: MetricDefinition,
  { aggregate: name = 'sum' }: MetricBody,
  ofAge: boolean,
  findings: Findings,
): MetricPlan['kept'] {
  const at = metric.positionOf('aggregate');
  const kept = ofAge ? aggregateOfAges(name) : aggregateOfNumbers(name);
  if (kept !== null) return kept;
  if (ofAge && aggregateOfNumbers(name) !== null) {
    const message = `an age is not aggregated by ${name}`;
    findings.error(at, { code: 'conflicting-keys', message, remedy: `it can be ${OF_AGES.join(', ')}` });
  } else {
    const choices = ofAge ? OF_AGES : CHOICES;
    const remedy = /^quantile\b/.test(name)
      ? 'write quantile(q) with q from 0 to 1, as in quantile(0.9)'
      : didYouMean(name, choices, `it can be ${choices.join(', ')}`);
    findings.error(at, { code: 'wrong-shape', message: `there is no aggregate "${name}"`, remedy });
  }
  return { kind: 'gauge', aggregate: 'sum' };
}

function aggregateOfAges(name: string): MetricPlan['kept'] | null {
  const aggregate = OF_AGES.find((each) => each === name);
  return aggregate === undefined ? null : { kind: 'age', aggregate };
}

function aggregateOfNumbers(name: string): MetricPlan['kept'] | null {
  const sum = SUMS.find((each) => each === name);
  if (sum !== undefined) return { kind: 'gauge', aggregate: sum };
  const spread = SPREADS.find((each) => each === name);
  if (spread !== undefined) return { kind: 'spread', aggregate: spread, quantile: 0 };
  const [, text] = /^quantile\(\s*(\d*\.?\d+)\s*\)$/.exec(name) ?? [];
  const quantile = Number(text);
  return quantile >= 0 && quantile <= 1 ? { kind: 'spread', aggregate: 'quantile', quantile } : null;
}
