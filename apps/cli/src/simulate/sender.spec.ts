import { describe, expect, it } from '@jest/globals';
import { Heap } from './heap.js';
import { Sender } from './sender.js';

/** A receiver whose answers are given by hand or by a rule, and a clock that moves only when it is told. */
class Scene {
  readonly received: string[] = [];
  readonly gaps: number[] = [];
  readonly sender: Sender;
  most = 0;
  private readonly timers = new Heap<() => void>();
  private now = 0;
  private underWay = 0;

  constructor(answer: (body: string, attempt: number) => string | null, concurrency = 4) {
    const attempts = new Map<string, number>();
    const post = async (body: string): Promise<string | null> => {
      this.underWay += 1;
      this.most = Math.max(this.most, this.underWay);
      await Promise.resolve();
      this.underWay -= 1;
      const attempt = (attempts.get(body) ?? 0) + 1;
      attempts.set(body, attempt);
      const failure = answer(body, attempt);
      if (failure === null) this.received.push(body);
      return failure;
    };
    const later = (ms: number, call: () => void): void => {
      this.gaps.push(ms);
      this.timers.push(this.now + ms, call);
    };
    this.sender = new Sender({ post, later }, concurrency);
  }

  send(subject: string, ...bodies: string[]): void {
    for (const body of bodies) this.sender.send({ at: 0, subject, body });
  }

  /** Lets everything happen that can without time passing. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 1_000; turn += 1) await Promise.resolve();
  }

  /** Lets the next timer fire. */
  async tick(): Promise<void> {
    this.now = this.timers.leastKey ?? this.now;
    this.timers.pop()?.();
    await this.settle();
  }
}

describe('Sender', () => {
  it('keeps the order within a subject and goes on with others meanwhile', async () => {
    const scene = new Scene((body, attempt) => (body === 'a1' && attempt === 1 ? '503' : null));
    scene.send('a', 'a1', 'a2');
    scene.send('b', 'b1', 'b2');
    await scene.settle();
    expect(scene.received).toEqual(['b1', 'b2']);
    expect(scene.sender.tally).toEqual({ sent: 2, failedAttempts: 1, pending: 2, retrying: 1, lastFailure: '503' });
    await scene.tick();
    expect(scene.received).toEqual(['b1', 'b2', 'a1', 'a2']);
    expect(scene.sender.tally).toMatchObject({ sent: 4, pending: 0, retrying: 0 });
  });

  it('tries again after 2, 4, 8 … seconds, at most five minutes, and starts over after a success', async () => {
    const scene = new Scene((body, attempt) => ((body === 'a1' ? attempt > 10 : attempt > 1) ? null : 'ECONNREFUSED'));
    scene.send('a', 'a1', 'a2');
    await scene.settle();
    while (scene.sender.tally.pending > 0) await scene.tick();
    expect(scene.gaps.map((ms) => ms / 1_000)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 2]);
    expect(scene.received).toEqual(['a1', 'a2']);
  });

  it('makes no more requests at a time than it may, and those that wait to be retried take no place', async () => {
    const scene = new Scene((body) => (body.startsWith('bad') ? '500' : null), 2);
    for (let index = 0; index < 6; index += 1) scene.send(`bad${index}`, `bad${index}`);
    for (let index = 0; index < 20; index += 1) scene.send(`good${index}`, `good${index}`);
    await scene.settle();
    expect(scene.most).toBe(2);
    expect(scene.received).toHaveLength(20);
    expect(scene.sender.tally).toMatchObject({ retrying: 6, pending: 6 });
  });

  it('has no room while a thousand subjects are ready', async () => {
    const scene = new Scene(() => null);
    for (let index = 0; index < 2_000; index += 1) scene.send(String(index), String(index));
    let hasRoom = false;
    const room = scene.sender.room().then(() => (hasRoom = true));
    expect(hasRoom).toBe(false);
    await room;
    expect(scene.received.length).toBeGreaterThan(900);
  });

  it('is drained when all is delivered, or when nobody wants to wait any more', async () => {
    const good = new Scene(() => null);
    good.send('a', 'a1');
    await good.sender.drained(new AbortController().signal);
    expect(good.received).toEqual(['a1']);

    const bad = new Scene(() => '401');
    bad.send('a', 'a1');
    const giveUp = new AbortController();
    const drained = bad.sender.drained(giveUp.signal);
    giveUp.abort();
    await drained;
    expect(bad.sender.tally.pending).toBe(1);
  });
});
