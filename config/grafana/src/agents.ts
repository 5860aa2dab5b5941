import { ACCOUNT, AGENT, dashboard } from './frame.js';
import { course, number, ranking, table } from './panel.js';

const SELECTED = `${ACCOUNT}, ${AGENT}`;
const NAMED = '* on (account_id, agent_id) group_left (agent_name) agent_info';

/** Who is there, in which state, and with how much to do. */
export const agents = dashboard({
  uid: 'livemeter-agents',
  title: 'Livemeter · Agents and load',
  description: 'Agents by their newest snapshots; an agent is gone 90 s after its last one.',
  choices: ['account', 'agent'],
  rows: [
    {
      title: 'Now',
      panels: [
        number({
          title: 'Present',
          description: 'Agents with a snapshot in the last 90 s.',
          expr: `sum(agents_present{${ACCOUNT}})`,
        }),
        number({
          title: 'Online',
          description: 'Present agents whose state is ONLINE.',
          expr: `sum(agents{${ACCOUNT}, state="ONLINE"}) or vector(0)`,
        }),
        number({
          title: 'Overloaded',
          description: 'Present agents with more weight than slots.',
          expr: `sum(agents_overloaded{${ACCOUNT}})`,
          alarm: [1, 5],
        }),
        number({
          title: 'Load',
          description: 'Total weight over total slots of the present agents.',
          expr: `max(account_load_ratio{${ACCOUNT}})`,
          unit: 'percentunit',
          alarm: [0.85, 1],
        }),
        number({
          title: 'Free slots',
          description: 'Of the agents that are ONLINE.',
          expr: `sum(account_available_slots{${ACCOUNT}})`,
          decimals: 1,
        }),
        number({
          title: 'Conversations assigned',
          description: 'As the snapshots tell.',
          expr: `sum(agent_assigned_conversations{${SELECTED}})`,
        }),
      ],
    },
    {
      title: 'Course',
      panels: [
        course({
          title: 'Agents by state',
          description: 'Present agents.',
          stacked: true,
          queries: [{ expr: `sum by (state) (agents{${ACCOUNT}})`, legend: '{{state}}' }],
        }),
        course({
          title: 'Load',
          description: 'Of the account, of the most loaded agent, and of the agent in the middle.',
          unit: 'percentunit',
          queries: [
            { expr: `max(account_load_ratio{${ACCOUNT}})`, legend: 'account' },
            { expr: `max(agent_load_ratio{${SELECTED}})`, legend: 'most loaded' },
            { expr: `quantile(0.5, agent_load_ratio{${SELECTED}})`, legend: 'median' },
          ],
        }),
      ],
    },
    {
      title: 'By agent',
      panels: [
        ranking({
          title: 'Load',
          description: 'Weight over slots, from the newest snapshot.',
          unit: 'percentunit',
          alarm: [0.85, 1],
          expr: `topk(25, agent_load_ratio{${SELECTED}} ${NAMED})`,
          legend: '{{agent_name}} ({{agent_id}})',
        }),
        ranking({
          title: 'Time in states (1 h)',
          description: 'How long the chosen agents were in each state in the last hour, added up.',
          unit: 's',
          expr: `sum by (state) (increase(agent_state_seconds_total{${SELECTED}}[1h]))`,
          legend: '{{state}}',
        }),
        table({
          title: 'All chosen agents',
          description: 'From the newest snapshot of each.',
          decimals: 2,
          columns: [
            { name: 'load', expr: `sum by (agent_id, agent_name) (agent_load_ratio{${SELECTED}} ${NAMED})` },
            { name: 'weight', expr: `sum by (agent_id, agent_name) (agent_assigned_weight{${SELECTED}} ${NAMED})` },
            { name: 'slots', expr: `sum by (agent_id, agent_name) (agent_max_slots{${SELECTED}} ${NAMED})` },
            {
              name: 'conversations',
              expr: `sum by (agent_id, agent_name) (agent_assigned_conversations{${SELECTED}} ${NAMED})`,
            },
          ],
        }),
      ],
    },
  ],
});
