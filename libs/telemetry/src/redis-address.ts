/** A server by name and port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** PEM files for TLS; null: the authorities that Node trusts, and no certificate of our own. */
export interface TlsFiles {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

/** Where Redis is, as `REDIS_URL` says it. */
export interface RedisAddress {
  /** One server; the master that Sentinels name; or the masters of a Redis Cluster. */
  readonly kind: 'single' | 'sentinel' | 'cluster';
  /** Null: plain TCP. */
  readonly tls: TlsFiles | null;
  readonly username: string | null;
  readonly password: string | null;
  /** The server; the Sentinels; or some nodes of the cluster. Never empty. */
  readonly nodes: readonly HostPort[];
  /** What the Sentinels call the master; null without them. */
  readonly master: string | null;
  /** Whether the Sentinels take the same user and password. */
  readonly sentinelAuth: boolean;
  readonly db: number;
}

/** The address, or what it must be instead: the end of a sentence, without any secret. */
export type ParsedRedisAddress =
  { readonly ok: true; readonly address: RedisAddress } | { readonly ok: false; readonly problem: string };

const FORMS =
  'an address such as redis://127.0.0.1:6379, rediss://user:password@host:6380/0, ' +
  'redis+sentinel://host:26379,host:26379/master or redis+cluster://host:6379,host:6379';

const SCHEME = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(.*)$/s;
const REST = /^(?:([^@]*)@)?([^/?#@]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/s;
const HOST_PORT = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;

const TLS_OPTIONS = ['ca', 'cert', 'key'] as const;

const KINDS: Readonly<Record<string, RedisAddress['kind']>> = { sentinel: 'sentinel', cluster: 'cluster' };

class Problem extends Error {}

/** Reads the address of a Redis: the one place that knows its forms. */
export function parseRedisAddress(text: string): ParsedRedisAddress {
  try {
    return { ok: true, address: parse(text) };
  } catch (error) {
    if (error instanceof Problem) return { ok: false, problem: error.message };
    throw error;
  }
}

function parse(text: string): RedisAddress {
  const { kind, isTls, user, hosts, path, query } = partsOf(text);
  const options = optionsOf(query, kind === 'sentinel' ? [...TLS_OPTIONS, 'sentinelAuth'] : TLS_OPTIONS);
  const nodes = nodesOf(hosts, kind === 'sentinel' ? 26_379 : 6_379);
  if (kind === 'single' && nodes.length > 1) {
    throw new Problem('of one host: redis+cluster:// or redis+sentinel:// take several');
  }
  const place = placeOf(kind, path);
  return { kind, tls: tlsOf(isTls, options), ...userOf(user), nodes, ...place, sentinelAuth: sentinelAuthOf(options) };
}

interface Parts {
  readonly kind: RedisAddress['kind'];
  readonly isTls: boolean;
  readonly user: string;
  readonly hosts: string;
  readonly path: string;
  readonly query: string;
}

function partsOf(text: string): Parts {
  const [, scheme, form, rest = ''] = SCHEME.exec(text) ?? [];
  if (scheme === undefined) throw new Problem(FORMS);
  return { kind: KINDS[form ?? ''] ?? 'single', isTls: scheme === 'rediss', ...behindScheme(rest) };
}

function behindScheme(rest: string): Omit<Parts, 'kind' | 'isTls'> {
  const parts = REST.exec(rest);
  if (parts === null) throw new Problem(rest.includes('@') ? 'with each @ of user and password written as %40' : FORMS);
  const [, user = '', hosts = '', path = '', query = ''] = parts;
  return { user, hosts, path, query };
}

function optionsOf(query: string, known: readonly string[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    // An option that is not known may be a misplaced secret: its value is not repeated.
    if (!known.includes(name)) throw new Problem(`without the option "${name}": there are ${known.join(', ')}`);
    if (options.has(name)) throw new Problem(`with the option "${name}" only once`);
    if (value === '') throw new Problem(`with a value for the option "${name}"`);
    options.set(name, value);
  }
  return options;
}

function nodesOf(hosts: string, usualPort: number): HostPort[] {
  return hosts.split(',').map((one) => {
    const [, host = '', port] = HOST_PORT.exec(one) ?? [];
    const number = port === undefined ? usualPort : Number(port);
    if (host === '' || number < 1 || number > 65_535) {
      throw new Problem(`with hosts as host:port, separated by commas; "${one}" is none`);
    }
    return { host: host.replace(/^\[|\]$/g, ''), port: number };
  });
}

function tlsOf(isTls: boolean, options: ReadonlyMap<string, string>): TlsFiles | null {
  const [ca, cert, key] = TLS_OPTIONS.map((name) => options.get(name) ?? null);
  if (!isTls) {
    const misplaced = TLS_OPTIONS.find((name) => options.has(name));
    if (misplaced !== undefined) throw new Problem(`one that begins with rediss to have the option "${misplaced}"`);
    return null;
  }
  if ((cert === null) !== (key === null)) throw new Problem('with both options "cert" and "key", or neither');
  return { ca: ca ?? null, cert: cert ?? null, key: key ?? null };
}

function userOf(text: string): Pick<RedisAddress, 'username' | 'password'> {
  const colon = text.indexOf(':');
  const [username, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  return { username: decoded(username), password: decoded(password) };
}

function decoded(text: string): string | null {
  try {
    return text === '' ? null : decodeURIComponent(text);
  } catch {
    throw new Problem('with each % of user, password and name of the master written as %25');
  }
}

function placeOf(kind: RedisAddress['kind'], path: string): Pick<RedisAddress, 'master' | 'db'> {
  if (kind === 'single') return { master: null, db: dbOf(path) };
  if (kind === 'cluster') {
    if (path !== '' && path !== '0') throw new Problem('without a database: a cluster has only 0');
    return { master: null, db: 0 };
  }
  const [master = '', db = ''] = path.split(/\/(.*)/s);
  const name = decoded(master);
  if (name === null) throw new Problem('with the name of the master, as in redis+sentinel://host:26379/mymaster');
  return { master: name, db: dbOf(db) };
}

function dbOf(text: string): number {
  if (!/^\d{0,5}$/.test(text)) throw new Problem('with the number of a database behind the last /, or nothing there');
  return Number(text);
}

function sentinelAuthOf(options: ReadonlyMap<string, string>): boolean {
  const value = options.get('sentinelAuth') ?? 'no';
  if (value !== 'yes' && value !== 'no') throw new Problem('with yes or no for the option "sentinelAuth"');
  return value === 'yes';
}
