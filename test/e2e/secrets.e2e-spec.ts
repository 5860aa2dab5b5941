import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cliIn, System, until } from './system.js';

/** Each is to be found nowhere but where it was put. */
const SECRETS = {
  signature: 'the-key-of-a-signature-0001',
  rotated: 'the-key-after-rotation-0002',
  apiKey: 'the-api-key-0003',
  bearer: 'the-bearer-token-0004',
  token: 'the-token-of-a-reader-0005',
  redis: 'the-password-of-redis-0006',
  clear: 'a-secret-written-in-clear-0007',
  wrong: 'what-somebody-tried-0008',
};

/** What an event says of people; it is to be found in no line of a log at `info`. */
const PERSONAL = { name: 'Somebody By Name', body: 'the-body-of-an-event-0009' };

const SOURCES = `sources:
  liveperson:
    type: liveperson
    credentials:
      - { type: lp-signature, key: "\${file:key}", algorithm: sha256 }
      - { type: api-key, header: x-api-key, key: "\${env:E2E_API_KEY}" }
      - { type: bearer, token: "\${env:E2E_BEARER}" }
`;

const EVENT = {
  commonHeader: { accountId: '1', uid: 'u', schemaVersion: '1-0-0', eventType: 'AgentSnapshotEvent' },
  data: { agentId: 'a', agentName: PERSONAL.name, totalAssignedConvWeight: 1, maxSlots: 2 },
};

let system: System;
let headings = '';

beforeAll(async () => {
  system = await System.start({
    redis: ['--user', 'livemeter', 'on', `>${SECRETS.redis}`, '~*', '&*', '+@all'],
    prepare: (config) => {
      writeFileSync(join(config, 'key'), SECRETS.signature);
      writeFileSync(join(config, 'sources.yaml'), SOURCES);
    },
    env: (dir, port) => {
      const tokens = join(dir, 'tokens.yaml');
      const reader = `{ name: reader, token: ${SECRETS.token}, accounts: all, scopes: [read, metrics] }`;
      writeFileSync(tokens, `tokens:\n  - ${reader}\n`, { mode: 0o600 });
      return {
        REDIS_URL: `redis://livemeter:${SECRETS.redis}@127.0.0.1:${port}`,
        LIVEMETER_TOKENS: tokens,
        E2E_API_KEY: SECRETS.apiKey,
        E2E_BEARER: SECRETS.bearer,
      };
    },
  });
});

afterAll(() => system.stop());

/** What `/v1/events/liveperson` answers to these headers. */
async function statusWith(headers: Readonly<Record<string, string>>, body = eventNow()): Promise<number> {
  const address = `http://127.0.0.1:${system.ports.ingestion}/v1/events/liveperson`;
  return (await fetch(address, { method: 'POST', headers, body })).status;
}

function eventNow(): string {
  const commonHeader = { ...EVENT.commonHeader, eventTimestamp: Date.now() };
  return JSON.stringify({ ...EVENT, commonHeader });
}

function signed(key: string, body: string): Record<string, string> {
  return { 'x-liveperson-signature': createHmac('sha256', key).update(body).digest('base64') };
}

async function statusSigned(key: string): Promise<number> {
  const body = eventNow();
  return statusWith(signed(key, body), body);
}

/** Every reply of the metrics app here, headers and all. */
async function ask(path: string, token?: string): Promise<void> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const reply = await fetch(`http://127.0.0.1:${system.ports.metrics}${path}`, { headers });
  headings += JSON.stringify([...reply.headers]) + (await reply.text());
}

const saidBy = (app: 'ingestion' | 'metrics', what: RegExp) =>
  until(`${app} says ${what}`, () => Promise.resolve(what.test(system.output(app))));

describe('secrets', () => {
  it('are used, tried, rotated and got wrong', async () => {
    expect(await statusWith({ 'x-api-key': SECRETS.apiKey })).toBe(200);
    expect(await statusWith({ authorization: `Bearer ${SECRETS.bearer}` })).toBe(200);
    expect(await statusSigned(SECRETS.signature)).toBe(200);
    expect(await statusWith({ 'x-api-key': SECRETS.wrong, authorization: `Bearer ${SECRETS.wrong}` })).toBe(401);
    expect(await statusWith({ 'x-api-key': SECRETS.apiKey }, `{"broken": "${PERSONAL.body}`)).toBe(200);
    for (const token of [undefined, SECRETS.wrong, SECRETS.token]) {
      for (const path of ['/v1/catalog', '/metrics', '/v1/accounts/1/agents', '/nowhere']) await ask(path, token);
    }
  });

  it('are read anew on SIGHUP, all or nothing, by processes that go on', async () => {
    writeFileSync(join(system.config, 'key'), SECRETS.rotated);
    for (const app of ['ingestion', 'metrics'] as const) system.signal(app, 'SIGHUP');
    await until('the new key counts', async () => (await statusSigned(SECRETS.rotated)) === 200);
    expect(await statusSigned(SECRETS.signature)).toBe(401);
    const inClear = SOURCES.replace('${file:key}', SECRETS.clear);
    writeFileSync(join(system.config, 'sources.yaml'), inClear);
    system.signal('ingestion', 'SIGHUP');
    await saidBy('ingestion', /a secret never stands in the file/);
    expect(await statusSigned(SECRETS.rotated)).toBe(200);
  });

  it('are not told while Redis is away, or lets nobody in', async () => {
    await system.redis.kill();
    await until('ingestion notices', async () => (await statusSigned(SECRETS.rotated)) === 503);
    await ask('/v1/accounts/1/agents', SECRETS.token);
    await system.redis.restart();
    await until('ingestion goes on', async () => (await statusSigned(SECRETS.rotated)) === 200);
    const env = { REDIS_URL: `redis://livemeter:${SECRETS.wrong}@127.0.0.1:${system.redis.port}` };
    const failed = await cliIn(env, 'quarantine', 'list').catch((error: { stdout: string; stderr: string }) => error);
    headings += failed.stdout + failed.stderr;
    expect(failed.stderr).not.toBe('');
  });

  it('are in no log, no reply, and no list of processes, and no event is', () => {
    const titles = readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map((pid) => read(`/proc/${pid}/cmdline`))
      .filter((line) => line.includes('dist/apps'))
      .join('\n');
    const logs = system.output('ingestion') + system.output('metrics');
    expect(logs).toMatch(/no credential of its source matches/);
    for (const secret of Object.values(SECRETS)) {
      expect([secret, logs.includes(secret), headings.includes(secret), titles.includes(secret)]).toEqual([
        secret,
        false,
        false,
        false,
      ]);
    }
    for (const personal of Object.values(PERSONAL))
      expect([personal, logs.includes(personal)]).toEqual([personal, false]);
  });
});

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // The process has just ended.
  }
}
