import type { Catalog } from '@app/language';
import { shippedCatalog } from './shipped.js';

/** What ships, and every form of the language that no pack uses: for the properties that hold whatever is defined. */
export function everyForm(): Catalog {
  return shippedCatalog([{ file: 'every-form.yaml', text: EVERY_FORM }]);
}

const gauge = (name: string, more: string) =>
  `  - { name: ${name}, help: h, type: gauge, over: agent, value: agent.assignedWeight, ${more} }`;

const EVERY_FORM = `
metrics:
${gauge('least_weight', 'aggregate: min')}
${gauge('most_weight_by_state', 'aggregate: max, labels: { state: agent.state }')}
${gauge('weight_deviation', 'aggregate: stddev')}
${gauge('weight_median', 'aggregate: quantile(0.5), labels: { state: agent.state }')}
${gauge('weight_mean', 'aggregate: avg')}
  - { name: weight_seconds_total, help: h, type: counter, over: agent, value: agent.assignedWeight / 3, labels: { state: agent.state } }
  - { name: weight_per_second, help: h, type: gauge, formula: rate(weight_seconds_total), windows: [1m, 2m, 5m, 1h] }
  - { name: away_seconds, help: h, type: gauge, formula: 'sum(agent_state_seconds_total, state == "AWAY")', by: [agent_id], windows: [1m, 3m] }
`;
