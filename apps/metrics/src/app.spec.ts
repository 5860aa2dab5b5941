import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT, MetricsReplica, metricsSettings, PARTITIONS, Sender } from '../../../test/support/metrics.js';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';

const ADA = `account_id="${ACCOUNT}",agent_id="a1"`;
const OF_C1 = { conversationId: 'c1' };
const BY_ADA = { agentId: 'a1', agentName: 'Ada' };

let redis: TestRedis;
let sender: Sender;
let replica: MetricsReplica;

beforeAll(async () => {
  redis = await startTestRedis();
  replica = await MetricsReplica.start(metricsSettings(redis.url));
  sender = await Sender.start(redis.url);
}, 20_000);

afterAll(async () => {
  await sender.stop();
  await replica.app.close();
  await redis.stop();
}, 20_000);

/** The metrics of the catalog, without what is told of the system itself. */
function catalogPart(text: string): string {
  return text.split('# HELP livemeter_')[0] ?? '';
}

/** The config that ships, with one more metric. */
function changedConfig(): string {
  const dir = mkdtempSync(join(tmpdir(), 'livemeter-config-'));
  cpSync(join(import.meta.dirname, '../../../config'), dir, { recursive: true });
  const metric = { name: 'new_agents', help: 'All agents.', type: 'gauge', over: 'agent' };
  writeFileSync(join(dir, 'metrics', 'new.yaml'), JSON.stringify({ metrics: [metric] }));
  return dir;
}

function linesOf(text: string, metric: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(`${metric}{`));
}

/** The consumer writes; `waitMs` later Ada answers. */
async function answered(waitMs: number): Promise<void> {
  const now = await sender.now();
  await sender.send('MessageConsumerEvent', now - waitMs, OF_C1);
  await sender.send('MessageAgentEvent', now, { ...OF_C1, ...BY_ADA, isAssigned: true });
}

describe('the metrics app on a real Redis', () => {
  it('shows help and type of every metric before the first event', async () => {
    const { status, type, text } = await replica.get('/metrics');
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text).toContain('# TYPE consumer_wait_seconds histogram\n');
    expect(text).toContain('\nlivemeter_durable 1\n');
    expect(text).not.toContain('_account_weight');
  });

  it('counts what the queues bring', async () => {
    const now = await sender.now();
    const load = { assignedWeight: 1, maxSlots: 3, assignedConversations: 2 };
    await sender.send('AgentStateChangedEvent', now - 60_000, { ...BY_ADA, state: 'ONLINE' });
    await sender.send('AgentSnapshotEvent', now - 30_000, { ...BY_ADA, ...load });
    await sender.send('ConversationRequestEvent', now - 20_000, OF_C1);
    await sender.send('ParticipantAgentAddEvent', now - 19_000, { ...OF_C1, ...BY_ADA, isAssigned: true });
    await answered(8_124);
    const text = await replica.until(
      '/metrics',
      `consumer_wait_seconds_sum{${ADA}} 8.124\n`,
      `agent_load_ratio{${ADA}} 0.333333\n`,
      `account_load_ratio{account_id="${ACCOUNT}"} 0.3333333333333333\n`,
      `agents_overloaded{account_id="${ACCOUNT}"} 0\n`,
      'livemeter_events_total{entity="agent",outcome="applied"} 4\n',
    );
    expect(text).toContain(`consumer_wait_seconds_bucket{${ADA},le="15"} 1\n`);
    await replica.until('/metrics', 'livemeter_backlog_events 0\n');
  });

  it('speaks OpenMetrics to whom asks for it', async () => {
    const { type, text } = await replica.get('/metrics', { accept: 'application/openmetrics-text;version=1.0.0' });
    expect(type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(text).toContain(`consumer_wait_seconds_created{${ADA}} `);
    expect(text).toContain('le="15.0"} 1\n');
    expect(text.endsWith('# EOF\n')).toBe(true);
  });

  it('tells of agents and of the load of the account', async () => {
    expect(await replica.json(`/v1/accounts/${ACCOUNT}/agents?sort=-load&state=ONLINE`)).toMatchObject({
      agents: [{ id: 'a1', name: 'Ada', state: 'ONLINE', present: true }],
      next: null,
    });
    const one = (await replica.json(`/v1/accounts/${ACCOUNT}/agents/a1`)) as Record<string, unknown>;
    expect(one).toMatchObject({ load: 1 / 3, assignedWeight: 1, maxSlots: 3, assignedConversations: 2, reason: null });
    expect(one['snapshotAge']).toBeGreaterThanOrEqual(30);
    expect(await replica.json(`/v1/accounts/${ACCOUNT}/load`)).toEqual({
      agentsPresent: 1,
      assignedWeight: 1,
      maxSlots: 3,
      load: 1 / 3,
      availableSlots: 2,
      overloaded: 0,
      byState: { ONLINE: 1 },
    });
    expect(await replica.json('/v1/accounts/nobody/agents')).toEqual({ agents: [], next: null });
  });

  it.each([
    { path: `/v1/accounts/${ACCOUNT}/agents/b2`, status: 404, says: { detail: 'This account has no such agent.' } },
    { path: '/nowhere', status: 404, says: { detail: 'There is nothing at GET /nowhere.' } },
    {
      path: '/v1/accounts/1/agents?limit=0',
      status: 400,
      says: { errors: [{ parameter: 'limit', allowed: 'a whole number from 1 to 1000' }] },
    },
    { path: '/v1/accounts/%ZZ/agents', status: 400, says: {} },
  ])('answers $path with a problem', async ({ path, status, says }) => {
    const reply = await replica.get(path);
    expect([reply.status, reply.type]).toEqual([status, 'application/problem+json; charset=utf-8']);
    expect(JSON.parse(reply.text)).toMatchObject({ type: 'about:blank', status, ...says });
  });

  it('lives, is ready, and tells its own figures', async () => {
    expect(await replica.json('/healthz')).toEqual({ status: 'alive' });
    expect(await replica.json('/readyz')).toEqual({ status: 'ready', missing: {}, reduced: {} });
    const { text } = await replica.get('/metrics/process');
    expect(text).toContain('livemeter_http_request_duration_seconds_count{method="GET",route="/metrics",status="200"}');
    expect(text).toContain('process_cpu_user_seconds_total');
    expect(text).toMatch(/livemeter_commit_duration_seconds_count [1-9]/);
    expect(text).toContain(`livemeter_partitions_owned ${PARTITIONS}\n`);
  });

  it('answers alike at every replica, and goes on where another one ended', async () => {
    const second = await MetricsReplica.start(metricsSettings(redis.url));
    // Two scrapes are at two instants, and an age is another one at each.
    const told = async (by: MetricsReplica) =>
      catalogPart((await by.get('/metrics')).text).replace(/^\w+_age_seconds\{.*\n/gm, '');
    const before = await told(replica);
    expect(await told(second)).toBe(before);
    await replica.app.close();
    replica = second;
    await answered(500);
    await replica.until('/metrics', `consumer_wait_seconds_sum{${ADA}} 8.624\n`);
  }, 20_000);

  it('is not ready while Redis is away, and goes on when it is back', async () => {
    await redis.kill();
    await replica.until('/readyz', 'Redis cannot be reached');
    const { status, type } = await replica.get('/metrics');
    expect([status, type]).toEqual([503, 'application/problem+json; charset=utf-8']);
    expect((await replica.get(`/v1/accounts/${ACCOUNT}/load`)).status).toBe(503);
    await redis.restart();
    await replica.until('/readyz', '{"status":"ready","missing":{},"reduced":{}}');
    await sender.reconnected();
    await answered(100);
    await replica.until('/metrics', `consumer_wait_seconds_sum{${ADA}} 8.724\n`);
  }, 30_000);

  it('works on under the catalog that a replica with other files brings', async () => {
    const config = changedConfig();
    const before = (await replica.get('/metrics')).text;
    const next = await MetricsReplica.start(metricsSettings(redis.url, { LIVEMETER_CONFIG: config }));
    for (const each of [replica, next]) {
      const text = await each.until('/metrics', `new_agents{account_id="${ACCOUNT}"} 1\n`);
      expect(linesOf(text, 'agent_load_ratio')).toEqual(linesOf(before, 'agent_load_ratio'));
      expect(await each.json('/readyz')).toMatchObject({ status: 'ready' });
      expect(await each.json('/v1/catalog')).toMatchObject({ version: 2, refused: null });
    }
    await next.app.close();
    await answered(276);
    await replica.until('/metrics', `consumer_wait_seconds_sum{${ADA}} 9\n`, 'new_agents');
    rmSync(config, { recursive: true });
  }, 30_000);
});
