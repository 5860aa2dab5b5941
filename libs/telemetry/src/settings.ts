import { z } from 'zod';
import { withoutPassword } from './address.js';
import { ARCHIVE_SETTINGS } from './archive-settings.js';
import { parseRedisAddress } from './redis-address.js';
import { choice, declare, integer, list, port, text } from './declare.js';

function origins() {
  const isOrigin = (text: string) => text === '*' || (URL.canParse(text) && new URL(text).origin === text);
  return z
    .string()
    .transform((value) => value.split(',').map((origin) => origin.trim()))
    .refine((list) => list.every(isOrigin), 'origins such as https://wall.example.com, separated by commas, or *');
}

const redisUrl = z.string().check(({ value, issues }) => {
  const parsed = parseRedisAddress(value);
  if (!parsed.ok) issues.push({ code: 'custom', input: value, message: parsed.problem });
});

/**
 * Every setting of every program, declared once: the variable, what is allowed, the default, what it means. The type
 * {@link Settings}, the validation and the reference ({@link describeSettings}, `config/settings.md`) all come from here.
 */
const DECLARED = {
  redisUrl: declare(
    'REDIS_URL',
    redisUrl
      .nullable()
      .default(null)
      .describe(
        'The Redis (6.2 or later) or Valkey that keeps everything: one server, the master that Sentinels name, or a Redis Cluster, each also with TLS (docs/operating.md). Not set: `livemeter start` runs its own.',
      ),
  ),
  redisReplicas: declare(
    'LIVEMETER_REDIS_REPLICAS',
    integer(0, 10)
      .default(0)
      .describe(
        'How many replicas of the Redis in question must have what was received before it is answered 200 (docs/operating.md); with 0 a replica that takes over may lack what was acknowledged last.',
      ),
  ),
  configDir: declare(
    'LIVEMETER_CONFIG',
    z.string().default('./config').describe('The config folder: `sources.yaml` and `metrics/`.'),
  ),
  ingestionHost: declare(
    'INGESTION_HOST',
    z.string().default('127.0.0.1').describe('The address on which ingestion listens.'),
  ),
  ingestionPort: declare(
    'INGESTION_PORT',
    port().default(8420).describe('The port on which ingestion listens; 0 takes a free one.'),
  ),
  tlsCert: declare(
    'INGESTION_TLS_CERT',
    text().describe(
      'PEM file of the certificate, with its chain, with which ingestion speaks TLS. Not set: plain HTTP.',
    ),
  ),
  tlsKey: declare('INGESTION_TLS_KEY', text().describe('PEM file of the key of that certificate.')),
  clientCertHeader: declare(
    'INGESTION_CLIENT_CERT_HEADER',
    z
      .string()
      .toLowerCase()
      .nullable()
      .default(null)
      .describe(
        'A header in which trusted proxies (`LIVEMETER_TRUSTED_PROXIES`) pass on the client certificate that they have checked: `client-cert` (RFC 9440) or one with escaped PEM. Not set: no such header is believed.',
      ),
  ),
  metricsHost: declare(
    'METRICS_HOST',
    z.string().default('127.0.0.1').describe('The address on which the metrics app listens.'),
  ),
  metricsPort: declare(
    'METRICS_PORT',
    port().default(8421).describe('The port on which the metrics app listens; 0 takes a free one.'),
  ),
  metricsWorkers: declare(
    'METRICS_WORKERS',
    integer(1, 64)
      .nullable()
      .default(null)
      .describe(
        'How many processes of one metrics app work partitions, at most one for each partition; 1: the one that serves does it itself. Not set: one for each core but one, at most 8, as memory has 512 MiB for each and for the one that serves.',
      ),
  ),
  partitions: declare(
    'LIVEMETER_PARTITIONS',
    integer(1, 1024)
      .nullable()
      .default(null)
      .describe('How many partitions; fixed at first start. Not set: what Redis has, else 8.'),
  ),
  holdMs: declare(
    'LIVEMETER_HOLD_MS',
    integer(0, 60_000)
      .default(250)
      .describe('How long an event waits for neighbours that it overtook (ms); 0 turns holding off.'),
  ),
  recordFile: declare(
    'LIVEMETER_RECORD',
    text().describe('A file to which ingestion appends each accepted event, for `replay`. Not set: no record.'),
  ),
  durability: declare(
    'LIVEMETER_DURABILITY',
    choice(['full', 'reduced'])
      .default('full')
      .describe('`reduced` accepts a Redis that may lose what it acknowledged; else that is an error at start.'),
  ),
  public: declare(
    'LIVEMETER_PUBLIC',
    choice(['yes', 'no'])
      .default('no')
      .transform((value) => value === 'yes')
      .describe('`yes` lets the metrics app serve without tokens on an address other than loopback.'),
  ),
  tokensFile: declare(
    'LIVEMETER_TOKENS',
    text().describe(
      'The file of tokens for `/v1`, `/` and `/metrics` of the metrics app, and for `/metrics` of ingestion where that has it, too (docs/access.md).',
    ),
  ),
  trustedProxies: declare(
    'LIVEMETER_TRUSTED_PROXIES',
    list().describe(
      'Addresses and ranges of proxies, separated by commas, whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. Not set: none.',
    ),
  ),
  maxFailedAuthentications: declare(
    'LIVEMETER_MAX_FAILED_AUTH',
    integer(1, 1_000_000)
      .default(100)
      .describe(
        'Failed authentications of one address in a minute; beyond it ingestion closes the connection with its 401, the metrics app answers 429.',
      ),
  ),
  maxConnections: declare(
    'LIVEMETER_MAX_CONNECTIONS',
    integer(1, 1_000_000).default(4_096).describe('Connections that an app has at most; further ones are closed.'),
  ),
  maxBodyBytesAtOnce: declare(
    'LIVEMETER_MAX_BODY_BYTES_AT_ONCE',
    integer(16_777_216, 17_179_869_184)
      .default(268_435_456)
      .describe(
        'Bytes of bodies that ingestion reads at the same time, of all connections, before it knows who sends them; more is answered 503.',
      ),
  ),
  maxStreams: declare(
    'LIVEMETER_MAX_STREAMS',
    integer(0, 1_000_000)
      .default(1_000)
      .describe(
        'Streams (`/v1/stream`, wallboards among them) that a metrics app has open at most; more are answered 503.',
      ),
  ),
  maxHeaderBytes: declare(
    'LIVEMETER_MAX_HEADER_BYTES',
    integer(1_024, 1_048_576).default(16_384).describe('Bytes of the headers of a request; more is answered 431.'),
  ),
  requestTimeoutMs: declare(
    'LIVEMETER_REQUEST_TIMEOUT_MS',
    integer(100, 600_000)
      .default(30_000)
      .describe('A request that has not arrived whole by then is given up (ms); its headers have a third of that.'),
  ),
  idleTimeoutMs: declare(
    'LIVEMETER_IDLE_TIMEOUT_MS',
    integer(1_000, 3_600_000)
      .default(75_000)
      .describe(
        'A connection on which nothing moves for so long is closed (ms), a reply that nobody reads among them.',
      ),
  ),
  corsOrigins: declare(
    'LIVEMETER_CORS_ORIGINS',
    origins()
      .default([])
      .describe(
        'Origins whose pages may read the metrics app from a browser, separated by commas; `*` for any. Not set: none.',
      ),
  ),
  maxBacklog: declare(
    'LIVEMETER_MAX_BACKLOG',
    integer(1, 1_000_000_000)
      .default(2_000_000)
      .describe('Events that may wait in the queues; above it ingestion answers 503.'),
  ),
  quarantineMax: declare(
    'LIVEMETER_QUARANTINE_MAX',
    integer(1, 100_000_000).default(10_000).describe('Entries that the quarantine keeps at most.'),
  ),
  quarantineMaxBytes: declare(
    'LIVEMETER_QUARANTINE_MAX_BYTES',
    integer(1, 1_000_000_000_000).default(268_435_456).describe('Bytes that the quarantine keeps at most.'),
  ),
  unknownMax: declare(
    'LIVEMETER_UNKNOWN_MAX',
    integer(1, 100_000).default(100).describe('Events that are kept at most of each unknown type.'),
  ),
  drainMs: declare(
    'LIVEMETER_DRAIN_MS',
    integer(0, 300_000)
      .default(1_000)
      .describe(
        'How long an app that is told to stop serves on, not ready any more, so that a balancer sends elsewhere (ms).',
      ),
  ),
  personalData: declare(
    'LIVEMETER_PERSONAL_DATA',
    choice(['on', 'off'])
      .default('on')
      .transform((value) => value === 'on')
      .describe(
        '`off` takes the names of agents out of events as they are received, and as they are replayed: labels, logs, REST, records and Redis have none.',
      ),
  ),
  logLevel: declare(
    'LOG_LEVEL',
    choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
      .default('info')
      .describe('The least level that is logged.'),
  ),
  ...ARCHIVE_SETTINGS,
} as const;

/** The settings, checked and with their defaults. */
export type Settings = { readonly [K in keyof typeof DECLARED]: z.output<(typeof DECLARED)[K]['schema']> };

/** Either all settings and what looks wrong in the environment, or every error in it, each a full sentence. */
export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly errors: readonly string[] };

/** Variables with our prefix that are none of the product's: those of its tests. */
const FOREIGN = /^LIVEMETER_TEST_/;

/** Reads the environment. Takes it as an argument, so that nothing reads it twice or in two ways. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): SettingsResult {
  const errors: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, { variable, schema }] of Object.entries(DECLARED)) {
    const given = env[variable];
    const parsed = schema.safeParse(given === '' ? undefined : given);
    if (parsed.success) values[key] = parsed.data;
    else errors.push(`${variable} is "${shown(variable, given)}" — it must be ${parsed.error.issues[0]?.message}`);
  }
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, settings: values as Settings, warnings: unknownVariables(env) };
}

/** The reference of all settings, as a Markdown list in the order of declaration. */
export function describeSettings(): string {
  const lines = Object.values(DECLARED).map(({ variable, schema }) => {
    const byDefault = schema.safeParse(undefined).data;
    const shownDefault = typeof byDefault === 'boolean' ? shownSwitch(variable, byDefault) : String(byDefault ?? '');
    return `- \`${variable}\`${shownDefault === '' ? '' : ` (\`${shownDefault}\`)`}: ${schema.description}\n`;
  });
  return lines.join('');
}

function shownSwitch(variable: string, on: boolean): string {
  const [yes, no] = variable === 'LIVEMETER_PERSONAL_DATA' ? ['on', 'off'] : ['yes', 'no'];
  return on ? yes : no;
}

function shown(variable: string, given: string | undefined): string {
  return variable === 'REDIS_URL' ? withoutPassword(given ?? '') : (given ?? '');
}

function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set<string>(Object.values(DECLARED).map(({ variable }) => variable));
  return Object.keys(env)
    .filter((name) => name.startsWith('LIVEMETER_') && !FOREIGN.test(name) && !known.has(name))
    .sort()
    .map((name) => `${name} is not a setting of Livemeter and changes nothing — is it misspelt?`);
}
