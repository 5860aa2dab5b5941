import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecureVersion } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSettings } from '@app/telemetry';
import { createIngestionApp, type IngestionApp } from '../../apps/ingestion/src/app.js';
import { Authority, type Identity } from '../support/certificates.js';
import { consumerMessage } from '../support/ingestion.js';
import { type Headers, waysToAuthenticate } from '../support/ways-to-authenticate.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';

const TRANSPORTS = ['plain', 'tls', 'mtls'] as const;

type Transport = (typeof TRANSPORTS)[number] | 'proxied';

const SECRETS = { OLD: 'the-former-secret', NEW: 'the-present-secret' };
const BODY = consumerMessage();
const WAYS = waysToAuthenticate(BODY);

let dir: string;
let redis: TestRedis;
let apps: Record<'plain' | 'tls' | 'proxied', { readonly app: IngestionApp; readonly port: number }>;
let authority: Authority;
let clients: Record<'right' | 'subject' | 'foreign' | 'expired' | 'server', Identity>;

function path(name: string): string {
  return join(dir, name);
}

const PROXIED = `sources:
  ranged: { type: liveperson, networks: ["192.0.2.0/24", "2001:db8::/32"] }
  passed: { type: liveperson, mtls: { mode: required, ca: ca.pem } }
`;

const TOKENS = `tokens:
  - { name: prom, token: token-for-prometheus, accounts: all, scopes: [metrics] }
  - { name: some, token: token-for-some-of-it, accounts: ["1"], scopes: [metrics] }
`;

/** Every way twice, so that a secret can be changed: with both, and once more with a client certificate. */
function sourcesYaml(): string {
  const plain = WAYS.map(
    ({ name, declared }) =>
      `  ${name}:\n    type: liveperson\n    credentials: [${declared('OLD')}, ${declared('NEW')}]\n`,
  );
  return `sources:\n${plain.join('')}`;
}

function tlsSourcesYaml(): string {
  const mtls = WAYS.map(
    ({ name, declared }) =>
      `  m-${name}:\n    type: liveperson\n    credentials: [${declared('OLD')}, ${declared('NEW')}]\n` +
      '    mtls: { mode: required, ca: ca.pem, subjects: ["CN=gateway", "DNS:gateway.example"] }\n',
  );
  return (
    sourcesYaml() +
    mtls.join('') +
    '  optional: { type: liveperson, credentials: [{ type: bearer, token: "${env:NEW}" }], mtls: { mode: optional, ca: ca.pem } }\n' +
    '  alone: { type: liveperson, mtls: { mode: required, ca: ca.pem } }\n' +
    '  other: { type: liveperson, mtls: { mode: required, ca: other.pem } }\n'
  );
}

async function launch(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<{ app: IngestionApp; port: number }> {
  const base = { REDIS_URL: redis.url, LIVEMETER_CONFIG: folder, INGESTION_PORT: '0', LOG_LEVEL: 'silent' };
  const read = readSettings({ ...base, ...env });
  if (!read.ok) throw new Error(read.errors.join('\n'));
  const app = await createIngestionApp(read.settings, SECRETS);
  const { port } = await app.listen();
  return { app, port };
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-credentials-'));
  redis = await startTestRedis();
  authority = await Authority.create('authority');
  const foreign = await Authority.create('authority');
  const yesterday = new Date(Date.now() - 3_600_000);
  clients = {
    right: await authority.issue({ name: 'sender', dns: ['gateway.example'] }),
    subject: await authority.issue({ name: 'somebody', dns: ['other.example'] }),
    foreign: await foreign.issue({ name: 'gateway', dns: ['gateway.example'] }),
    expired: await authority.issue({ name: 'gateway', until: yesterday }),
    server: await authority.issue({ name: 'gateway', use: 'server' }),
  };
  const server = await authority.issue({ name: 'localhost', dns: ['localhost'], use: 'server' });
  writeFileSync(path('cert.pem'), server.cert);
  writeFileSync(path('key.pem'), server.key);
  writeFileSync(path('ca.pem'), authority.cert);
  writeFileSync(path('other.pem'), foreign.cert);
  writeFileSync(path('sources.yaml'), sourcesYaml());
  const plain = await launch(dir, {});
  mkdirSync(path('proxied'));
  writeFileSync(path('proxied/sources.yaml'), PROXIED);
  writeFileSync(path('proxied/ca.pem'), authority.cert);
  const header = { INGESTION_CLIENT_CERT_HEADER: 'Client-Cert' };
  writeFileSync(path('tokens.yaml'), TOKENS);
  const tokens = { LIVEMETER_TOKENS: path('tokens.yaml') };
  const proxied = await launch(path('proxied'), { LIVEMETER_TRUSTED_PROXIES: '127.0.0.1, ::1', ...header, ...tokens });
  mkdirSync(path('tls'));
  for (const file of ['ca.pem', 'other.pem']) copyFileSync(path(file), path(`tls/${file}`));
  writeFileSync(path('tls/sources.yaml'), tlsSourcesYaml());
  const tls = await launch(path('tls'), { INGESTION_TLS_CERT: path('cert.pem'), INGESTION_TLS_KEY: path('key.pem') });
  apps = { plain, tls, proxied };
}, 60_000);

afterAll(async () => {
  await Promise.all([apps.plain.app.close(), apps.tls.app.close(), apps.proxied.app.close()]);
  await redis.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Posts the body, again and again while it cannot be stored, as a sender does; the status, or why there is none. */
async function post(...request: Parameters<typeof attempt>): Promise<number | string> {
  for (;;) {
    const status = await attempt(...request);
    if (status !== 503) return status;
  }
}

function attempt(
  transport: Transport,
  source: string,
  headers: Headers,
  more: RequestOptions = {},
): Promise<number | string> {
  const { port } = apps[transport === 'mtls' ? 'tls' : transport];
  const options = { port, host: '127.0.0.1', path: `/v1/events/${source}`, method: 'POST', headers, agent: false };
  const tls = { ca: authority.cert, servername: 'localhost', ...(transport === 'mtls' ? clients.right : {}), ...more };
  return new Promise((resolve) => {
    const sent =
      transport === 'plain' || transport === 'proxied'
        ? plainRequest(options, (reply) => resolve(reply.resume().statusCode ?? 0))
        : tlsRequest({ ...options, ...tls }, (reply) => resolve(reply.resume().statusCode ?? 0));
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end(BODY);
  });
}

/** A certificate as a proxy passes it on (RFC 9440). */
const passed = (identity: Identity): Headers => ({ 'client-cert': `:${identity.cert.replace(/-.*-|\s/g, '')}:` });

const MATRIX = TRANSPORTS.flatMap((transport) => WAYS.map((way) => ({ transport, name: way.name, way })));

describe('credentials', () => {
  it.each(MATRIX)('$name over $transport: right, rotated, wrong, missing', async ({ transport, way }) => {
    const source = transport === 'mtls' ? `m-${way.name}` : way.name;
    const statuses = [
      await post(transport, source, way.headers(SECRETS.NEW)),
      await post(transport, source, way.headers(SECRETS.OLD)),
      await post(transport, source, way.headers('another-secret')),
      await post(transport, source, {}),
    ];
    expect(statuses).toEqual([200, 200, 401, 401]);
  });

  it.each(WAYS)('$name of one source opens no other', async ({ name, headers }) => {
    for (const other of WAYS) {
      if (other.name.split('-')[0] === name.split('-')[0]) continue;
      expect([other.name, await post('plain', other.name, headers(SECRETS.NEW))]).toEqual([other.name, 401]);
    }
  });
});

describe('a client certificate', () => {
  const bearer = { authorization: `Bearer ${SECRETS.NEW}` };

  it.each<{ shown: keyof typeof clients | 'none'; required: number; optional: number; alone: number; other: number }>([
    { shown: 'right', required: 200, optional: 200, alone: 200, other: 401 },
    { shown: 'none', required: 401, optional: 200, alone: 401, other: 401 },
    { shown: 'subject', required: 401, optional: 200, alone: 200, other: 401 },
    { shown: 'foreign', required: 401, optional: 401, alone: 401, other: 200 },
    { shown: 'expired', required: 401, optional: 401, alone: 401, other: 401 },
    { shown: 'server', required: 401, optional: 401, alone: 401, other: 401 },
  ])('$shown', async ({ shown, ...want }) => {
    const identity = shown === 'none' ? {} : clients[shown];
    const got = {
      required: await post('tls', 'm-bearer', bearer, identity),
      optional: await post('tls', 'optional', bearer, identity),
      alone: await post('tls', 'alone', {}, identity),
      other: await post('tls', 'other', {}, identity),
    };
    expect(got).toEqual(want);
  });

  it('does not replace the credential beside it, nor does a header replace it', async () => {
    expect(await post('mtls', 'm-bearer', {})).toBe(401);
    const header = { ...bearer, ...passed(clients.right) };
    expect(await post('tls', 'm-bearer', header)).toBe(401);
  });
});

describe('behind a trusted proxy', () => {
  const from = (address: string): Headers => ({ 'x-forwarded-for': address });

  it.each<{ name: string; source: string; headers: () => Headers; want: number }>([
    { name: 'an address of the range', source: 'ranged', headers: () => from('192.0.2.77'), want: 200 },
    { name: 'an IPv6 address of the range', source: 'ranged', headers: () => from('2001:db8::7'), want: 200 },
    { name: 'another address', source: 'ranged', headers: () => from('198.51.100.1'), want: 401 },
    {
      name: 'a claim before the true address',
      source: 'ranged',
      headers: () => from('192.0.2.77, 9.9.9.9'),
      want: 401,
    },
    { name: 'no address but its own', source: 'ranged', headers: () => ({}), want: 401 },
    { name: 'a certificate, as in RFC 9440', source: 'passed', headers: () => passed(clients.right), want: 200 },
    {
      name: 'a certificate as escaped PEM',
      source: 'passed',
      headers: () => ({ 'client-cert': encodeURIComponent(clients.right.cert) }),
      want: 200,
    },
    { name: 'a certificate of another authority', source: 'passed', headers: () => passed(clients.foreign), want: 401 },
    { name: 'an expired certificate', source: 'passed', headers: () => passed(clients.expired), want: 401 },
    { name: 'no certificate', source: 'passed', headers: () => ({}), want: 401 },
    { name: 'nonsense', source: 'passed', headers: () => ({ 'client-cert': '%%%' }), want: 401 },
  ])('$name: $want', async ({ source, headers, want }) => {
    expect(await post('proxied', source, headers())).toBe(want);
  });
});

describe("ingestion's own figures", () => {
  it.each([
    { transport: 'plain', token: null, want: 200 },
    { transport: 'proxied', token: null, want: 401 },
    { transport: 'proxied', token: 'token-that-nobody-has', want: 401 },
    { transport: 'proxied', token: 'token-for-some-of-it', want: 403 },
    { transport: 'proxied', token: 'token-for-prometheus', want: 200 },
  ] as const)('$transport, with $token: $want', async ({ transport, token, want }) => {
    const headers: Headers = token === null ? {} : { authorization: `Bearer ${token}` };
    const reply = await fetch(`http://127.0.0.1:${apps[transport].port}/metrics`, { headers });
    expect([reply.status, (await reply.text()).includes('livemeter_ingestion_ready')]).toEqual([want, want === 200]);
  });
});

describe('TLS', () => {
  it.each<SecureVersion>(['TLSv1.3', 'TLSv1.2'])('%s is spoken', async (version) => {
    const headers = { authorization: `Bearer ${SECRETS.NEW}` };
    expect(await post('tls', 'bearer', headers, { minVersion: version, maxVersion: version })).toBe(200);
  });

  it('1.1 is not', async () => {
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await post('tls', 'bearer', {}, old)).toMatch(/^(EPROTO|ECONNRESET)$/);
  });

  it('takes a new certificate, secret or authority over without a restart, and nothing when one is wrong', async () => {
    const next = await Authority.create('next');
    const trust = { ca: next.cert };
    const headers = { authorization: `Bearer ${SECRETS.NEW}` };
    writeFileSync(path('key.pem'), (await next.issue({ name: 'localhost', dns: ['localhost'], use: 'server' })).key);
    apps.tls.app.reload();
    expect(await post('tls', 'bearer', headers)).toBe(200);
    const server = await next.issue({ name: 'localhost', dns: ['localhost'], use: 'server' });
    writeFileSync(path('cert.pem'), server.cert);
    writeFileSync(path('key.pem'), server.key);
    writeFileSync(path('tls/ca.pem'), next.cert);
    apps.tls.app.reload();
    expect(await post('tls', 'bearer', headers, trust)).toBe(200);
    expect(await post('mtls', 'alone', {}, trust)).toBe(401);
    const renewed = await next.issue({ name: 'gateway' });
    expect(await post('tls', 'm-bearer', headers, { ...trust, ...renewed })).toBe(200);
    writeFileSync(path('tls/sources.yaml'), 'sources: {}\n');
    apps.tls.app.reload();
    expect(await post('tls', 'bearer', headers, trust)).toBe(200);
  });
});
