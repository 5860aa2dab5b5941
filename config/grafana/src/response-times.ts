import { ACCOUNT, AGENT, dashboard } from './frame.js';
import { course, number, ranking, table } from './panel.js';

const SELECTED = `${ACCOUNT}, ${AGENT}`;

/** A bound is written "60" in Prometheus' text format and "60.0" in OpenMetrics. */
const WITHIN_60_S = String.raw`le=~"60(\\.0)?"`;

function quantile(q: number, metric: string): string {
  return `histogram_quantile(${q}, sum by (le) (rate(${metric}_bucket{${SELECTED}}[$__rate_interval])))`;
}

/** The mean of a histogram over a time, by label. */
function mean(metric: string, window: string, by: string): string {
  const part = (suffix: string): string => `sum by (${by}) (rate(${metric}_${suffix}{${SELECTED}}[${window}]))`;
  return `${part('sum')} / (${part('count')} > 0)`;
}

/** How long consumers wait and agents take, by agent. */
export const responseTimes = dashboard({
  uid: 'livemeter-response',
  title: 'Livemeter · Response times',
  description: 'How long consumers wait for an answer, and how long agents take.',
  choices: ['account', 'agent'],
  rows: [
    {
      title: 'Now',
      panels: [
        number({
          title: 'Response time (1 h)',
          description: "Mean of the agents' response times (ART) in the last hour.",
          expr: `sum(increase(agent_response_time_seconds_sum{${SELECTED}}[1h])) / sum(increase(agent_response_time_seconds_count{${SELECTED}}[1h]))`,
          unit: 's',
          alarm: [120, 300],
        }),
        number({
          title: 'Consumer wait (1 h)',
          description: 'Mean time from the first unanswered message to the answer, the queue included.',
          expr: `sum(increase(consumer_wait_seconds_sum{${SELECTED}}[1h])) / sum(increase(consumer_wait_seconds_count{${SELECTED}}[1h]))`,
          unit: 's',
          alarm: [180, 600],
        }),
        number({
          title: 'First answers within 60 s (1 h)',
          description: 'The part of the first answers that came within a minute.',
          expr: `sum(increase(first_response_time_seconds_bucket{${SELECTED}, ${WITHIN_60_S}}[1h])) / sum(increase(first_response_time_seconds_count{${SELECTED}}[1h]))`,
          unit: 'percentunit',
          goal: [0.6, 0.8],
        }),
        number({
          title: 'Awaiting an answer',
          description:
            'Open conversations whose consumer waits; those in the queue have no agent and are left out here.',
          expr: `sum(conversations_awaiting_response{${SELECTED}}) or vector(0)`,
        }),
        number({
          title: 'Longest wait now',
          description: 'How long the consumer who has waited longest has been waiting.',
          expr: `max(longest_awaiting_response_seconds{${ACCOUNT}}) or vector(0)`,
          unit: 's',
          alarm: [300, 900],
        }),
        number({
          title: 'Answers a minute',
          description: 'Answers to waiting consumers.',
          expr: `60 * sum(rate(consumer_wait_seconds_count{${SELECTED}}[5m]))`,
          unit: 'cpm',
        }),
      ],
    },
    {
      title: 'Distribution',
      panels: [
        course({
          title: 'Agent response time',
          description: 'Half, nine in ten, and ninety-nine in a hundred answers take no longer.',
          unit: 's',
          queries: [0.5, 0.9, 0.99].map((q) => ({
            expr: quantile(q, 'agent_response_time_seconds'),
            legend: `p${Math.round(q * 100)}`,
          })),
        }),
        course({
          title: 'Consumer wait',
          description: 'The same for the time that consumers wait, the queue included.',
          unit: 's',
          queries: [0.5, 0.9, 0.99].map((q) => ({
            expr: quantile(q, 'consumer_wait_seconds'),
            legend: `p${Math.round(q * 100)}`,
          })),
        }),
      ],
    },
    {
      title: 'By agent',
      panels: [
        ranking({
          title: 'Slowest agents (1 h)',
          description: 'Mean response time of each agent in the last hour.',
          unit: 's',
          alarm: [120, 300],
          expr: `topk(15, ${mean('agent_response_time_seconds', '1h', 'agent_id')})`,
          legend: '{{agent_id}}',
          leadsTo: { uid: 'livemeter-agents', title: 'This agent', variables: 'var-agent=${__field.labels.agent_id}' },
        }),
        ranking({
          title: 'Who is waited for',
          description: 'Conversations that await an answer, by assigned agent.',
          expr: `topk(15, sum by (agent_id) (conversations_awaiting_response{${ACCOUNT}}))`,
          legend: '{{agent_id}}',
        }),
        table({
          title: 'Agents in the last hour',
          description: 'Answers, mean response time and mean wait of their consumers.',
          decimals: 1,
          columns: [
            { name: 'answers', expr: `sum by (agent_id) (increase(consumer_wait_seconds_count{${SELECTED}}[1h]))` },
            { name: 'response time (s)', expr: mean('agent_response_time_seconds', '1h', 'agent_id') },
            { name: 'consumer wait (s)', expr: mean('consumer_wait_seconds', '1h', 'agent_id') },
          ],
        }),
      ],
    },
  ],
});
