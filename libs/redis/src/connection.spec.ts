import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger, StartError, Telemetry } from '@app/telemetry';
import { Authority } from '../../../test/support/certificates.js';
import { freePort, startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { connectAtStart, withConnection } from './start.js';

const telemetry = new Telemetry(createLogger('test', 'silent'));

describe('a Redis that speaks TLS and knows who asks', () => {
  let dir: string;
  let server: TestRedis;
  let place: string;

  const file = (name: string, text: string): string => {
    const path = join(dir, name);
    writeFileSync(path, text);
    return path;
  };

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'livemeter-tls-'));
    const [authority, other] = await Promise.all([Authority.create('ours'), Authority.create('theirs')]);
    const own = await authority.issue({ name: 'redis', dns: ['localhost'], use: 'server' });
    const client = await authority.issue({ name: 'livemeter' });
    file('ca.pem', authority.cert);
    file('other.pem', other.cert);
    file('client.pem', client.cert);
    file('client.key', client.key);
    const tlsPort = await freePort();
    place = `localhost:${tlsPort}`;
    server = await startTestRedis([
      ...['--tls-port', String(tlsPort), '--tls-ca-cert-file', join(dir, 'ca.pem')],
      ...['--tls-cert-file', file('own.pem', own.cert), '--tls-key-file', file('own.key', own.key)],
      ...['--user', 'livemeter', 'on', '>p@ss/word', '~*', '&*', '+@all'],
    ]);
  });
  afterAll(async () => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const url = (options: string): string =>
    `rediss://livemeter:p%40ss%2Fword@${place}?${options.replaceAll('@', `${dir}/`)}`;
  const ours = 'cert=@client.pem&key=@client.key';

  it('is reached with its authority and a certificate of our own', async () => {
    const asked = url(`ca=@ca.pem&${ours}`);
    expect(await withConnection(asked, (redis) => redis.call('ACL', ['WHOAMI']))).toBe('livemeter');
    const redis = await connectAtStart(asked, telemetry);
    expect(await redis.ping()).toBe('PONG');
    redis.disconnect();
  });

  it.each([
    ['another authority', `ca=@other.pem&${ours}`, /shows a certificate that is not trusted \(localhost:\d+: .*\?ca=/],
    ['no authority', ours, /shows a certificate that is not trusted \(localhost:\d+: .*\?ca=/],
    [
      'a key for another certificate',
      `ca=@ca.pem&cert=@own.pem&key=@client.key`,
      /^the certificates of REDIS_URL cannot/,
    ],
    ['a file that is not there', `ca=@none.pem`, /^the file of the option "ca" of REDIS_URL cannot be read: ENOENT/],
  ])('is refused with %s', async (_, options, want) => {
    for (const attempt of [
      () => withConnection(url(options), (redis) => redis.ping()),
      () => connectAtStart(url(options), telemetry),
    ]) {
      const error: unknown = await attempt().then(String, (reason: unknown) => reason);
      expect(error).toBeInstanceOf(StartError);
      expect((error as StartError).message).toMatch(want);
      expect((error as StartError).message).not.toMatch(/ss.word/);
    }
  });

  it('is refused by the name that its certificate does not have', async () => {
    const asked = url(`ca=@ca.pem&${ours}`).replace('localhost', '127.0.0.1');
    await expect(connectAtStart(asked, telemetry)).rejects.toThrow(/not trusted \(127.0.0.1:\d+: .*altnames/);
  });
});

it.each(['redis://', 'redis+cluster://'])('says that nobody answers at a %s', async (scheme) => {
  const asked = `${scheme}u:secret@127.0.0.1:${await freePort()}`;
  await expect(withConnection(asked, (redis) => redis.ping())).rejects.toThrow(
    /^the Redis at redis\S*:\/\/u:\*\*\*@127\.0\.0\.1:\d+ cannot be reached: .* — is it running\?$/,
  );
});

it('says that no Sentinel answers', async () => {
  const asked = `redis+sentinel://127.0.0.1:${await freePort()}/m`;
  await expect(withConnection(asked, (redis) => redis.ping())).rejects.toThrow(
    /cannot be reached: All sentinels are unreachable/,
  );
});
