import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freePort } from '../support/redis.js';
import { type Replica, System, until } from './system.js';

let system: System;

beforeAll(async () => {
  system = await System.start();
}, 60_000);

afterAll(() => system.stop(), 60_000);

/**
 * What a sender may try again: nobody listens, the answer says so, or there was no answer, since the connection was made or
 * kept open at the very moment at which the replica stopped listening. Any other reply is a failure of the restart.
 */
const RETRYABLE = new Set(['ECONNREFUSED', 'ECONNRESET', '503']);

/** Sends events to one replica or another, on connections that stay open, until it is told to stop. */
class Load {
  readonly failures = new Map<string, number>();
  accepted = 0;
  private stopped = false;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(private readonly ports: readonly number[]) {}

  async run(): Promise<void> {
    const senders = Array.from({ length: 8 }, async (_, sender) => {
      for (let n = 0; !this.stopped; n += 1) await this.deliver(eventOf(`${sender}-${n}`), n);
    });
    await Promise.all(senders);
    this.agent.destroy();
  }

  stop(): void {
    this.stopped = true;
  }

  /** Again and again, at each replica in turn, until one has taken it. */
  private async deliver(body: string, first: number): Promise<void> {
    for (let attempt = first; ; attempt += 1) {
      const outcome = await this.send(body, this.ports[attempt % this.ports.length] ?? 0);
      if (outcome === '200') {
        this.accepted += 1;
        return;
      }
      this.failures.set(outcome, (this.failures.get(outcome) ?? 0) + 1);
    }
  }

  private send(body: string, port: number): Promise<string> {
    return new Promise((resolve) => {
      const headers = system.signed(body);
      const sent = request({ port, path: '/v1/events/liveperson', method: 'POST', agent: this.agent, headers });
      sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      sent.on('response', (reply) => {
        reply.resume();
        reply.on('end', () => resolve(String(reply.statusCode)));
      });
      sent.end(body);
    });
  }
}

function eventOf(uid: string): string {
  const header = { accountId: '84731', uid, schemaVersion: '1-0-0', eventTimestamp: Date.now() };
  const data = { convDetails: { convId: `c-${uid}` } };
  return JSON.stringify({ commonHeader: { ...header, eventType: 'ConversationRequestEvent' }, data });
}

it('of each app in turn loses no event, and no request that could not be tried again', async () => {
  const ports = { ingestion: await freePort(), metrics: await freePort() };
  const second: Record<'ingestion' | 'metrics', Replica> = {
    ingestion: await system.launchAnother('ingestion', ports.ingestion),
    metrics: await system.launchAnother('metrics', ports.metrics),
  };
  const load = new Load([system.ports.ingestion, ports.ingestion]);
  const running = load.run();
  const more = async () => {
    const before = load.accepted;
    await until('events flow', async () => load.accepted > before + 50);
  };
  for (const app of ['ingestion', 'metrics'] as const) {
    await more();
    await system.end(app);
    await more();
    await system.launch(app);
    await more();
    await second[app].end();
    await more();
  }
  load.stop();
  await running;
  expect([...load.failures.keys()].filter((failure) => !RETRYABLE.has(failure))).toEqual([]);
  const counted = new RegExp(
    `^livemeter_events_total\\{entity="conversation",outcome="applied"\\} ${load.accepted}$`,
    'm',
  );
  await until('every event has been counted, once', async () => counted.test(await system.metricsPage()));
}, 300_000);
