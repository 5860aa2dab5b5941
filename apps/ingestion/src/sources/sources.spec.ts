import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { authenticate, loadSources } from './sources.js';

let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-sources-'));
  file = join(dir, 'sources.yaml');
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

function load(text: string, options: { env?: Record<string, string>; loopback?: boolean } = {}) {
  writeFileSync(file, text);
  return loadSources(file, {
    env: options.env ?? { LP_KEY: 'k' },
    loopback: options.loopback ?? true,
    certificates: false,
  });
}

const SOURCE = 'sources:\n  lp:\n    type: liveperson\n';

describe('sources.yaml', () => {
  it('loads every kind of credential, any of which lets a request in', () => {
    writeFileSync(join(dir, 'token'), 't-1\n');
    const loaded = load(
      `${SOURCE}    accounts: ["84731"]
    credentials:
      - { type: lp-signature, key: "\${env:LP_KEY}", algorithm: sha1, encoding: hex, header: X-Sig }
      - { type: api-key, header: X-Api-Key, key: "\${env:API}" }
      - { type: bearer, token: "\${file:token}" }
    mtls: { mode: off }
`,
      { env: { LP_KEY: 'k', API: 'a-1' } },
    );
    if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
    const source = loaded.sources.get('lp');
    if (source === undefined) throw new Error('no source');
    expect(loaded.warnings).toEqual([]);
    expect(source.accounts).toEqual(new Set(['84731']));
    const body = Buffer.from('x');
    expect(authenticate(source, { 'x-api-key': 'a-1' }, body)).toBeNull();
    expect(authenticate(source, { authorization: 'Bearer t-1' }, body)).toBeNull();
    expect(authenticate(source, { 'x-api-key': 'a-2' }, body)).toBe(
      'no header x-sig; another key in x-api-key; no bearer token',
    );
  });

  it.each([
    {
      name: 'a secret in clear',
      text: `${SOURCE}    credentials:\n      - { type: api-key, header: x, key: hunter2 }\n`,
      want: [
        '5:42: invalid-value: "sources.lp.credentials.0.key": a secret never stands in the file — write "${env:NAME}" or "${file:path}"',
      ],
    },
    {
      name: 'unknown keys, all at once',
      text: `${SOURCE}    account: ["1"]\n    credentials:\n      - { type: bearer, token: "\${env:T}", header: x }\nsource: {}\n`,
      want: [
        '4:5: unknown-key: "account" has no meaning here — did you mean "accounts"?',
        '6:44: unknown-key: "header" has no meaning here — known are type, token',
        '7:1: unknown-key: "source" has no meaning here — did you mean "sources"?',
      ],
    },
    {
      name: 'client certificates that cannot come',
      text: `${SOURCE}    mtls: { mode: required, ca: ca.pem }\n`,
      places: [
        'sources.lp.mtls: no client certificate can reach this server — set INGESTION_TLS_CERT and INGESTION_TLS_KEY, or INGESTION_CLIENT_CERT_HEADER behind a proxy',
        `sources.lp.mtls.ca: DIR/ca.pem cannot be read or holds no certificate`,
      ],
    },
    {
      name: 'client certificates without an authority, a subject of no kind',
      text: `${SOURCE}    mtls: { mode: required, subjects: [x] }\n`,
      want: [
        '4:11: invalid-value: "sources.lp.mtls" cannot be this — client certificates need "ca", the authority that vouches for them',
        '4:40: invalid-value: "sources.lp.mtls.subjects.0" cannot be this — CN=name, DNS:name, URI:name, email:name or IP Address:address',
      ],
    },
    {
      name: 'a network that is none',
      text: `${SOURCE}    credentials: [{ type: lp-signature, key: "\${env:LP_KEY}" }]\n    networks: [10.0.0/8]\n`,
      places: ['sources.lp.networks: "10.0.0/8" is no address and no range'],
    },
    {
      name: 'another type of credential',
      text: `${SOURCE}    credentials:\n      - { type: basic, key: "\${env:K}" }\n`,
      want: [
        '5:17: invalid-value: "sources.lp.credentials.0.type" cannot be this — the type of a credential is lp-signature, api-key or bearer',
      ],
    },
    {
      name: 'another algorithm',
      text: `${SOURCE}    credentials:\n      - { type: lp-signature, key: "\${env:K}", algorithm: md5 }\n`,
      want: [
        '5:59: invalid-value: "sources.lp.credentials.0.algorithm" cannot be this — one of sha1, sha256, sha384, sha512',
      ],
    },
    {
      name: 'a missing key',
      text: `${SOURCE}    credentials:\n      - { type: lp-signature }\n`,
      want: ['5:9: missing-key: "sources.lp.credentials.0.key" is missing — add it'],
    },
    {
      name: 'an account that is not text',
      text: `${SOURCE}    accounts: [84731]\n`,
      want: ['4:16: invalid-value: "sources.lp.accounts.0": an account is text — put it in quotes'],
    },
    {
      name: 'no account at all',
      text: `${SOURCE}    accounts: []\n`,
      want: [
        '4:15: invalid-value: "sources.lp.accounts": an empty list would let no account in — leave the key out to let in any',
      ],
    },
    {
      name: 'no source',
      text: 'sources: {}\n',
      want: ['1:10: invalid-value: "sources" cannot be this — at least one source is wanted'],
    },
    { name: 'an empty file', text: '', want: ['1:1: missing-key: "sources" is missing — add it'] },
    {
      name: 'a name that is no part of an address',
      text: 'sources:\n  "a b": { type: liveperson }\n',
      want: ['2:10: invalid-value: "sources.a b" cannot be this — a name is letters, digits, "-" and "_", at most 64'],
    },
    {
      name: 'broken YAML',
      text: `${SOURCE}    type: liveperson\n`,
      want: [
        '4:5: yaml-syntax: Map keys must be unique — correct the YAML here; nothing else of the file was looked at',
      ],
    },
  ])('$name', ({ text, want = [], places = [] }: { text: string; want?: string[]; places?: string[] }) => {
    const errors = [...want.map((error) => `${file}:${error}`), ...places.map((place) => `${file}: ${place}`)];
    expect(load(text)).toEqual({ ok: false, errors: errors.map((error) => error.replace('DIR', dir)) });
  });

  const SIGNED = `${SOURCE}    credentials:\n      - { type: lp-signature, key: "\${env:LP_KEY}" }\n`;

  it('a credential whose variable is not set is left out; then the source is open on loopback', () => {
    expect(load(SIGNED, { env: {} })).toMatchObject({
      ok: true,
      warnings: [
        `${file}: sources.lp.credentials.0 is left out: the variable LP_KEY is not set`,
        `${file}: sources.lp has no credential: ANYONE on this machine may send — set the variable of one, or list one under credentials`,
      ],
    });
  });

  it('a source without a credential is refused on any other address', () => {
    expect(load(SIGNED, { env: { LP_KEY: '' }, loopback: false })).toEqual({
      ok: false,
      errors: [
        `${file}: sources.lp has no credential, which only a server on loopback may have — set the variable of one, or list one under credentials; ${file}: sources.lp.credentials.0 is left out: the variable LP_KEY is not set`,
      ],
    });
    expect(load(SIGNED, { loopback: false })).toMatchObject({ ok: true, warnings: [] });
  });

  it('a secret file that is not there is an error', () => {
    expect(load(`${SOURCE}    credentials:\n      - { type: bearer, token: "\${file:none}" }\n`)).toEqual({
      ok: false,
      errors: [
        `${file}: sources.lp.credentials.0: the file ${join(dir, 'none')} cannot be read or is empty — it should hold the secret`,
      ],
    });
  });

  it('a file that is not there says what names its folder', () => {
    expect(loadSources(join(dir, 'no.yaml'), { env: {}, loopback: true, certificates: false })).toEqual({
      ok: false,
      errors: [`${join(dir, 'no.yaml')}: cannot be read — LIVEMETER_CONFIG names its folder`],
    });
  });

  it('the file that ships loads', () => {
    const loaded = loadSources('config/sources.yaml', { env: { LP_KEY: 'k' }, loopback: false, certificates: false });
    expect(loaded).toMatchObject({ ok: true, warnings: [] });
  });
});
