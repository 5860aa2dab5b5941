import { ACCOUNT, dashboard } from './frame.js';
import { course, number, ranking } from './panel.js';

/** The deadlines for answers: met, missed, about to be missed. */
export const deadlines = dashboard({
  uid: 'livemeter-deadlines',
  title: 'Livemeter · Deadlines',
  description: 'Deadlines for answers (effective TTR): each is counted once, when it passes.',
  choices: ['account'],
  rows: [
    {
      title: 'Now',
      panels: [
        number({
          title: 'Overdue',
          description: 'Open conversations whose deadline has passed.',
          expr: `sum(conversations_overdue{${ACCOUNT}}) or vector(0)`,
          alarm: [1, 10],
        }),
        number({
          title: 'Due within 5 minutes',
          description: 'Open conversations whose deadline is about to pass.',
          expr: `sum(conversations_due_soon{${ACCOUNT}}) or vector(0)`,
          alarm: [5, 20],
        }),
        number({
          title: 'Met (1 h)',
          description: 'The part of the deadlines that were met in the last hour, of those met or missed.',
          expr: `min(ttr_attainment_ratio{${ACCOUNT}, window="1h"})`,
          unit: 'percentunit',
          goal: [0.8, 0.9],
        }),
        number({
          title: 'Missed (24 h)',
          description: 'Deadlines that passed in the last 24 hours.',
          expr: `sum(increase(ttr_breaches_total{${ACCOUNT}}[24h]))`,
          decimals: 0,
          alarm: [10, 100],
        }),
        number({
          title: 'Lateness of the late (1 h)',
          description: 'Nine in ten answers that came too late were no later than this.',
          expr: `histogram_quantile(0.9, sum by (le) (increase(ttr_overrun_seconds_bucket{${ACCOUNT}}[1h]))) or vector(0)`,
          unit: 's',
        }),
        number({
          title: 'Time to spare (1 h)',
          description: 'Half of the answers in time came at least this long before their deadline.',
          expr: `histogram_quantile(0.5, sum by (le) (increase(ttr_slack_seconds_bucket{${ACCOUNT}}[1h])))`,
          unit: 's',
        }),
      ],
    },
    {
      title: 'Course',
      panels: [
        course({
          title: 'Deadlines a minute',
          description: 'Met and missed.',
          unit: 'cpm',
          stacked: true,
          queries: [
            { expr: `60 * sum(rate(ttr_deadlines_met_total{${ACCOUNT}}[5m]))`, legend: 'met' },
            { expr: `60 * sum(rate(ttr_breaches_total{${ACCOUNT}}[5m]))`, legend: 'missed' },
          ],
        }),
        course({
          title: 'Part met',
          description: 'Of the deadlines that were met or missed in sliding windows.',
          unit: 'percentunit',
          max: 1,
          queries: [{ expr: `ttr_attainment_ratio{${ACCOUNT}}`, legend: '{{account_id}} · {{window}}' }],
        }),
      ],
    },
    {
      title: 'By agent',
      panels: [
        ranking({
          title: 'Missed in the last hour',
          description: 'By the agent assigned at the deadline; without a name: the queue.',
          expr: `topk(15, sum by (agent_id) (increase(ttr_breaches_total{${ACCOUNT}}[1h])))`,
          legend: '{{agent_id}}',
          leadsTo: { uid: 'livemeter-agents', title: 'This agent', variables: 'var-agent=${__field.labels.agent_id}' },
        }),
        ranking({
          title: 'Overdue or due soon',
          description: 'Conversations of each agent that are overdue or will be within five minutes.',
          expr: `topk(15, sum by (agent_id) ({__name__=~"conversations_overdue|conversations_due_soon", ${ACCOUNT}}) or label_replace(vector(0), "agent_id", "none", "", ""))`,
          legend: '{{agent_id}}',
        }),
      ],
    },
  ],
});
