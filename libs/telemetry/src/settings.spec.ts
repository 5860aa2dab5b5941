import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describeSettings, readSettings } from './settings.js';

describe('readSettings', () => {
  it('has a default for everything', () => {
    const read = readSettings({});
    expect(read).toEqual({
      ok: true,
      warnings: [],
      settings: {
        redisUrl: null,
        configDir: './config',
        ingestionHost: '127.0.0.1',
        ingestionPort: 8420,
        tlsCert: null,
        tlsKey: null,
        clientCertHeader: null,
        metricsHost: '127.0.0.1',
        metricsPort: 8421,
        metricsWorkers: null,
        partitions: null,
        holdMs: 250,
        recordFile: null,
        redisReplicas: 0,
        durability: 'full',
        public: false,
        tokensFile: null,
        corsOrigins: [],
        trustedProxies: [],
        maxFailedAuthentications: 100,
        maxConnections: 4_096,
        maxHeaderBytes: 16_384,
        maxBodyBytesAtOnce: 268_435_456,
        maxStreams: 1_000,
        requestTimeoutMs: 30_000,
        idleTimeoutMs: 75_000,
        maxBacklog: 2_000_000,
        quarantineMax: 10_000,
        quarantineMaxBytes: 268_435_456,
        unknownMax: 100,
        drainMs: 1_000,
        personalData: true,
        logLevel: 'info',
        archive: null,
        archiveEndpoint: null,
        archiveHost: '127.0.0.1',
        archivePort: 8422,
        archiveFlushMs: 60_000,
        archiveKeepDays: null,
        archiveMaxWaiting: 100_000,
        archiveSpool: null,
        archiveDrop: [],
        archiveHash: [],
        archiveHashKey: null,
      },
    });
  });

  it.each([
    { variable: 'INGESTION_PORT', value: '0', key: 'ingestionPort', want: 0 },
    { variable: 'LIVEMETER_HOLD_MS', value: '0', key: 'holdMs', want: 0 },
    { variable: 'LIVEMETER_PARTITIONS', value: '16', key: 'partitions', want: 16 },
    { variable: 'METRICS_WORKERS', value: '3', key: 'metricsWorkers', want: 3 },
    { variable: 'LIVEMETER_PUBLIC', value: 'yes', key: 'public', want: true },
    {
      variable: 'LIVEMETER_CORS_ORIGINS',
      value: 'https://a.example, http://b.example:3000',
      key: 'corsOrigins',
      want: ['https://a.example', 'http://b.example:3000'],
    },
    { variable: 'LIVEMETER_RECORD', value: '/tmp/r.ndjson', key: 'recordFile', want: '/tmp/r.ndjson' },
    { variable: 'LIVEMETER_ARCHIVE', value: 'off', key: 'archive', want: null },
    { variable: 'LIVEMETER_ARCHIVE_DROP', value: 'agentName, text', key: 'archiveDrop', want: ['agentName', 'text'] },
    { variable: 'LIVEMETER_RECORD', value: '', key: 'recordFile', want: null },
    { variable: 'REDIS_URL', value: 'rediss://u:p@h:6380/1', key: 'redisUrl', want: 'rediss://u:p@h:6380/1' },
  ])('reads $variable=$value', ({ variable, value, key, want }) => {
    const read = readSettings({ [variable]: value });
    expect(read).toMatchObject({ ok: true, settings: { [key]: want } });
  });

  it.each([
    ['INGESTION_PORT', 'http', 'INGESTION_PORT is "http" — it must be a whole number from 0 to 65535'],
    ['METRICS_PORT', '65536', 'METRICS_PORT is "65536" — it must be a whole number from 0 to 65535'],
    ['LIVEMETER_HOLD_MS', '-1', 'LIVEMETER_HOLD_MS is "-1" — it must be a whole number from 0 to 60000'],
    ['LIVEMETER_HOLD_MS', '2.5', 'LIVEMETER_HOLD_MS is "2.5" — it must be a whole number from 0 to 60000'],
    ['LIVEMETER_PARTITIONS', '0', 'LIVEMETER_PARTITIONS is "0" — it must be a whole number from 1 to 1024'],
    ['METRICS_WORKERS', '0', 'METRICS_WORKERS is "0" — it must be a whole number from 1 to 64'],
    ['LIVEMETER_DURABILITY', 'some', 'LIVEMETER_DURABILITY is "some" — it must be one of full, reduced'],
    ['LIVEMETER_PUBLIC', 'true', 'LIVEMETER_PUBLIC is "true" — it must be one of yes, no'],
    [
      'REDIS_URL',
      'http://u:p@h',
      'REDIS_URL is "http://u:***@h" — it must be an address such as redis://127.0.0.1:6379, rediss://user:password@host:6380/0, redis+sentinel://host:26379,host:26379/master or redis+cluster://host:6379,host:6379',
    ],
  ])('refuses %s=%s', (variable, value, want) => {
    expect(readSettings({ [variable]: value })).toEqual({ ok: false, errors: [want] });
  });

  it('reports every error at once', () => {
    const read = readSettings({ LOG_LEVEL: 'loud', INGESTION_PORT: 'x' });
    expect(read.ok ? [] : read.errors).toHaveLength(2);
  });

  it('warns of variables that it does not know', () => {
    const read = readSettings({ LIVEMETER_HOLDMS: '5', LIVEMETER_TEST_REDIS: 'x', HOME: '/' });
    expect(read).toMatchObject({
      ok: true,
      warnings: ['LIVEMETER_HOLDMS is not a setting of Livemeter and changes nothing — is it misspelt?'],
    });
  });
});

describe('the reference', () => {
  const file = 'config/settings.md';
  const text = `# Settings\n\nAll come from the environment; an empty variable counts as not set. In brackets: the default.\n\n${describeSettings()}`;

  it('is that of the declarations (UPDATE_GOLDEN=1 writes it)', () => {
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
