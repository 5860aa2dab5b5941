import { dashboard } from './frame.js';
import { course, number } from './panel.js';

const SYSTEM = 'job="livemeter"';
const INGESTION = 'job="livemeter-ingestion"';
const METRICS = 'job="livemeter-metrics"';

function p99(metric: string, selector: string): string {
  return `histogram_quantile(0.99, sum by (le) (rate(${metric}_bucket{${selector}}[$__rate_interval])))`;
}

/** Whether Livemeter itself is well: for those who run it. */
export const pipeline = dashboard({
  uid: 'livemeter-pipeline',
  title: 'Livemeter · Pipeline health',
  description: 'From the webhook to the number. What to do about an alert is in the runbook.',
  choices: [],
  rows: [
    {
      title: 'Now',
      panels: [
        number({
          title: 'Replicas that answer',
          description: 'Of ingestion and of the metrics app.',
          expr: `sum(up{job=~"livemeter-.*"})`,
          goal: [1, 2],
        }),
        number({
          title: 'Events waiting',
          description: 'In the queues, not applied yet.',
          expr: `livemeter_backlog_events{${SYSTEM}}`,
          alarm: [1000, 5000],
        }),
        number({
          title: 'In quarantine',
          description: 'Set aside with a reason; they count nowhere until they are replayed.',
          expr: `livemeter_quarantine_entries{${SYSTEM}}`,
          alarm: [1, 100],
        }),
        number({
          title: 'Answered 503 (1 h)',
          description: 'Because storing would have failed. LivePerson sends them again.',
          expr: `sum(increase(livemeter_ingestion_requests_total{${INGESTION}, code="503"}[1h])) or vector(0)`,
          alarm: [1, 100],
        }),
        number({
          title: 'Durable',
          description: '1 while Redis keeps what it is given.',
          expr: `livemeter_durable{${SYSTEM}}`,
          goal: [0.5, 1],
        }),
        number({
          title: 'Formulas without result (1 h)',
          description: 'Divisions by zero and the like: the rule did nothing.',
          expr: `sum(increase(livemeter_expression_no_result_total{${SYSTEM}}[1h])) or vector(0)`,
          alarm: [1, 1000],
        }),
      ],
    },
    {
      title: 'In',
      panels: [
        course({
          title: 'Requests',
          description: 'Requests a second, by the code of the reply.',
          unit: 'reqps',
          stacked: true,
          queries: [
            {
              expr: `sum by (code) (rate(livemeter_ingestion_requests_total{${INGESTION}}[$__rate_interval]))`,
              legend: '{{code}}',
            },
          ],
        }),
        course({
          title: 'Events by type',
          description: 'Events a second that ingestion received.',
          unit: 'short',
          stacked: true,
          queries: [
            {
              expr: `sum by (type) (rate(livemeter_ingestion_events_total{${INGESTION}}[$__rate_interval]))`,
              legend: '{{type}}',
            },
          ],
        }),
        course({
          title: 'Time to the 200',
          description: 'Ninety-nine in a hundred requests are answered within it; LivePerson wants less than 2.5 s.',
          unit: 's',
          queries: [{ expr: p99('livemeter_ingestion_ack_seconds', INGESTION), legend: 'p99' }],
        }),
        course({
          title: 'From receipt to commit',
          description: 'Of the oldest event of each batch, the hold not included.',
          unit: 's',
          queries: [{ expr: p99('livemeter_apply_delay_seconds', METRICS), legend: 'p99' }],
        }),
      ],
    },
    {
      title: 'Applied',
      panels: [
        course({
          title: 'Outcomes',
          description: 'Events a second by what became of them at each entity.',
          unit: 'short',
          stacked: true,
          queries: [
            {
              expr: `sum by (entity, outcome) (rate(livemeter_events_total{${SYSTEM}}[$__rate_interval]))`,
              legend: '{{entity}} {{outcome}}',
            },
          ],
        }),
        course({
          title: 'Commits',
          description: 'One atomic write of a partition to Redis.',
          unit: 's',
          queries: [{ expr: p99('livemeter_commit_duration_seconds', METRICS), legend: 'p99' }],
        }),
      ],
    },
    {
      title: 'Processes',
      panels: [
        course({
          title: 'CPU',
          description: 'Cores used by each process.',
          queries: [
            {
              expr: `rate(process_cpu_seconds_total{job=~"livemeter-.*"}[$__rate_interval])`,
              legend: '{{job}} {{instance}} {{worker}}',
            },
          ],
        }),
        course({
          title: 'Memory',
          description: 'Resident memory of each process.',
          unit: 'bytes',
          queries: [
            { expr: `process_resident_memory_bytes{job=~"livemeter-.*"}`, legend: '{{job}} {{instance}} {{worker}}' },
          ],
        }),
        course({
          title: 'Event loop',
          description: 'Delays of the event loop (p99) of each process.',
          unit: 's',
          queries: [
            {
              expr: `nodejs_eventloop_lag_p99_seconds{job=~"livemeter-.*"}`,
              legend: '{{job}} {{instance}} {{worker}}',
            },
          ],
        }),
        course({
          title: 'Partitions',
          description: 'How many each metrics replica works, or each of its workers.',
          stacked: true,
          queries: [{ expr: `livemeter_partitions_owned{${METRICS}}`, legend: '{{instance}} {{worker}}' }],
        }),
      ],
    },
  ],
});
