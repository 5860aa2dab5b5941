import { describe, expect, it } from '@jest/globals';
import { Heap } from './heap.js';
import { Sender, type SenderPolicy } from './sender.js';

const SECOND = 1_000;

/** A receiver whose answers follow a rule, and a clock that moves only when it is told. */
class Scene {
  readonly received: string[] = [];
  readonly gaps: number[] = [];
  readonly sender: Sender;
  most = 0;
  now = 0;
  private readonly timers = new Heap<() => void>();
  private underWay = 0;

  /** `answer`: why the body is not taken, or null; `tookMs` is real time; `unanswered` is a body whose request never ends. */
  constructor(
    answer: (body: string, attempt: number) => string | null,
    more: Partial<SenderPolicy> & { readonly tookMs?: number; readonly unanswered?: string } = {},
  ) {
    const attempts = new Map<string, number>();
    const { tookMs = 1, unanswered, ...policy } = more;
    const post = async ({ body }: { body: string }) => {
      if (body === unanswered) return new Promise<never>(() => undefined);
      this.underWay += 1;
      this.most = Math.max(this.most, this.underWay);
      await Promise.resolve();
      this.underWay -= 1;
      const attempt = (attempts.get(body) ?? 0) + 1;
      attempts.set(body, attempt);
      const failure = answer(body, attempt);
      if (failure === null || failure === 'no answer') this.received.push(body);
      return { failure, isUnanswered: failure === 'no answer', tookMs };
    };
    const later = (ms: number, call: () => void): void => {
      this.gaps.push(ms / SECOND);
      this.timers.push(this.now + ms, call);
    };
    const ports = { post, later, now: () => this.now };
    this.sender = new Sender(ports, { concurrency: 4, retentionMs: Infinity, overtakeMs: 4 * SECOND, ...policy });
  }

  send(subject: string, ...bodies: string[]): void {
    this.sendTo('one', subject, ...bodies);
  }

  sendTo(endpoint: string, subject: string, ...bodies: string[]): void {
    for (const body of bodies) this.sender.send({ at: 0, endpoint, subject, body });
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
  it('sends what concerns one subject in order, different ones side by side', async () => {
    const scene = new Scene(() => null);
    scene.send('a', 'a1', 'a2');
    scene.send('b', 'b1', 'b2');
    await scene.settle();
    expect(scene.received).toEqual(['a1', 'b1', 'a2', 'b2']);
    expect(scene.sender.tally).toMatchObject({ sent: 4, retried: 0, pending: 0, holds: 0 });
  });

  it('holds back every event to every endpoint while one of them fails, then sends what is stored in its order', async () => {
    const scene = new Scene((body, attempt) => (body === 'a1' && attempt < 3 ? '503' : null), { concurrency: 1 });
    scene.sendTo('failing', 'a', 'a1');
    await scene.settle();
    scene.sendTo('good', 'b', 'b1', 'b2');
    scene.sendTo('failing', 'a', 'a2');
    await scene.settle();
    expect(scene.received).toEqual([]);
    expect(scene.sender.tally).toMatchObject({ isHolding: true, pending: 4, lastFailure: '503' });
    await scene.tick();
    expect(scene.received).toEqual([]);
    await scene.tick();
    expect(scene.received).toEqual(['a1', 'b1', 'b2', 'a2']);
    expect(scene.sender.tally).toMatchObject({ isHolding: false, sent: 4, retried: 1, holds: 1, longestHoldMs: 6_000 });
  });

  it('tries again after 2, 4, 8 … seconds, at most five minutes, and begins anew when nothing is stored any more', async () => {
    const scene = new Scene((body, attempt) => (attempt > (body === 'a1' ? 10 : 1) ? null : 'ECONNREFUSED'));
    scene.send('a', 'a1');
    await scene.settle();
    while (scene.sender.tally.pending > 0) await scene.tick();
    scene.send('a', 'a2');
    await scene.settle();
    while (scene.sender.tally.pending > 0) await scene.tick();
    expect(scene.gaps).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 2]);
    expect(scene.received).toEqual(['a1', 'a2']);
  });

  it('makes one attempt to see whether the store may open again', async () => {
    let attempts = 0;
    const scene = new Scene(() => ((attempts += 1), '500'));
    for (let index = 0; index < 9; index += 1) scene.send(String(index), String(index));
    await scene.settle();
    expect(attempts).toBe(4);
    await scene.tick();
    expect(attempts).toBe(5);
  });

  it('gives up what was stored for longer than the retention', async () => {
    const scene = new Scene((body) => (body === 'good' ? null : '500'), { retentionMs: 10 * SECOND });
    scene.send('a', 'bad');
    await scene.settle();
    for (let tick = 0; tick < 3; tick += 1) await scene.tick();
    expect(scene.sender.tally).toMatchObject({ lost: 1, pending: 0, sent: 0, failedAttempts: 3 });
    scene.send('b', 'good');
    await scene.settle();
    expect(scene.received).toEqual(['good']);
  });

  it('sends again what was stored though the answer came too late', async () => {
    const scene = new Scene((_, attempt) => (attempt === 1 ? 'no answer' : null));
    scene.send('a', 'a1');
    await scene.settle();
    await scene.tick();
    expect(scene.received).toEqual(['a1', 'a1']);
    expect(scene.sender.tally).toMatchObject({ duplicates: 1, sent: 1 });
  });

  it.each([
    { overtakeMs: 4_000, want: { received: ['a1', 'a3'], overtaken: 1 } },
    { overtakeMs: Infinity, want: { received: ['a1'], overtaken: 0 } },
  ])('lets a live event wait $overtakeMs ms for the stored ones of its conversation', async ({ overtakeMs, want }) => {
    // The receiver never answers the stored a2.
    const scene = new Scene((body, attempt) => (body === 'a1' && attempt === 1 ? '503' : null), {
      overtakeMs,
      unanswered: 'a2',
    });
    scene.send('a', 'a1', 'a2');
    await scene.settle();
    await scene.tick();
    scene.send('a', 'a3');
    await scene.settle();
    await scene.tick();
    expect(scene.received).toEqual(want.received);
    expect(scene.sender.tally.overtaken).toBe(want.overtaken);
  });

  it('keeps all subjects close together when nothing may overtake', async () => {
    const scene = new Scene(() => null, { overtakeMs: Infinity, unanswered: 'slow' });
    scene.send('a', 'slow');
    for (let index = 0; index < 500; index += 1) scene.send(String(index), String(index));
    await scene.settle();
    await scene.settle();
    expect(scene.received).toHaveLength(200);
  });

  it('makes no more requests at a time than it may', async () => {
    const scene = new Scene(() => null, { concurrency: 2 });
    for (let index = 0; index < 20; index += 1) scene.send(`good${index}`, `good${index}`);
    await scene.settle();
    expect(scene.most).toBe(2);
    expect(scene.received).toHaveLength(20);
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

  it('tells of an endpoint that was slow for more than two minutes', async () => {
    const scene = new Scene(() => null, { tookMs: 2_600 });
    scene.sendTo('slow', 'a', 'a1');
    await scene.settle();
    scene.now = 120_000;
    scene.sendTo('slow', 'a', 'a2');
    await scene.settle();
    expect(scene.sender.tally.slow).toEqual([]);
    scene.now = 120_001;
    scene.sendTo('slow', 'a', 'a3');
    await scene.settle();
    expect(scene.sender.tally.slow).toEqual(['slow']);
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
