import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '@app/telemetry';
import { Redis } from 'ioredis';
import { createIngestionApp, type IngestionApp } from '../../apps/ingestion/src/app.js';
import { startTestRedis, type TestRedis } from './redis.js';

const SECRETS = { LP_KEY: 'test-secret', API_KEY: 'a-1' };

const SOURCES = `sources:
  liveperson:
    type: liveperson
    accounts: ["84731"]
    credentials:
      - { type: lp-signature, key: "\${env:LP_KEY}", algorithm: sha256, encoding: base64 }
      - { type: api-key, header: x-api-key, key: "\${env:API_KEY}" }
`;

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** One running ingestion. */
export interface Running {
  readonly app: IngestionApp;
  readonly url: string;
}

/** Ingestion in this process on a real Redis of its own, with a record, and what a sender needs. */
export class IngestionUnderTest {
  private constructor(
    readonly dir: string,
    readonly redis: TestRedis,
    readonly client: Redis,
    readonly main: Running,
  ) {}

  static async start(): Promise<IngestionUnderTest> {
    const dir = mkdtempSync(join(tmpdir(), 'livemeter-ingestion-'));
    writeFileSync(join(dir, 'sources.yaml'), SOURCES);
    const redis = await startTestRedis();
    const client = new Redis(redis.url, { maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    const main = await launch(redis, dir, { LIVEMETER_RECORD: join(dir, 'record.ndjson') });
    return new IngestionUnderTest(dir, redis, client, main);
  }

  get url(): string {
    return this.main.url;
  }

  get record(): string {
    return join(this.dir, 'record.ndjson');
  }

  /** A further replica on the same Redis, with other settings. */
  another(environment: Readonly<Record<string, string>>): Promise<Running> {
    return launch(this.redis, this.dir, environment);
  }

  /** A request as plain as a sender can make it: no header that is not asked for. */
  send(path: string, body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return request(`${this.url}${path}`, Buffer.from(body), headers);
  }

  /** A signed delivery. */
  post(body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.send('/v1/events/liveperson', body, { ...sign(body), ...headers });
  }

  async stop(): Promise<void> {
    await this.main.app.close();
    this.client.disconnect();
    await this.redis.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

async function launch(redis: TestRedis, dir: string, environment: Readonly<Record<string, string>>): Promise<Running> {
  const base = { REDIS_URL: redis.url, LIVEMETER_CONFIG: dir, INGESTION_PORT: '0', LOG_LEVEL: 'silent' };
  const read = readSettings({ ...base, ...environment });
  if (!read.ok) throw new Error(read.errors.join('\n'));
  const app = await createIngestionApp(read.settings, SECRETS);
  const { address } = await app.listen();
  return { app, url: address };
}

function request(url: string, body: Buffer, headers: Readonly<Record<string, string>>): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { 'content-length': String(body.length), ...headers } };
    const sent = httpRequest(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: String(Buffer.concat(chunks)), headers: response.headers }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The header that signs the body. */
export function sign(body: string | Buffer): Record<string, string> {
  const digest = createHmac('sha256', SECRETS.LP_KEY).update(body).digest('base64');
  return { 'x-liveperson-signature': `sha256=${digest}` };
}

/** The JSON of a consumer's message, with other or further fields. */
export function consumerMessage(change: { header?: object; data?: object } = {}, indent?: number): string {
  const commonHeader = {
    accountId: '84731',
    uid: 'u-1',
    schemaVersion: '1-0-0',
    eventTimestamp: Date.now(),
    eventType: 'MessageConsumerEvent',
    webhookSubscriptionId: 's-1',
    ...change.header,
  };
  return JSON.stringify({ commonHeader, data: { convDetails: { convId: 'c-1' }, ...change.data } }, null, indent);
}
