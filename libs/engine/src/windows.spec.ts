import { describe, expect, it } from '@jest/globals';
import { catalogOf, type Step, tell } from '../../../test/support/story.js';

const catalog = catalogOf(`
metrics:
  - name: wait_seconds
    help: h
    type: histogram
    for: conversation
    on: MessageAgentEvent
    value: 10
    labels: { agent: event.agentId }
    buckets: [5, 15]
  - { name: asked_total, help: h, type: counter, for: conversation, on: MessageConsumerEvent }
  - { name: _mean, help: h, type: gauge, formula: sum(wait_seconds) / count(wait_seconds) }
  - { name: mean_seconds, help: h, type: gauge, formula: value(_mean), windows: [1m, 1h] }
  - { name: answers_per_second, help: h, type: gauge, formula: rate(wait_seconds), by: [agent], windows: [1m] }
  - { name: asked_per_second, help: h, type: gauge, formula: rate(asked_total), windows: [5m] }
`);

const says = (at: number, agent: string, more: object = {}): Step => ({
  at,
  type: 'MessageAgentEvent',
  conversation: 'c',
  agent,
  ...more,
});
const asks = (at: number, more: object = {}): Step => ({
  at,
  type: 'MessageConsumerEvent',
  conversation: 'c',
  ...more,
});

const WINDOWED = /^(mean_seconds|answers_per_second|asked_per_second)/;

async function windowsOf(steps: Step[], until: number): Promise<string[]> {
  return (await tell(catalog, steps, { until })).filter((line) => WINDOWED.test(line));
}

const DAY = 86_400;

describe('windows', () => {
  it.each<{ name: string; steps: Step[]; until: number; want: string[] }>([
    {
      name: 'hold the last full minutes and the running one',
      steps: [says(59, 'a'), says(60, 'a'), says(125, 'b')],
      until: 179,
      want: [
        `answers_per_second{agent="a",window="1m"} ${1 / 60}`,
        `answers_per_second{agent="b",window="1m"} ${1 / 60}`,
        'mean_seconds{window="1h"} 10',
        'mean_seconds{window="1m"} 10',
      ],
    },
    {
      name: 'that are empty have no mean, and a rate of 0',
      steps: [says(59, 'a')],
      until: 1200,
      want: ['answers_per_second{agent="a",window="1m"} 0', 'mean_seconds{window="1h"} 10'],
    },
    {
      name: 'go by event time: a late event counts where it belongs',
      steps: [asks(600), asks(10, { received: 601 }), asks(599, { received: 602 })],
      until: 600,
      want: [`asked_per_second{window="5m"} ${2 / 300}`],
    },
    {
      name: 'forget what is older than a day, however long the series lives',
      steps: [says(30, 'a'), asks(2 * DAY)],
      until: 2 * DAY,
      want: ['answers_per_second{agent="a",window="1m"} 0', `asked_per_second{window="5m"} ${1 / 300}`],
    },
  ])('$name', async ({ steps, until, want }) => {
    expect(await windowsOf(steps, until)).toEqual(want);
  });
});

const accruing = catalogOf(`
state: { agent: { state: { type: string, set: [ { on: AgentStateChangedEvent, to: event.state } ] } } }
forget: { agent: agent.lastEventAt + 10 * day }
metrics:
  - { name: spent_total, help: h, type: counter, over: agent, when: agent.state != null, value: 1 / 3, labels: { state: agent.state } }
  - { name: busy_seconds, help: h, type: gauge, formula: sum(spent_total), by: [state], windows: [1m, 2m, 24h] }
`);

const becomes = (at: number, state: 'ONLINE' | 'AWAY', more: object = {}): Step => ({
  at,
  type: 'AgentStateChangedEvent',
  agent: 'a',
  state,
  ...more,
});

describe('windows over what accrues', () => {
  it.each<{ name: string; steps: Step[]; until: number; want: string[] }>([
    {
      name: 'a stretch is cut at the minutes',
      steps: [becomes(30, 'ONLINE'), becomes(150, 'AWAY'), becomes(170, 'AWAY')],
      until: 170,
      want: [
        'busy_seconds{state="AWAY",window="1m"} 6.66666',
        'busy_seconds{state="AWAY",window="24h"} 6.66666',
        'busy_seconds{state="AWAY",window="2m"} 6.66666',
        'busy_seconds{state="ONLINE",window="1m"} 29.99997',
        'busy_seconds{state="ONLINE",window="24h"} 39.99996',
        'busy_seconds{state="ONLINE",window="2m"} 39.99996',
      ],
    },
    {
      name: 'days without events are in the last day, minute by minute',
      steps: [becomes(0, 'AWAY')],
      until: 3 * DAY,
      want: [
        `busy_seconds{state="AWAY",window="1m"} ${(60 * 333333) / 1e6}`,
        `busy_seconds{state="AWAY",window="24h"} ${(DAY * 333333) / 1e6}`,
        `busy_seconds{state="AWAY",window="2m"} ${(120 * 333333) / 1e6}`,
      ],
    },
  ])('$name', async ({ steps, until, want }) => {
    expect((await tell(accruing, steps, { until })).filter((line) => line.startsWith('busy_seconds{'))).toEqual(want);
  });
});
