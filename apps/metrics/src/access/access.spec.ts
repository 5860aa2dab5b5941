import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashedToken } from '@app/access';
import { ACCOUNT, MetricsReplica, metricsSettings, Sender } from '../../../../test/support/metrics.js';
import { startTestRedis, type TestRedis } from '../../../../test/support/redis.js';

const ALL = 'token-for-everything';
const PROM = 'token-for-prometheus';
const OURS = 'token-for-one-account';
const THEIRS = 'token-for-another-one';
const ASIDE = 'token-for-what-is-aside';
const ASIDE_OURS = 'token-for-what-is-aside-here';
const LATER = 'token-that-comes-later';

const TOKENS = `tokens:
  - { name: all, token: ${ALL}, accounts: all, scopes: [read, metrics] }
  - { name: prom, token: "${hashedToken(PROM)}", accounts: all, scopes: [metrics] }
  - { name: ours, token: "${hashedToken(OURS)}", accounts: ["${ACCOUNT}"], scopes: [read, metrics] }
  - { name: aside, token: ${ASIDE}, accounts: all, scopes: [quarantine] }
  - { name: aside-ours, token: ${ASIDE_OURS}, accounts: ["${ACCOUNT}"], scopes: [quarantine] }
  - { name: theirs, token: ${THEIRS}, accounts: ["1"], scopes: [read, metrics] }
`;

let dir: string;
let redis: TestRedis;
let replica: MetricsReplica;
let sender: Sender;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-tokens-'));
  writeFileSync(join(dir, 'tokens.yaml'), TOKENS);
  redis = await startTestRedis();
  replica = await MetricsReplica.start(settings());
  sender = await Sender.start(redis.url);
  await sender.send('ConversationRequestEvent', await sender.now(), { conversationId: 'c1' });
}, 20_000);

afterAll(async () => {
  await sender.stop();
  await replica.app.close();
  await redis.stop();
  rmSync(dir, { recursive: true, force: true });
}, 20_000);

function settings(more: Readonly<Record<string, string>> = {}) {
  // On an address that others can reach, as it is allowed to be with tokens.
  return metricsSettings(redis.url, { METRICS_HOST: '0.0.0.0', LIVEMETER_TOKENS: join(dir, 'tokens.yaml'), ...more });
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

async function statusOf(path: string, token: string | null): Promise<number> {
  return (await replica.get(path, token === null ? {} : bearer(token))).status;
}

const AGENTS = `/v1/accounts/${ACCOUNT}/agents`;

describe('a metrics app with tokens', () => {
  it.each<{ path: string; token: string | null; want: number }>([
    { path: '/healthz', token: null, want: 200 },
    { path: '/v1/quarantine', token: ALL, want: 403 },
    { path: '/v1/quarantine', token: ASIDE, want: 200 },
    { path: '/v1/quarantine/types', token: ASIDE_OURS, want: 403 },
    { path: `/v1/accounts/${ACCOUNT}/quarantine`, token: OURS, want: 403 },
    { path: `/v1/accounts/${ACCOUNT}/quarantine`, token: ASIDE_OURS, want: 200 },
    { path: '/v1/accounts/1/quarantine', token: ASIDE_OURS, want: 403 },
    { path: '/readyz', token: null, want: 200 },
    { path: '/metrics', token: null, want: 401 },
    { path: '/metrics', token: 'token-that-nobody-has', want: 401 },
    { path: '/metrics', token: PROM, want: 200 },
    { path: '/metrics', token: ALL, want: 200 },
    { path: '/metrics/process', token: null, want: 401 },
    { path: '/metrics/process', token: PROM, want: 200 },
    { path: '/metrics/process', token: OURS, want: 403 },
    { path: AGENTS, token: null, want: 401 },
    { path: AGENTS, token: PROM, want: 403 },
    { path: AGENTS, token: OURS, want: 200 },
    { path: AGENTS, token: THEIRS, want: 403 },
    { path: AGENTS, token: ALL, want: 200 },
    { path: `//v1/accounts/${ACCOUNT}/agents`, token: null, want: 401 },
    { path: AGENTS.replace('v1', '%761'), token: null, want: 401 },
    { path: AGENTS.replace(ACCOUNT, '%384731'), token: THEIRS, want: 403 },
    { path: `/v1/accounts/1/agents/../../${ACCOUNT}/agents`, token: THEIRS, want: 403 },
    { path: `/v1/accounts/1%2F..%2F${ACCOUNT}/agents`, token: OURS, want: 403 },
    { path: '/nowhere', token: null, want: 401 },
    { path: '/nowhere', token: ALL, want: 404 },
  ])('answers $path with $token: $want', async ({ path, token, want }) => {
    expect(await statusOf(path, token)).toBe(want);
  });

  it.each([
    ['Basic', `Basic ${ALL}`],
    ['no scheme', ALL],
    ['nothing', ''],
    ['two', `Bearer ${ALL} ${PROM}`],
  ])('takes no other form of authorization: %s', async (_name, authorization) => {
    expect((await replica.get('/metrics', { authorization })).status).toBe(401);
  });

  it('says why in problem details, with the id under which the log has it', async () => {
    const { text, type } = await replica.get(AGENTS, bearer(THEIRS));
    expect(type).toBe('application/problem+json; charset=utf-8');
    expect(JSON.parse(text)).toEqual({
      type: 'about:blank',
      title: 'Forbidden',
      status: 403,
      detail: 'Its token is not for this account.',
    });
  });

  it('shows each token the metrics of its accounts only', async () => {
    const sample = `conversations_open{account_id="${ACCOUNT}"} 1\n`;
    const ours = await replica.until({ path: '/metrics', headers: bearer(OURS) }, sample);
    expect(ours).not.toContain('livemeter_');
    const theirs = (await replica.get('/metrics', bearer(THEIRS))).text;
    expect(theirs.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
    const all = (await replica.get('/metrics', bearer(ALL))).text;
    expect(all).toContain(sample);
    expect(all).toContain('livemeter_durable 1\n');
  });
});

describe('a browser', () => {
  /** What a form sends, and what a browser says of where it is. */
  function signIn(token: string, next: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${replica.address}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ token, next }),
      headers,
      redirect: 'manual',
    });
  }

  it('is led to the sign-in page, and back with a session that no script can read', async () => {
    const asked = await fetch(`${replica.address}/metrics?x=1`, {
      headers: { accept: 'text/html' },
      redirect: 'manual',
    });
    expect([asked.status, asked.headers.get('location')]).toEqual([303, '/sign-in?next=%2Fmetrics%3Fx%3D1']);
    const page = await fetch(`${replica.address}${asked.headers.get('location')}`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('name="next" value="/metrics?x=1"');
    const signed = await signIn(OURS, '/metrics?x=1');
    expect([signed.status, signed.headers.get('location')]).toEqual([303, '/metrics?x=1']);
    const cookie = signed.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^livemeter_session=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    expect(cookie).not.toContain(OURS);
    const session = { cookie: cookie.split(';')[0] ?? '' };
    expect((await replica.get(AGENTS, session)).status).toBe(200);
    expect((await replica.get('/v1/accounts/1/agents', session)).status).toBe(403);
    expect((await replica.get(AGENTS, { cookie: `${session.cookie}x` })).status).toBe(401);
    const out = await fetch(`${replica.address}/sign-out`, { method: 'POST', redirect: 'manual' });
    expect(out.headers.get('set-cookie')).toContain('livemeter_session=; ');
  });

  it.each([
    { name: 'an unknown token', token: 'token-that-nobody-has', headers: {}, want: 401 },
    { name: 'a token that is not for reading', token: PROM, headers: {}, want: 401 },
    { name: 'a form on another site', token: OURS, headers: { 'sec-fetch-site': 'cross-site' }, want: 403 },
  ])('is not signed in by $name', async ({ token, headers, want }) => {
    const reply = await signIn(token, '/', headers);
    expect([reply.status, reply.headers.get('set-cookie')]).toEqual([want, null]);
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:1', '/a\r\nset-cookie: x', ''])(
    'is never led elsewhere: "%s"',
    async (next) => {
      expect((await signIn(OURS, next)).headers.get('location')).toBe('/');
    },
  );
});

describe('the file of tokens', () => {
  it('is read anew when it changes, and a wrong one changes nothing', async () => {
    expect(await statusOf('/metrics', LATER)).toBe(401);
    writeFileSync(join(dir, 'tokens.yaml'), TOKENS.replace(hashedToken(PROM), hashedToken(LATER)));
    await replica.app.reload();
    expect([await statusOf('/metrics', LATER), await statusOf('/metrics', PROM)]).toEqual([200, 401]);
    writeFileSync(join(dir, 'tokens.yaml'), 'tokens: [{ name: x }]\n');
    await replica.app.reload();
    expect(await statusOf('/metrics', LATER)).toBe(200);
    const { text } = await replica.get('/metrics/process', bearer(ALL));
    // The watch on the file may have seen the same, by itself.
    expect(text).toMatch(/^livemeter_reload_failures_total\{what="tokens"\} [12]$/m);
  });

  it('that is wrong at start is told of, without its tokens', async () => {
    writeFileSync(join(dir, 'wrong.yaml'), 'tokens:\n  - { name: a, token: hunter2, accounts: all, scopes: [read] }\n');
    const start = MetricsReplica.start(settings({ LIVEMETER_TOKENS: join(dir, 'wrong.yaml') }));
    await expect(start).rejects.toThrow(`${join(dir, 'wrong.yaml')}:2:23: invalid-value: "tokens.0.token": "sha256:"`);
    await expect(start).rejects.not.toThrow('hunter2');
  });
});

describe('who guesses', () => {
  it('is answered 429 after some attempts, while who has a token is served', async () => {
    writeFileSync(join(dir, 'strict.yaml'), TOKENS);
    const strict = await MetricsReplica.start(
      settings({ LIVEMETER_TOKENS: join(dir, 'strict.yaml'), LIVEMETER_MAX_FAILED_AUTH: '2' }),
    );
    const guess = async () => (await strict.get('/metrics', bearer('token-that-nobody-has'))).status;
    expect([await guess(), await guess(), await guess()]).toEqual([401, 401, 429]);
    expect((await strict.get('/metrics', bearer(ALL))).status).toBe(200);
    await strict.app.close();
  });
});
