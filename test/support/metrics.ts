import { fileURLToPath } from 'node:url';
import type { Item } from '@app/engine';
import type { Event, EventType } from '@app/event';
import { IngestionReadiness, partitionOf, PartitionProducer } from '@app/queue';
import { impatientConnection, type RedisClient, redisTime, whenReady } from '@app/redis';
import { createLogger, readSettings, type Settings, Telemetry } from '@app/telemetry';
import { createMetricsApp, type MetricsApp } from '../../apps/metrics/src/app.js';
import { contradictions } from './openapi.js';
import { sampleEvent } from './sample-event.js';

const CONFIG = fileURLToPath(new URL('../../config', import.meta.url));

/** How long something may take to be seen (ms). */
const PATIENCE_MS = 15_000;

/** In how many partitions the tests' Redis is laid out. */
export const PARTITIONS = 4;

/** The account of all events that {@link Sender} sends. */
export const ACCOUNT = '84731';

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers: Headers;
}

/** One process, whatever the machine has: workers are built programs. */
const QUIET = { METRICS_WORKERS: '1', LOG_LEVEL: 'silent' };

/** Settings of a metrics app with the catalog that ships, on a free port. */
export function metricsSettings(redisUrl: string, env: Readonly<Record<string, string>> = {}): Settings {
  const layout = { LIVEMETER_CONFIG: CONFIG, LIVEMETER_PARTITIONS: String(PARTITIONS) };
  const read = readSettings({ REDIS_URL: redisUrl, ...layout, METRICS_PORT: '0', ...QUIET, ...env });
  if (!read.ok) throw new Error(read.errors.join('\n'));
  return read.settings;
}

/** A request that needs headers. */
interface Asked {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One replica of the metrics app, in this process. */
export class MetricsReplica {
  private constructor(
    readonly app: MetricsApp,
    readonly address: string,
  ) {}

  static async start(settings: Settings): Promise<MetricsReplica> {
    const app = await createMetricsApp(settings);
    const { address } = await app.listen();
    return new MetricsReplica(app, address.replace('0.0.0.0', '127.0.0.1'));
  }

  /** Asks; a reply of `/v1` must be what `/openapi.json` says. */
  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const response = await fetch(this.address + path, { headers });
    const type = response.headers.get('content-type') ?? '';
    const reply = { status: response.status, type, text: await response.text(), headers: response.headers };
    return asDescribed(path, response, reply);
  }

  /** Asks with another method than GET, or for headers alone. */
  fetch(path: string, init: RequestInit): Promise<Response> {
    return fetch(this.address + path, init);
  }

  async post(path: string, body: string, type: string): Promise<Reply> {
    const response = await fetch(this.address + path, { method: 'POST', headers: { 'content-type': type }, body });
    const got = response.headers.get('content-type') ?? '';
    const reply = { status: response.status, type: got, text: await response.text(), headers: response.headers };
    return asDescribed(path, response, { ...reply, method: 'post' });
  }

  async json(path: string): Promise<unknown> {
    return JSON.parse((await this.get(path)).text);
  }

  /** Asks until the reply contains all of this. */
  async until(asked: string | Asked, ...parts: readonly string[]): Promise<string> {
    const { path, headers } = typeof asked === 'string' ? { path: asked, headers: {} } : asked;
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (;;) {
      const { text } = await this.get(path, headers);
      if (parts.every((part) => text.includes(part))) return text;
      if (performance.now() > giveUpAt) throw new Error(`never seen: ${parts.join(' ')}\nbut:\n${text}`);
    }
  }
}

/** The reply, which must be what `/openapi.json` says of it. */
function asDescribed<R extends Reply & { readonly method?: 'post' }>(asked: string, { url }: Response, reply: R): R {
  const { pathname } = new URL(url);
  const isDescribed = /^\/(v1\/|metrics|healthz|readyz)/.test(pathname);
  const wrong = isDescribed ? contradictions({ path: pathname, ...reply }) : [];
  if (wrong.length > 0) throw new Error(`/openapi.json says otherwise of ${asked}:\n${wrong.join('\n')}`);
  return reply;
}

/** Stands for ingestion: puts events into the queues, and tells that it lives. */
export class Sender {
  private sent = 0;

  private constructor(
    readonly redis: RedisClient,
    private readonly producer: PartitionProducer<Item>,
    private readonly readiness: IngestionReadiness,
  ) {}

  static async start(redisUrl: string): Promise<Sender> {
    const onError = () => undefined;
    const redis = impatientConnection(redisUrl, onError);
    const producer = new PartitionProducer<Item>({ redisUrl, partitions: PARTITIONS, onError });
    const telemetry = new Telemetry(createLogger('sender', 'silent'));
    const onOutage = () => Promise.resolve();
    const readiness = new IngestionReadiness({ redis, replicaId: 'sender', onOutage, telemetry });
    await producer.ready();
    await readiness.start();
    return new Sender(redis, producer, readiness);
  }

  /** Redis's time (ms). */
  async now(): Promise<number> {
    return Math.floor(await redisTime(this.redis, '{lm}:now'));
  }

  /** Resolves when Redis can be reached again. */
  async reconnected(): Promise<void> {
    await whenReady(this.redis);
    await this.producer.ready();
  }

  async send(type: EventType, time: number, fields: Partial<Event>): Promise<void> {
    this.sent += 1;
    const receivedAt = await this.now();
    const event = sampleEvent({ type, time, receivedAt, accountId: ACCOUNT, uid: `u${this.sent}`, ...fields });
    await this.put(event, 'conversation', event.conversationId);
    await this.put(event, 'agent', event.agentId);
  }

  async stop(): Promise<void> {
    await this.readiness.stop();
    await this.producer.close();
    this.redis.disconnect();
  }

  private async put(event: Event, kind: 'conversation' | 'agent', id: string | null): Promise<void> {
    if (id === null) return;
    const data: Item = { kind: 'event', event, entities: [kind] };
    await this.producer.add(partitionOf(event.accountId, id, PARTITIONS), [{ at: event.receivedAt, data }]);
  }
}
