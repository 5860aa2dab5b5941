import { ACCOUNT, dashboard } from './frame.js';
import { course, number, ranking } from './panel.js';

const DEADLINES = { uid: 'livemeter-deadlines', title: 'Deadlines' };
const RESPONSE = { uid: 'livemeter-response', title: 'Response times' };
const AGENTS = { uid: 'livemeter-agents', title: 'Agents and load' };

/** What a supervisor looks at first: how it is now, and whether it gets better or worse. */
export const overview = dashboard({
  uid: 'livemeter-overview',
  title: 'Livemeter · Overview',
  description: 'The contact center at a glance. Click a number for what is behind it.',
  choices: ['account'],
  rows: [
    {
      title: 'Now',
      panels: [
        number({
          title: 'Response time (15 min)',
          description: "Mean of the agents' response times (ART) in the last 15 minutes.",
          expr: `max(average_response_time_seconds{${ACCOUNT}, window="15m"})`,
          unit: 's',
          alarm: [120, 300],
          leadsTo: RESPONSE,
        }),
        number({
          title: 'In the queue',
          description: 'Open conversations that nobody is assigned to.',
          expr: `sum(conversations_queued{${ACCOUNT}})`,
          alarm: [10, 30],
        }),
        number({
          title: 'Overdue',
          description: 'Open conversations whose deadline has passed.',
          expr: `sum(conversations_overdue{${ACCOUNT}}) or vector(0)`,
          alarm: [1, 10],
          leadsTo: DEADLINES,
        }),
        number({
          title: 'Due within 5 minutes',
          description: 'Open conversations whose deadline is about to pass.',
          expr: `sum(conversations_due_soon{${ACCOUNT}}) or vector(0)`,
          alarm: [5, 20],
          leadsTo: DEADLINES,
        }),
        number({
          title: 'Load',
          description: 'Total weight over total slots of the present agents; above 100 % is overload.',
          expr: `max(account_load_ratio{${ACCOUNT}})`,
          unit: 'percentunit',
          alarm: [0.85, 1],
          leadsTo: AGENTS,
        }),
        number({
          title: 'Agents present',
          description: 'Agents with a snapshot in the last 90 s.',
          expr: `sum(agents_present{${ACCOUNT}})`,
          leadsTo: AGENTS,
        }),
      ],
    },
    {
      title: 'Course',
      panels: [
        course({
          title: 'Response time',
          description: "Mean of the agents' response times (ART) in sliding windows, by the time of the answer.",
          unit: 's',
          queries: [{ expr: `average_response_time_seconds{${ACCOUNT}}`, legend: '{{account_id}} · {{window}}' }],
          leadsTo: RESPONSE,
        }),
        course({
          title: 'Conversations',
          description: 'Open, waiting for an answer, and waiting for an agent.',
          queries: [
            { expr: `sum(conversations_open{${ACCOUNT}})`, legend: 'open' },
            { expr: `sum(conversations_awaiting_response{${ACCOUNT}}) or vector(0)`, legend: 'awaiting an answer' },
            { expr: `sum(conversations_queued{${ACCOUNT}})`, legend: 'in the queue' },
          ],
        }),
        course({
          title: 'Deadlines met',
          description: 'The part of the deadlines that were met, of those met or missed.',
          unit: 'percentunit',
          max: 1,
          queries: [{ expr: `ttr_attainment_ratio{${ACCOUNT}}`, legend: '{{account_id}} · {{window}}' }],
          leadsTo: DEADLINES,
        }),
        course({
          title: 'Arrivals and ends',
          description: 'Conversations a minute that begin and end.',
          unit: 'cpm',
          queries: [
            { expr: `60 * sum(rate(conversations_started_total{${ACCOUNT}}[5m]))`, legend: 'begun' },
            { expr: `60 * sum(rate(conversations_ended_total{${ACCOUNT}}[5m]))`, legend: 'ended' },
          ],
        }),
        ranking({
          title: 'Most loaded agents',
          description: 'Weight over slots, from the newest snapshot.',
          unit: 'percentunit',
          alarm: [0.85, 1],
          expr: `topk(15, agent_load_ratio{${ACCOUNT}} * on (account_id, agent_id) group_left (agent_name) agent_info)`,
          legend: '{{agent_name}} ({{agent_id}})',
          leadsTo: AGENTS,
        }),
        course({
          title: 'Longest waits',
          description: 'For an answer, and for an agent.',
          unit: 's',
          queries: [
            { expr: `max(longest_awaiting_response_seconds{${ACCOUNT}}) or vector(0)`, legend: 'for an answer' },
            { expr: `max(oldest_queued_seconds{${ACCOUNT}}) or vector(0)`, legend: 'for an agent' },
          ],
        }),
      ],
    },
  ],
});
