import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../apps/cli/src/simulate/random.js';

/** LivePerson gives a receiver this long to connect, and to answer (ms). */
const TIMEOUT_MS = 5_000;

/** LivePerson tries again after 2, 4, 8 … up to 330 s; here the same in an eighth of the time, so that a run is short (ms). */
const FIRST_GAP_MS = 250;
export const LONGEST_GAP_MS = 2_000;

/** So many requests are under way at a time; more would only measure this sender. */
const CONCURRENCY = 32;

/** Sends webhooks to any of the addresses, and all but a 200 or 201 again, to each in turn, without end. */
export class Sender {
  attempts = 0;
  /** What attempts came to: a status, or the code of a network error. */
  readonly replies = new Map<string, number>();
  private readonly agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  private free = CONCURRENCY;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly urls: readonly [string, ...string[]],
    private readonly key: string,
    private readonly random: Random,
  ) {}

  /** Resolves when it was answered 200 or 201. */
  async deliver(body: string): Promise<void> {
    let turn = this.random.between(0, this.urls.length - 1);
    for (let gapMs = FIRST_GAP_MS; ; gapMs = Math.min(LONGEST_GAP_MS, gapMs * 2)) {
      const reply = await this.attempt(this.urls[turn % this.urls.length] ?? this.urls[0], body);
      turn += 1;
      if (reply === '200' || reply === '201') return;
      await sleep(gapMs);
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private async attempt(url: string, body: string): Promise<string> {
    if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.free -= 1;
    this.attempts += 1;
    const reply = await this.post(url, body);
    this.replies.set(reply, (this.replies.get(reply) ?? 0) + 1);
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
    return reply;
  }

  private post(url: string, body: string): Promise<string> {
    const signature = createHmac('sha256', this.key).update(body).digest('base64');
    const headers = { 'x-liveperson-signature': `sha256=${signature}`, 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve) => {
      const options = { method: 'POST', headers, timeout: TIMEOUT_MS, agent: this.agent };
      const call = request(`${url}/v1/events/liveperson`, options);
      call.on('timeout', () => call.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
      call.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      call.on('response', (response) => {
        response.on('error', () => resolve('ECONNRESET'));
        response.on('end', () => resolve(String(response.statusCode)));
        response.resume();
      });
      call.end(body);
    });
  }
}
