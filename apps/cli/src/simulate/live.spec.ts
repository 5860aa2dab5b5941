import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveRun, type LiveSettings } from './live.js';
import { signature } from './signature.js';
import { onlySubscription } from './subscriptions.js';

const KEY = 'test-secret';
const START = Date.UTC(2026, 4, 4, 9);

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

describe('LiveRun', () => {
  let server: Server;
  let received: Received[];
  let status: number;
  let onReceived: () => void;

  beforeEach(async () => {
    received = [];
    status = 200;
    onReceived = () => undefined;
    server = createServer((request, response) => {
      void text(request).then((body) => {
        received.push({ headers: request.headers, body });
        response.writeHead(status).end();
        onReceived();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function address(): URL {
    const { port } = server.address() as AddressInfo;
    return new URL(`http://127.0.0.1:${port}/v1/events/liveperson`);
  }

  function settings(more: Partial<LiveSettings> = {}): LiveSettings {
    return {
      center: { seed: 7, startMs: START, agents: 10, ratePerMinute: 30, tempo: 10, slaMs: 100_000 },
      disorder: { seed: 7, shuffleMs: 0, duplicates: 0 },
      accountId: '84731',
      subscriptions: [onlySubscription(address(), KEY)],
      durationMs: 60_000,
      speed: 1_000,
      policy: { concurrency: 8, retentionMs: Infinity, overtakeMs: Infinity },
      lateAnswers: 0,
      ...more,
    };
  }

  it('delivers everything, signed, in order within each conversation, and closes the center at the end', async () => {
    const tally = await new LiveRun(settings()).done;
    expect(tally).toMatchObject({ sent: received.length, failedAttempts: 0, pending: 0, lost: 0, lastFailure: null });
    const lastTime = new Map<string, number>();
    const open = new Set<string>();
    for (const { headers, body } of received) {
      expect(headers['x-liveperson-signature']).toBe(signature(KEY, body));
      expect(headers['x-liveperson-account-id']).toBe('84731');
      const { commonHeader, data } = JSON.parse(body);
      const subject = data.convDetails?.convId ?? data.agentDetails?.agentId ?? data.agentId;
      expect(commonHeader.eventTimestamp).toBeGreaterThanOrEqual(lastTime.get(subject) ?? START);
      lastTime.set(subject, commonHeader.eventTimestamp);
      if (commonHeader.eventType === 'ConversationRequestEvent') open.add(subject);
      if (commonHeader.eventType === 'ConversationEndEvent') open.delete(subject);
    }
    expect(received.length).toBeGreaterThan(200);
    expect(open.size).toBe(0);
  });

  it('sends the same events shuffled and twice', async () => {
    await new LiveRun(settings()).done;
    const plain = received.map(({ body }) => body);
    received = [];
    await new LiveRun(settings({ disorder: { seed: 7, shuffleMs: 200, duplicates: 0.2 } })).done;
    expect(new Set(received.map(({ body }) => body))).toEqual(new Set(plain));
    expect(received.length).toBeGreaterThan(plain.length);
  });

  it('closes the center when it is stopped', async () => {
    const run = new LiveRun(settings({ durationMs: Infinity, speed: 1 }));
    onReceived = () => received.length === 20 && run.stop();
    const tally = await run.done;
    expect(tally.pending).toBe(0);
    const types = received.map(({ body }) => JSON.parse(body).commonHeader.eventType);
    const count = (type: string): number => types.filter((each) => each === type).length;
    expect(count('ConversationEndEvent')).toBe(count('ConversationRequestEvent'));
  });

  it('sends again what counts as answered too late', async () => {
    const tally = await new LiveRun(settings({ durationMs: 5_000, lateAnswers: 0.1 })).done;
    const bodies = received.map(({ body }) => body);
    expect(tally.duplicates).toBeGreaterThan(0);
    expect(bodies.length - new Set(bodies).size).toBe(tally.duplicates);
    expect(tally).toMatchObject({ sent: new Set(bodies).size, lastFailure: 'late answer', pending: 0 });
  });

  it('sends unsigned without a key', async () => {
    await new LiveRun(settings({ durationMs: 2_000, subscriptions: [onlySubscription(address(), null)] })).done;
    expect(received.some(({ headers }) => 'x-liveperson-signature' in headers)).toBe(false);
  });

  it('sends each subscription what it chose, under an id of its own, siblings under one uid', async () => {
    const some = { ...onlySubscription(address(), KEY), name: 'ends', events: new Set(['ConversationEndEvent']) };
    await new LiveRun(settings({ subscriptions: [onlySubscription(address(), KEY), some] })).done;
    const headers = received.map(({ body }) => JSON.parse(body).commonHeader);
    const [id = ''] = headers.map(({ webhookSubscriptionId }) => webhookSubscriptionId);
    const [others, all] = [
      headers.filter((each) => each.webhookSubscriptionId !== id),
      headers.filter((each) => each.webhookSubscriptionId === id),
    ];
    expect(new Set(others.map(({ eventType }) => eventType))).toEqual(new Set(['ConversationEndEvent']));
    const ends = all.filter(({ eventType }) => eventType === 'ConversationEndEvent');
    expect(new Set(others.map(({ uid }) => uid))).toEqual(new Set(ends.map(({ uid }) => uid)));
    expect(new Set(headers.map(({ uid }) => uid)).size).toBeLessThan(all.length);
  });

  it('counts what is not taken, and gives it up when it is stopped', async () => {
    status = 202;
    const run = new LiveRun(settings({ durationMs: 2_000 }));
    onReceived = () => run.stop();
    const tally = await run.done;
    expect(tally).toMatchObject({ sent: 0, lastFailure: '202' });
    expect(tally.pending).toBeGreaterThan(0);
  });
});
