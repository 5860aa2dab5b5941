import type { MetricPlan } from '../catalog.js';
import type { MetricDefinition } from '../definition/definitions.js';
import type { Surroundings } from './entity-context.js';

export function planFormulas(
  _metrics: readonly MetricDefinition[],
  _kept: readonly MetricPlan[],
  _surroundings: Surroundings,
): readonly MetricPlan[] {
  return [];
}
