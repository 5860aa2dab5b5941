import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT, MetricsReplica, metricsSettings, Sender } from '../../../../test/support/metrics.js';
import { startTestRedis, type TestRedis } from '../../../../test/support/redis.js';

const AT = `/v1/accounts/${ACCOUNT}`;
const WALL = 'https://wall.example.com';

let redis: TestRedis;
let sender: Sender;
let replica: MetricsReplica;
let now: number;

const iso = (before: number): string => new Date(now - before).toISOString();
const c = (conversationId: string) => ({ conversationId });
const ada = { agentId: 'a1', agentName: 'Ada' };
const bob = { agentId: 'a2', agentName: 'Bob' };

/**
 * c1: Ada's, unanswered, its deadline a minute past. c2: Bob's, answered after 20 s, due in two minutes. c3: in the queue.
 * c4: ended. Ada is overloaded, Bob is away.
 */
beforeAll(async () => {
  redis = await startTestRedis();
  replica = await MetricsReplica.start(metricsSettings(redis.url, { LIVEMETER_CORS_ORIGINS: WALL }));
  sender = await Sender.start(redis.url);
  now = await sender.now();
  const send = (before: number, type: Parameters<Sender['send']>[0], fields: Parameters<Sender['send']>[2]) =>
    sender.send(type, now - before, fields);
  await send(600_000, 'ConversationRequestEvent', c('c1'));
  await send(590_000, 'ParticipantAgentAddEvent', { ...c('c1'), ...ada, isAssigned: true });
  await send(580_000, 'AppActionEvent', { ...c('c1'), viewName: 'MESSAGING', actionName: 'FOCUS_CONV' });
  await send(120_000, 'MessageConsumerEvent', c('c1'));
  await send(119_000, 'TTRStatusEvent', { ...c('c1'), effectiveTtr: now - 60_000 });
  // Comes without delay: what was due before it is now known to be missed.
  await send(0, 'AppActionEvent', { ...c('c1'), viewName: 'MESSAGING', actionName: 'UNFOCUS_CONV' });
  await send(500_000, 'ConversationRequestEvent', c('c2'));
  await send(499_000, 'ParticipantAgentAddEvent', { ...c('c2'), ...bob, isAssigned: true });
  await send(450_000, 'MessageConsumerEvent', c('c2'));
  await send(430_000, 'MessageAgentEvent', { ...c('c2'), ...bob, isAssigned: true });
  await send(0, 'TTRStatusEvent', { ...c('c2'), effectiveTtr: now + 120_000 });
  await send(90_000, 'ConversationRequestEvent', c('c3'));
  await send(400_000, 'ConversationRequestEvent', c('c4'));
  await send(300_000, 'ConversationEndEvent', c('c4'));
  await send(200_000, 'AgentStateChangedEvent', { ...ada, state: 'ONLINE' });
  await send(200_000, 'AgentStateChangedEvent', { ...bob, state: 'AWAY', reason: 'Lunch' });
  await send(20_000, 'AgentSnapshotEvent', { ...ada, assignedWeight: 5, maxSlots: 4, assignedConversations: 5 });
  await send(10_000, 'AgentSnapshotEvent', { ...bob, assignedWeight: 1, maxSlots: 4, assignedConversations: 1 });
  await replica.until('/metrics', `ttr_breaches_total{account_id="${ACCOUNT}",agent_id="a1"} 1\n`);
  await replica.until('/metrics', `agents_present{account_id="${ACCOUNT}"} 2\n`, 'livemeter_backlog_events 0\n');
}, 30_000);

afterAll(async () => {
  await sender.stop();
  await replica.app.close();
  await redis.stop();
}, 20_000);

async function ids(path: string): Promise<string[]> {
  const reply = (await replica.json(AT + path)) as Record<'agents' | 'conversations', { id: string }[] | undefined>;
  return [...(reply.agents ?? []), ...(reply.conversations ?? [])].map(({ id }) => id);
}

async function detailOf(path: string): Promise<unknown> {
  const { status, text } = await replica.get(AT + path);
  return [status, (JSON.parse(text) as { detail?: string }).detail];
}

describe('conversations', () => {
  it.each([
    { query: '', want: ['c1', 'c2', 'c3', 'c4'] },
    { query: '?open=true', want: ['c1', 'c2', 'c3'] },
    { query: '?open=false', want: ['c4'] },
    { query: '?queued=true', want: ['c3'] },
    { query: '?open=true&queued=false', want: ['c1', 'c2'] },
    { query: '?overdue=true', want: ['c1'] },
    { query: '?agent=a2', want: ['c2'] },
    { query: '?agent=a2&overdue=true', want: [] },
    { query: '?sort=respondBy', want: ['c1', 'c2', 'c3', 'c4'] },
    { query: '?sort=-openedAt&open=true', want: ['c3', 'c2', 'c1'] },
    { query: '?metric=conversations_overdue', want: ['c1'] },
    { query: '?metric=conversations_overdue&agent_id=a1', want: ['c1'] },
    { query: '?metric=conversations_overdue&agent_id=a2', want: [] },
    { query: '?metric=conversations_due_soon', want: ['c2'] },
    { query: '?metric=conversations_awaiting_response&agent_id=a1', want: ['c1'] },
    { query: '?metric=longest_awaiting_response_seconds', want: ['c1'] },
    { query: '?metric=conversations_open&sort=-id&limit=2', want: ['c3', 'c2'] },
    { query: '?metric=conversations_open&agent=a2', want: ['c2'] },
    { query: '?metric=agents_overloaded', want: ['a1'] },
    { query: '?metric=agents&state=AWAY', want: ['a2'] },
    { query: '?metric=account_load_ratio&sort=-load', want: ['a1', 'a2'] },
  ])('$query are $want', async ({ query, want }) => {
    expect(await ids(`/conversations${query}`)).toEqual(want);
  });

  it('come page by page as they come at once', async () => {
    const paged: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`;
      const page = (await replica.json(`${AT}/conversations?sort=-openedAt&limit=1${cursor}`)) as {
        conversations: { id: string }[];
        next: string | null;
      };
      paged.push(...page.conversations.map(({ id }) => id));
      next = page.next;
    }
    expect(paged).toEqual(['c3', 'c4', 'c2', 'c1']);
  });

  it('tell what they are', async () => {
    expect(await replica.json(`${AT}/conversations?agent=a1`)).toEqual({
      conversations: [
        {
          id: 'c1',
          open: true,
          openedAt: iso(600_000),
          endedAt: null,
          assignedAgentId: 'a1',
          assignedAt: iso(590_000),
          queued: false,
          queuedSince: null,
          waitingSince: iso(120_000),
          firstConsumerMessageAt: iso(120_000),
          firstResponseAt: null,
          respondBy: iso(60_000),
          overdue: true,
          lastEventAt: iso(0),
        },
      ],
      next: null,
    });
  });

  it('each tell state, timers and the last five events', async () => {
    const one = (await replica.json(`${AT}/conversations/c1`)) as Record<string, unknown>;
    expect(one).toMatchObject({
      id: 'c1',
      overdue: true,
      state: {
        accountId: ACCOUNT,
        open: true,
        waitingSince: iso(120_000),
        lastAgentId: 'a1',
        breachedDeadline: iso(60_000),
      },
      events: [
        { type: 'ParticipantAgentAddEvent', time: iso(590_000) },
        { type: 'AppActionEvent', time: iso(580_000) },
        { type: 'MessageConsumerEvent', time: iso(120_000) },
        { type: 'TTRStatusEvent', time: iso(119_000) },
        { type: 'AppActionEvent', time: iso(0) },
      ],
    });
    expect(one['timers']).toContainEqual({ name: 'TtrBreached', kind: 'own', at: iso(60_000), fired: true });
    expect(one['timers']).toContainEqual(expect.objectContaining({ name: 'forget', kind: 'forget', fired: false }));
  });

  it('that nobody knows are a problem', async () => {
    expect(await detailOf('/conversations/c9')).toEqual([404, 'This account has no such conversation.']);
    expect(await replica.json('/v1/accounts/nobody/conversations')).toEqual({ conversations: [], next: null });
  });
});

describe('agents', () => {
  it.each([
    { query: '?metric=agents_overloaded', want: ['a1'] },
    { query: '?metric=agent_state_seconds_total&state=AWAY', want: ['a2'] },
    { query: '?metric=account_available_slots', want: ['a1'] },
    { query: '?metric=agents_present&min_load=1', want: ['a1'] },
  ])('$query are $want', async ({ query, want }) => {
    expect(await ids(`/agents${query}`)).toEqual(want);
  });
});

describe('metrics', () => {
  it('have values, and a course that ends with them', async () => {
    const reply = (await replica.json(
      `${AT}/metrics?name=conversations_queued,average_response_time_seconds,agent_response_time_seconds&range=1h`,
    )) as { metrics: Record<string, unknown>[] };
    const [queued, average, responses] = reply.metrics;
    expect(queued).toMatchObject({ type: 'gauge', samples: [{ labels: {}, value: 1 }], total: 1, course: null });
    expect(average).toMatchObject({
      samples: [
        { labels: { window: '15m' }, value: 20 },
        { labels: { window: '1h' }, value: 20 },
      ],
      course: { step: 60 },
    });
    const { series } = average?.['course'] as { series: { labels: object; values: (number | null)[] }[] };
    expect(series.map(({ labels, values }) => [labels, values.length, values.at(-1)])).toEqual([
      [{ window: '15m' }, 60, 20],
      [{ window: '1h' }, 60, 20],
      [{ window: '5m' }, 60, null],
    ]);
    expect(responses).toMatchObject({
      samples: [
        { labels: { agent_id: 'a1' }, value: 0, count: 0 },
        { labels: { agent_id: 'a2' }, value: 20, count: 1, buckets: expect.arrayContaining([{ le: 30, count: 1 }]) },
      ],
    });
  });

  it('are all there without a name, and of one label when asked so', async () => {
    const all = (await replica.json(`${AT}/metrics`)) as { metrics: { name: string }[] };
    expect(all.metrics.length).toBeGreaterThan(40);
    expect(all.metrics.some(({ name }) => name.startsWith('_'))).toBe(false);
    expect(await replica.json(`${AT}/metrics?name=agent_load_ratio&agent_id=a1`)).toMatchObject({
      metrics: [{ samples: [{ labels: { agent_id: 'a1' }, value: 1.25 }], total: 1 }],
    });
    expect(await replica.json(`${AT}/metrics?name=agent_load_ratio&limit=1`)).toMatchObject({
      metrics: [{ samples: [{ labels: { agent_id: 'a1' } }], total: 2 }],
    });
  });
});

describe('what cannot be understood', () => {
  it.each([
    { path: '/conversations?open=yes', says: 'open: true or false' },
    { path: '/conversations?colour=red', says: 'colour: only open, queued, overdue, agent, team, sort, limit, cursor' },
    { path: '/conversations?metric=conversations_open&colour=red', says: 'colour: only open' },
    { path: '/conversations?metric=nonsense', says: 'metric: a metric over conversations or agents: _' },
    { path: '/conversations?metric=messages_total', says: 'metric: a metric over conversations or agents' },
    { path: '/agents?metric=conversations_open', says: 'metric: a metric over agents' },
    { path: '/load?open=true', says: 'open: only team' },
    { path: '/metrics?name=agent_load_ratio,nonsense', says: 'name: of a' },
    { path: '/metrics?name=_account_slots', says: 'name: of a' },
    { path: '/metrics?name=agent_load_ratio&colour=red', says: 'colour: only name, range, limit, label agent_id' },
    { path: '/metrics?name=agent_load_ratio&range=25h', says: 'range: from 1m to 24h' },
    { path: '/metrics?range=1h', says: 'range: only together with name' },
    ...['/agents', '/load', '/conversations'].map((path) => ({
      path: `${path}?team=Sales`,
      says: 'team: only where the definitions have a table agents with a column team (docs/teams.md)',
    })),
  ])('$path is a problem', async ({ path, says }) => {
    expect(await detailOf(path)).toEqual([400, expect.stringContaining(`What is allowed: ${says}`)]);
  });
});

describe('HTTP', () => {
  it.each(['/agents', '/load', '/conversations?open=true', '/metrics?name=conversations_open'])(
    'answers 304 for %s to whom has the present state',
    async (path) => {
      const { headers } = await replica.get(AT + path);
      const etag = headers.get('etag') ?? '';
      expect(etag).toMatch(/^W\/".{27}"$/);
      const again = await replica.get(AT + path, { 'if-none-match': `"other", ${etag}` });
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
      expect((await replica.get(AT + path, { 'if-none-match': 'W/"other"' })).status).toBe(200);
    },
  );

  it('answers HEAD without a body', async () => {
    const reply = await replica.fetch(`${AT}/load`, { method: 'HEAD' });
    expect([reply.status, await reply.text(), reply.headers.get('etag')]).toEqual([200, '', expect.any(String)]);
  });

  it('lets pages of the origins read that were named, and no other', async () => {
    const of = async (origin: string) => (await replica.get(`${AT}/load`, { origin })).headers;
    expect((await of(WALL)).get('access-control-allow-origin')).toBe(WALL);
    expect((await of('https://other.example.com')).get('access-control-allow-origin')).toBeNull();
    const asks = {
      origin: WALL,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    };
    const before = await replica.fetch(`${AT}/load`, { method: 'OPTIONS', headers: asks });
    expect([before.status, before.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'authorization, if-none-match, last-event-id',
    ]);
  });

  it('tells problems of routes and methods that there are not', async () => {
    const post = await replica.fetch(`${AT}/load`, { method: 'POST' });
    expect([post.status, post.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
    const unknown = await replica.get('/v1/nonsense');
    expect(JSON.parse(unknown.text)).toMatchObject({ status: 404, detail: 'There is nothing at GET /v1/nonsense.' });
  });

  it('describes itself to programs and to people', async () => {
    const { type, text } = await replica.get('/openapi.json');
    expect([type, (JSON.parse(text) as { openapi: string }).openapi]).toEqual([
      'application/json; charset=utf-8',
      '3.1.0',
    ]);
    const docs = await replica.get('/docs');
    expect([docs.status, docs.type]).toEqual([200, 'text/html; charset=utf-8']);
    expect(docs.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('lists the accounts', async () => {
    expect(await replica.json('/v1/accounts')).toEqual({ accounts: [ACCOUNT] });
  });
});
