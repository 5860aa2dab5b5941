import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT, MetricsReplica, metricsSettings, Sender } from '../../../../test/support/metrics.js';
import { startTestRedis, type TestRedis } from '../../../../test/support/redis.js';

const AT = `/v1/accounts/${ACCOUNT}`;
const AGENTS = 'agent_id,team\na1,Sales\na2,Sales\na3,Service\na9,Nobody heard of\n';

let dir: string;
let redis: TestRedis;
let sender: Sender;
let replica: MetricsReplica;

/** Ada and Bob are in Sales, Cy in Service, Dan in no team; each but Dan answered a consumer: after 10, 20 and 60 s. */
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-teams-'));
  cpSync('config', dir, { recursive: true });
  writeFileSync(join(dir, 'metrics/agents.csv'), AGENTS);
  writeFileSync(join(dir, 'metrics/teams.yaml'), 'tables: { agents: { file: agents.csv } }\n');
  redis = await startTestRedis();
  replica = await MetricsReplica.start(metricsSettings(redis.url, { LIVEMETER_CONFIG: dir }));
  sender = await Sender.start(redis.url);
  const now = await sender.now();
  for (const [agentId, seconds] of Object.entries({ a1: 10, a2: 20, a3: 60, a4: null })) {
    const conversation = { conversationId: `c-${agentId}` };
    await sender.send('ConversationRequestEvent', now - 110_000, conversation);
    await sender.send('ParticipantAgentAddEvent', now - 109_000, { ...conversation, agentId, isAssigned: true });
    await sender.send('MessageConsumerEvent', now - 100_000, conversation);
    const answer = { ...conversation, agentId, isAssigned: true };
    if (seconds !== null) await sender.send('MessageAgentEvent', now - 100_000 + seconds * 1000, answer);
    await sender.send('AgentSnapshotEvent', now - 5_000, { agentId, assignedWeight: 1, maxSlots: 4 });
  }
  await replica.until('/metrics', `agents_present{account_id="${ACCOUNT}"} 4\n`, 'livemeter_backlog_events 0\n');
}, 30_000);

afterAll(async () => {
  await sender.stop();
  await replica.app.close();
  await redis.stop();
  rmSync(dir, { recursive: true });
}, 20_000);

type Listed = Readonly<Record<string, { readonly id: string }[] | undefined>>;

async function ids(path: string): Promise<string[]> {
  const { agents = [], conversations = [] } = (await replica.json(AT + path)) as Listed;
  return [...agents, ...conversations].map(({ id }) => id);
}

async function samples(path: string): Promise<unknown> {
  const { metrics } = (await replica.json(AT + path)) as {
    metrics: { samples: { labels: object; value: number }[] }[];
  };
  return metrics.flatMap((metric) => metric.samples).map(({ labels, value }) => ({ ...labels, value }));
}

describe('teams', () => {
  it('are those of the agents that were heard of', async () => {
    expect(await replica.json(`${AT}/teams`)).toEqual({ teams: ['Sales', 'Service'] });
    expect(await replica.json('/v1/accounts/other/teams')).toEqual({ teams: [] });
  });

  it.each([
    { path: '/agents?team=Sales', want: ['a1', 'a2'] },
    { path: '/agents?team=Sales&metric=agents_present', want: ['a1', 'a2'] },
    { path: '/agents?team=Nobody', want: [] },
    { path: '/conversations?team=Service', want: ['c-a3'] },
    { path: '/conversations?metric=conversations_awaiting_response', want: ['c-a4'] },
    { path: '/conversations?metric=conversations_awaiting_response&team=Sales', want: [] },
  ])('narrow $path', async ({ path, want }) => {
    expect(await ids(path)).toEqual(want);
  });

  it('narrow the load', async () => {
    const { agentsPresent } = (await replica.json(`${AT}/load?team=Sales`)) as { agentsPresent: number };
    expect(agentsPresent).toBe(2);
  });

  it('narrow what metrics tell by agent, now and then', async () => {
    expect(await samples('/metrics?name=agent_response_time_seconds&team=Sales')).toEqual([
      { agent_id: 'a1', value: 10 },
      { agent_id: 'a2', value: 20 },
    ]);
    const path = '/metrics?name=agent_response_time_seconds&team=Service&range=10m';
    const { metrics } = (await replica.json(AT + path)) as {
      metrics: { course: { series: { values: number[] }[] } }[];
    };
    const series = metrics[0]?.course.series.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
    expect(series).toEqual([60]);
  });
});
