import type { Catalog } from '@app/language';
import { shippedCatalog } from './shipped.js';

/** What ships, and every form of the language that no pack uses: for the properties that hold whatever is defined. */
export function everyForm(): Catalog {
  return shippedCatalog([{ file: 'every-form.yaml', text: EVERY_FORM }]);
}

const gauge = (name: string, more: string) =>
  `  - { name: ${name}, help: h, type: gauge, over: agent, value: agent.assignedWeight, ${more} }`;

/** Limits are as many as there are label sets in any history of two agents and three conversations: never exceeded. */
const AGES = ['min', 'max', 'sum', 'avg', 'count'];

const EVERY_FORM = `
metrics:
${gauge('least_weight', 'aggregate: min')}
${gauge('most_weight_by_state', 'aggregate: max, labels: { state: agent.state }')}
${gauge('weight_deviation', 'aggregate: stddev')}
${gauge('weight_median', 'aggregate: quantile(0.5), labels: { state: agent.state }')}
${gauge('weight_mean', 'aggregate: avg')}
  - { name: weight_seconds_total, help: h, type: counter, over: agent, value: agent.assignedWeight / 3, labels: { state: agent.state } }
  - { name: agent_events_total, help: h, type: counter, for: agent, on: AgentStateChangedEvent, labels: { id: agent.id, state: event.state }, limit: 12 }
  - { name: agent_weight, help: h, type: gauge, over: agent, value: agent.assignedWeight, labels: { id: agent.id }, limit: 2 }
  - { name: weight_range, help: h, type: gauge, over: agent, value: agent.assignedWeight, aggregate: max, labels: { state: agent.state }, limit: 6 }
${AGES.map((aggregate) => `  - { name: state_age_${aggregate}, help: h, type: gauge, over: agent, value: age(agent.stateSince), aggregate: ${aggregate}, labels: { state: agent.state }, limit: 6 }`).join('\n')}
  - { name: long_waits, help: h, type: gauge, over: conversation, when: age(conversation.waitingSince) >= 20 && age(conversation.waitingSince) < minute, labels: { agent_id: conversation.assignedAgentId }, limit: 4 }
  - { name: long_wait_seconds_total, help: h, type: counter, over: conversation, when: age(conversation.waitingSince) > 7.5, value: 1 / 7, labels: { agent_id: conversation.assignedAgentId }, limit: 4 }
  - { name: weight_per_second, help: h, type: gauge, formula: rate(weight_seconds_total), windows: [1m, 2m, 5m, 1h] }
  - { name: away_seconds, help: h, type: gauge, formula: 'sum(agent_state_seconds_total, state == "AWAY")', by: [agent_id], windows: [1m, 3m] }
`;
