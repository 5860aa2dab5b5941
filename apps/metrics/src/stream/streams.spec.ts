import { describe, expect, it } from '@jest/globals';
import { createLogger, Telemetry } from '@app/telemetry';
import { ProblemError, problemOf } from '../http/problem.js';
import type { AccountLoad } from '../rest/replies.js';
import { readStreamQuery, type StreamQuery } from './stream-query.js';
import { Streams } from './streams.js';

const LOAD: AccountLoad = {
  agentsPresent: 1,
  assignedWeight: 1,
  maxSlots: 4,
  load: 0.25,
  availableSlots: 3,
  overloaded: 0,
  byState: {},
};

/** Streams on a virtual clock, over resources that can be changed and that count who asks. */
class Scene {
  nowMs = 0;
  load = LOAD;
  problem: ProblemError | null = null;
  readonly asked: string[] = [];
  readonly streams: Streams;

  constructor(limits: { maxStreams?: number; idleTimeoutMs?: number } = {}) {
    const ask = async <T>(name: string, reply: T): Promise<T> => {
      this.asked.push(name);
      if (this.problem !== null) throw this.problem;
      return reply;
    };
    this.streams = new Streams({
      resources: {
        load: () => ask('load', this.load),
        agents: () => ask('agents', { agents: [], next: null }),
        conversations: () => ask('conversations', { conversations: [], next: null }),
        metrics: () => ask('metrics', { at: new Date(this.nowMs).toISOString(), metrics: [] }),
      },
      clock: { now: () => this.nowMs },
      now: () => this.nowMs,
      telemetry: new Telemetry(createLogger('test', 'silent')),
      maxStreams: 10,
      idleTimeoutMs: 75_000,
      ...limits,
    });
  }

  async follow(...watch: readonly string[]): Promise<() => string[]> {
    const flow = await this.streams.open(query(watch), { lastEventId: undefined, isAllowed: () => true });
    return () => {
      const text = (flow.read() as Buffer | null)?.toString() ?? '';
      return [...text.matchAll(/^event: (.*)$/gm)].map(([, name = '']) => name);
    };
  }

  /** Lets seconds pass. */
  async pass(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i += 1) {
      this.nowMs += 1_000;
      await this.streams.tick();
    }
  }
}

function query(watch: readonly string[]): StreamQuery {
  const read = readStreamQuery({ account: '84731', watch });
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return read.query;
}

describe('streams', () => {
  it('read each watch once a second, a course every ten, however many follow it', async () => {
    const scene = new Scene();
    for (let i = 0; i < 5; i += 1) await scene.follow('load', 'metrics?name=x&range=1h');
    await scene.pass(20);
    expect(scene.asked.filter((name) => name === 'load').length).toBe(21);
    expect(scene.asked.filter((name) => name === 'metrics').length).toBe(3);
  });

  it('read nothing any more when nobody follows it', async () => {
    const scene = new Scene();
    const { streams } = scene;
    const flow = await streams.open(query(['load']), { lastEventId: undefined, isAllowed: () => true });
    flow.destroy();
    await new Promise((resolve) => flow.once('close', resolve));
    await scene.pass(3);
    expect(scene.asked).toEqual(['load']);
  });

  it('send what has changed, and a heartbeat after five seconds without', async () => {
    const scene = new Scene();
    const events = await scene.follow('load', 'metrics?name=x');
    expect(events()).toEqual(['load', 'metrics?name=x']);
    await scene.pass(4);
    expect(events()).toEqual([]);
    await scene.pass(1);
    expect(events()).toEqual(['heartbeat']);
    scene.load = { ...LOAD, overloaded: 1 };
    await scene.pass(1);
    expect(events()).toEqual(['load']);
    await scene.pass(4);
    expect(events()).toEqual([]);
    await scene.pass(2);
    expect(events()).toEqual(['heartbeat']);
  });

  it('give signs of life well before the connection would be closed', async () => {
    const scene = new Scene({ idleTimeoutMs: 3_000 });
    const events = await scene.follow('load');
    events();
    await scene.pass(3);
    expect(events()).toEqual(['heartbeat', 'heartbeat', 'heartbeat']);
  });

  it('say once what is wrong, and tell all again when it is mended', async () => {
    const scene = new Scene();
    const events = await scene.follow('load');
    events();
    scene.problem = new ProblemError(problemOf(503));
    await scene.pass(3);
    expect(events()).toEqual(['problem']);
    scene.problem = null;
    await scene.pass(3);
    expect(events()).toEqual(['load']);
  });

  it('let nothing pile up for a client that takes nothing, and drop it after half a minute', async () => {
    const scene = new Scene();
    const flow = await scene.streams.open(query(['load']), { lastEventId: undefined, isAllowed: () => true });
    const byState = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`state-${i}`, 1]));
    for (let second = 1; second <= 30; second += 1) {
      scene.load = { ...LOAD, overloaded: second, byState };
      await scene.pass(1);
    }
    // The first change filled what the flow holds; the others were not even written.
    expect([flow.destroyed, flow.readableLength < 200_000]).toEqual([false, true]);
    await scene.pass(1);
    expect(flow.destroyed).toBe(true);
  });

  it('send the newest to a client that takes again', async () => {
    const scene = new Scene();
    const flow = await scene.streams.open(query(['load']), { lastEventId: undefined, isAllowed: () => true });
    const byState = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`state-${i}`, 1]));
    for (let overloaded = 1; overloaded <= 9; overloaded += 1) {
      scene.load = { ...LOAD, overloaded, byState };
      await scene.pass(1);
    }
    let text = '';
    flow.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await scene.pass(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect([...text.matchAll(/"overloaded":(\d+)/g)].map(([, value]) => value)).toEqual(['0', '1', '9']);
  });

  it('hold a place while a stream is being opened', async () => {
    const { streams } = new Scene({ maxStreams: 1 });
    const asker = { lastEventId: undefined, isAllowed: () => true };
    const opened = await Promise.allSettled([1, 2].map(() => streams.open(query(['load']), asker)));
    expect(opened.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });
});
