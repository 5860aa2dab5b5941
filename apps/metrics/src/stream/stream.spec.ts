import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStream, type SentEvent } from '../../../../test/support/event-stream.js';
import { ACCOUNT, MetricsReplica, metricsSettings, Sender } from '../../../../test/support/metrics.js';
import { startTestRedis, type TestRedis } from '../../../../test/support/redis.js';

const OURS = 'token-for-one-account';
const THEIRS = 'token-for-another-one';
const AGENTS = 'agents?sort=-load&limit=50';
const OPEN = 'conversations?open=true';
const COURSE = 'metrics?name=agent_response_time_seconds&range=1h';

let dir: string;
let redis: TestRedis;
let sender: Sender;
let replica: MetricsReplica;
let other: MetricsReplica;

type Listed = Record<'agents' | 'conversations', { id: string }[] | undefined>;

/** Who or what is listed in an event. */
function idsOf(event: SentEvent | null): string[] {
  const { agents, conversations } = event?.data as Listed;
  return [...(agents ?? []), ...(conversations ?? [])].map(({ id }) => id);
}

const auth = (token: string) => ({ authorization: `Bearer ${token}` });

function tokens(...lines: readonly string[]): void {
  writeFileSync(join(dir, 'tokens.yaml'), `tokens:\n${lines.map((line) => `  - ${line}\n`).join('')}`);
}

const ours = `{ name: ours, token: ${OURS}, accounts: ["${ACCOUNT}"], scopes: [read] }`;
const theirs = `{ name: theirs, token: ${THEIRS}, accounts: ["1"], scopes: [read] }`;

function pathOf(watches: readonly string[], account = ACCOUNT): string {
  return `/v1/stream?${new URLSearchParams([['account', account], ...watches.map((watch) => ['watch', watch])])}`;
}

function follow(watches: readonly string[], headers: Readonly<Record<string, string>> = {}, from = replica) {
  return EventStream.open(from.address + pathOf(watches), { ...auth(OURS), ...headers });
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-stream-'));
  tokens(ours, theirs);
  redis = await startTestRedis();
  const env = { LIVEMETER_TOKENS: join(dir, 'tokens.yaml'), LIVEMETER_MAX_STREAMS: '3' };
  replica = await MetricsReplica.start(metricsSettings(redis.url, env));
  other = await MetricsReplica.start(metricsSettings(redis.url, env));
  sender = await Sender.start(redis.url);
  await sender.send('ConversationRequestEvent', await sender.now(), { conversationId: 'c1' });
  await replica.until({ path: `/v1/accounts/${ACCOUNT}/conversations`, headers: auth(OURS) }, '"c1"');
}, 30_000);

afterAll(async () => {
  await sender.stop();
  await Promise.all([replica.app.close(), other.app.close()]);
  await redis.stop();
  rmSync(dir, { recursive: true, force: true });
}, 20_000);

describe('a stream', () => {
  it('begins with all that is watched, each as REST replies it, and tells what has changed', async () => {
    const stream = await follow(['load', OPEN, COURSE]);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    const first = [await stream.next(), await stream.next(), await stream.next()];
    expect(first.map((event) => event?.name)).toEqual(['load', OPEN, COURSE]);
    const reply = await replica.get(`/v1/accounts/${ACCOUNT}/${OPEN}`, auth(OURS));
    expect(first[1]?.data).toEqual(JSON.parse(reply.text));
    expect(first[2]?.data).toMatchObject({ metrics: [{ course: { step: 60 } }] });

    await sender.send('ConversationRequestEvent', await sender.now(), { conversationId: 'c2' });
    const changed = await stream.until(({ name }) => name === OPEN);
    expect(idsOf(changed)).toEqual(['c1', 'c2']);
    await stream.close();
  });

  it('goes on at another replica from the last event that the client has', async () => {
    const stream = await follow([AGENTS, OPEN]);
    await stream.next();
    const lastId = (await stream.next())?.id ?? '';
    await stream.close();
    const now = await sender.now();
    const ada = { agentId: 'a1', agentName: 'Ada', assignedWeight: 3, maxSlots: 4, assignedConversations: 3 };
    await sender.send('AgentSnapshotEvent', now, ada);
    await replica.until({ path: `/v1/accounts/${ACCOUNT}/agents`, headers: auth(OURS) }, '"load":0.75');
    const again = await follow([AGENTS, OPEN], { 'last-event-id': lastId }, other);
    const next = await again.next();
    // The conversations are as they were: what comes is what has changed.
    expect([next?.name, idsOf(next)]).toEqual([AGENTS, ['a1']]);
    expect(next?.id?.split('.')[1]).toBe(lastId.split('.')[1]);
    await again.close();
  });

  it.each([
    { path: '/v1/stream', says: 'account' },
    { path: `/v1/stream?account=${ACCOUNT}`, says: 'watch' },
    { path: pathOf(['queue']), says: 'load, agents, conversations, metrics' },
    { path: pathOf(['load', 'load']), says: 'different' },
    { path: pathOf(['metrics']), says: 'only with name' },
    { path: pathOf(['load\nx']), says: 'watch' },
    { path: pathOf(['agents?sort=age']), says: 'agents?sort=age: What is allowed: sort' },
    { path: pathOf(['metrics?name=nothing']), says: 'metrics?name=nothing: What is allowed: name' },
    { path: pathOf(Array.from({ length: 17 }, (_, i) => `agents?limit=${i + 1}`)), says: '1 to 16' },
  ])('is refused where it cannot be: $path', async ({ path, says }) => {
    const { status, text } = await replica.get(path, auth(OURS));
    expect([status, (JSON.parse(text) as { detail: string }).detail]).toEqual([400, expect.stringContaining(says)]);
  });

  it('leaves no connection behind', async () => {
    const stream = await follow(['load']);
    expect(stream.response.headers.get('connection')).toBe('close');
    await stream.close();
  });

  it('is for those who may see the account', async () => {
    expect((await replica.get(pathOf(['load']))).status).toBe(401);
    expect((await replica.get(pathOf(['load']), auth(THEIRS))).status).toBe(403);
    expect((await replica.get(pathOf(['load'], '1'), auth(OURS))).status).toBe(403);
  });

  it('ends when its token is taken away', async () => {
    const stream = await follow(['load']);
    await stream.next();
    tokens(theirs);
    await replica.app.reload();
    while ((await stream.next()) !== null);
    tokens(ours, theirs);
    await Promise.all([replica.app.reload(), other.app.reload()]);
  });

  it('is one of a limited number', async () => {
    const streams = await Promise.all([follow(['load']), follow(['load']), follow(['load'])]);
    const { status, headers, text } = await replica.get(pathOf(['load']), auth(OURS));
    expect([status, headers.get('retry-after'), text.includes('LIVEMETER_MAX_STREAMS')]).toEqual([503, '1', true]);
    await Promise.all(streams.map((stream) => stream.close()));
    // A place is free again as soon as the connection is closed.
    let again = await follow(['load']);
    while (again.response.status !== 200) again = await follow(['load']);
    await again.close();
  });

  it('says while Redis is away that it cannot tell, and tells all again afterwards', async () => {
    const stream = await follow([OPEN]);
    await stream.next();
    await redis.kill();
    const { data } = await stream.until(({ name }) => name === 'problem');
    expect(data).toMatchObject({ watch: OPEN, problem: { status: 503 } });
    await redis.restart();
    expect(idsOf(await stream.until(({ name }) => name === OPEN))).toEqual(['c1', 'c2']);
    await stream.close();
  });

  it('ends with the replica, which opens no more', async () => {
    const stream = await follow(['load'], {}, other);
    await stream.next();
    other.app.leave();
    while ((await stream.next()) !== null);
    expect((await other.get(pathOf(['load']), auth(OURS))).status).toBe(503);
  });
});
