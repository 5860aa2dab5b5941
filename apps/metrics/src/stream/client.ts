import { Readable } from 'node:stream';
import type { SharedWatch } from './shared-watch.js';

/** A client that takes nothing for so long is dropped (ms). */
const PATIENCE_MS = 30_000;

/** How long a browser waits before it comes again (ms). */
const RETRY_MS = 2_000;

/** What the moment is (monotonic, ms), and what it is called. */
export interface Moment {
  readonly nowMs: number;
  /** RFC 3339 */
  readonly at: string;
}

/**
 * One client of a stream. It is sent what has changed since it was sent something; while it takes nothing, nothing piles
 * up: it gets the newest when it takes again.
 */
export class StreamClient {
  readonly flow = new Readable({ read: () => this.flowing() });
  private readonly sent: string[];
  private blockedAtMs: number | null = null;
  private wroteAtMs: number;
  private ended = false;

  /** `lastEventId`: the id of the last event that it has, from any replica. */
  constructor(
    readonly watches: readonly SharedWatch[],
    private readonly now: () => number,
    lastEventId: string | undefined,
  ) {
    const known = (lastEventId ?? '').split('.');
    this.sent = watches.map((_, index) => (known.length === watches.length ? (known[index] ?? '') : ''));
    this.wroteAtMs = now();
    // Who is destroyed has an error; it is of no interest.
    this.flow.on('error', () => undefined);
    this.write(`retry: ${RETRY_MS}\n\n`);
  }

  /** Sends what is new. */
  update(): void {
    for (const [index, { told }] of this.watches.entries()) {
      if (this.blockedAtMs !== null) return;
      if (told === null || told.hash === this.sent[index]) continue;
      this.sent[index] = told.hash;
      this.write(`event: ${told.event}\nid: ${this.sent.join('.')}\ndata: ${told.data}\n\n`);
    }
  }

  /** Lets it know that the stream lives, when nothing was sent for `everyMs`; drops it when it takes nothing. */
  keepAlive({ nowMs, at }: Moment, everyMs: number): void {
    if (this.blockedAtMs !== null) {
      if (nowMs - this.blockedAtMs >= PATIENCE_MS) this.flow.destroy();
    } else if (nowMs - this.wroteAtMs >= everyMs) {
      this.write(`event: heartbeat\ndata: {"at":"${at}"}\n\n`);
    }
  }

  /** Ends it as a reply ends; the client comes again. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.flow.push(null);
  }

  private write(text: string): void {
    if (this.ended) return;
    this.wroteAtMs = this.now();
    if (!this.flow.push(text)) this.blockedAtMs ??= this.now();
  }

  private flowing(): void {
    if (this.blockedAtMs === null) return;
    this.blockedAtMs = null;
    this.update();
  }
}
