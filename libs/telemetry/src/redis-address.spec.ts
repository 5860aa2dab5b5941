import { describe, expect, it } from '@jest/globals';
import { parseRedisAddress, type RedisAddress } from './redis-address.js';

const PLAIN: RedisAddress = {
  kind: 'single',
  tls: null,
  username: null,
  password: null,
  nodes: [{ host: 'h', port: 6379 }],
  master: null,
  sentinelAuth: false,
  db: 0,
};
const TLS = { ca: null, cert: null, key: null };
const SENTINEL = { ...PLAIN, kind: 'sentinel' as const, nodes: [{ host: 'h', port: 26379 }], master: 'm' };
const CLUSTER = { ...PLAIN, kind: 'cluster' as const };

describe('an address of Redis', () => {
  it.each<[string, RedisAddress]>([
    ['redis://h', PLAIN],
    ['redis://h/', PLAIN],
    ['redis://h:7000/3', { ...PLAIN, nodes: [{ host: 'h', port: 7000 }], db: 3 }],
    ['redis://[::1]:7000', { ...PLAIN, nodes: [{ host: '::1', port: 7000 }] }],
    ['redis://:p@h', { ...PLAIN, password: 'p' }],
    ['redis://u:p%40%2F%3A@h', { ...PLAIN, username: 'u', password: 'p@/:' }],
    ['redis://u:a/b?c@h', { ...PLAIN, username: 'u', password: 'a/b?c' }],
    ['redis://u:a:b@h', { ...PLAIN, username: 'u', password: 'a:b' }],
    ['rediss://h', { ...PLAIN, tls: TLS }],
    ['rediss://h?ca=/a/ca.pem', { ...PLAIN, tls: { ...TLS, ca: '/a/ca.pem' } }],
    ['rediss://h/1?cert=c.pem&key=k%20.pem', { ...PLAIN, db: 1, tls: { ca: null, cert: 'c.pem', key: 'k .pem' } }],
    ['redis+sentinel://h/m', SENTINEL],
    ['redis+sentinel://h/m/2', { ...SENTINEL, db: 2 }],
    ['redis+sentinel://u:p@h/m?sentinelAuth=yes', { ...SENTINEL, username: 'u', password: 'p', sentinelAuth: true }],
    [
      'rediss+sentinel://a:1,b:2/my%2Fm',
      {
        ...SENTINEL,
        tls: TLS,
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
        master: 'my/m',
      },
    ],
    ['redis+cluster://h', CLUSTER],
    ['redis+cluster://h/0', CLUSTER],
    [
      'rediss+cluster://:p@a:1,b?ca=x',
      {
        ...CLUSTER,
        tls: { ...TLS, ca: 'x' },
        password: 'p',
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 6379 },
        ],
      },
    ],
  ])('%s', (text, address) => {
    expect(parseRedisAddress(text)).toEqual({ ok: true, address });
  });

  it.each([
    ['', /^an address such as redis:/],
    ['h:6379', /^an address such as/],
    ['http://u:p@h', /^an address such as/],
    ['redis+other://h', /^an address such as/],
    ['redis://h#x', /^an address such as/],
    ['redis://', /^with hosts as host:port, separated by commas; "" is none$/],
    ['redis://h:x', /"h:x" is none$/],
    ['redis://h:0', /"h:0" is none$/],
    ['redis://h:65536', /"h:65536" is none$/],
    ['redis+cluster://a:1,,b:2', /"" is none$/],
    ['redis://a:1,b:2', /^of one host: redis\+cluster:\/\/ or redis\+sentinel:\/\/ take several$/],
    ['redis://h/x', /^with the number of a database/],
    ['redis+cluster://h/1', /^without a database: a cluster has only 0$/],
    ['redis+sentinel://h', /^with the name of the master/],
    ['redis+sentinel://h/m/x', /^with the number of a database/],
    ['redis+sentinel://h/m?sentinelAuth=1', /^with yes or no for the option "sentinelAuth"$/],
    ['redis://h?family=6', /^without the option "family": there are ca, cert, key$/],
    ['redis+sentinel://h/m?x=1', /^without the option "x": there are ca, cert, key, sentinelAuth$/],
    ['redis://h?ca=x', /^one that begins with rediss to have the option "ca"$/],
    ['rediss://h?ca=', /^with a value for the option "ca"$/],
    ['rediss://h?ca=x&ca=y', /^with the option "ca" only once$/],
    ['rediss://h?cert=x', /^with both options "cert" and "key", or neither$/],
    ['redis://u:100%@h', /^with each % of user, password/],
    // No part that may be a secret is repeated.
    ['redis://u:s3cret@h?password=s3cret', /^((?!s3cret).)*$/],
    ['redis://u:s3@cret@h', /^with each @ of user and password written as %40$/],
    ['redis://u:s3cret@h@', /^((?!s3cret).)*$/],
  ])('%s is refused', (text, want) => {
    expect(parseRedisAddress(text)).toEqual({ ok: false, problem: expect.stringMatching(want) });
  });
});
