import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Authority } from '../../../../test/support/certificates.js';
import { Endpoint } from './endpoint.js';
import { loadSubscriptions } from './subscriptions.js';

const BODY = '{"a":"ö"}';
const ENV = { KEY: 'test-secret' };

const dir = mkdtempSync(join(tmpdir(), 'livemeter-subscriptions-'));
let server: Server;
let address: string;
let headers: IncomingHttpHeaders;
let peer: string | undefined;

beforeAll(async () => {
  const authority = await Authority.create('an authority');
  const [own, client] = await Promise.all([
    authority.issue({ name: 'localhost', dns: ['localhost'], use: 'server' }),
    authority.issue({ name: 'the transporter' }),
  ]);
  for (const [name, pem] of Object.entries({ 'ca.pem': authority.cert, 'c.pem': client.cert, 'c.key': client.key })) {
    writeFileSync(join(dir, name), pem);
  }
  writeFileSync(join(dir, 'token'), 'a-token\n');
  server = createServer(
    { ...own, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      headers = request.headers;
      peer = String((request.socket as TLSSocket).getPeerCertificate().subject.CN);
      void text(request).then(() => response.writeHead(201).end());
    },
  );
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  address = `https://localhost:${(server.address() as AddressInfo).port}/v1/events/liveperson`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true });
});

/** Posts one body as the file says; what came of it. */
async function post(credential: string, rest: string): Promise<string | null> {
  const file = join(dir, 'simulator.yaml');
  const subscription = `{ name: all, endpoint: "${address}", ca: ca.pem, credential: it${rest} }`;
  writeFileSync(file, `credentials: { it: ${credential} }\nsubscriptions: [${subscription}]\n`);
  const [first] = loadSubscriptions(file, ENV);
  if (first === undefined) throw new Error('no subscription');
  const endpoint = new Endpoint(first, '84731', 1);
  const { failure } = await endpoint.post(BODY);
  endpoint.close();
  return failure;
}

const MTLS = ', mtls: { certificate: c.pem, key: c.key }';

describe('a subscription', () => {
  it.each(['sha1', 'sha256', 'sha384', 'sha512'])(
    'signs with %s, base64 or hex, and shows its certificate',
    async (algorithm) => {
      for (const encoding of ['base64', 'base64url', 'hex'] as const) {
        const credential = `{ type: lp-signature, clientId: me, key: "\${env:KEY}", algorithm: ${algorithm}, encoding: ${encoding} }`;
        expect(await post(credential, MTLS)).toBeNull();
        const digest = createHmac(algorithm, 'test-secret').update(BODY).digest(encoding);
        expect(headers['x-liveperson-signature']).toBe(`${algorithm}=${digest}`);
        expect(headers).toMatchObject({ 'x-liveperson-client-id': 'me', 'x-liveperson-account-id': '84731' });
        expect(peer).toBe('the transporter');
      }
    },
  );

  it('sends an API key in its header, or a bearer token from a file', async () => {
    expect(await post('{ type: api-key, header: X-Api-Key, key: "${env:KEY}" }', MTLS)).toBeNull();
    expect(headers['x-api-key']).toBe('test-secret');
    expect(await post('{ type: bearer, token: "${file:token}" }', MTLS)).toBeNull();
    expect(headers.authorization).toBe('Bearer a-token');
  });

  it('is turned away without its certificate', async () => {
    expect(await post('{ type: bearer, token: "${file:token}" }', '')).not.toBeNull();
  });

  it.each([
    { credential: '{ type: bearer, token: "${env:OTHER}" }', want: 'the variable OTHER is not set' },
    { credential: '{ type: bearer, token: "${file:none}" }', want: 'cannot be read' },
    { credential: '{ type: bearer, token: abc }', want: 'a secret never stands in the file' },
  ])('is refused at start: $want', async ({ credential, want }) => {
    await expect(post(credential, '')).rejects.toThrow(want);
  });
});
