import type { Readable } from 'node:stream';
import type { Clock } from '@app/queue';
import { OCCURRENCES, type Telemetry } from '@app/telemetry';
import { ProblemError, problemOf } from '../http/problem.js';
import type { AccountResources } from '../rest/account-resources.js';
import { StreamClient } from './client.js';
import { SharedWatch } from './shared-watch.js';
import { type StreamQuery, type Watch, type WATCHED } from './stream-query.js';

/** What streams are made from. */
export interface StreamParts {
  readonly resources: Pick<AccountResources, (typeof WATCHED)[number]>;
  readonly clock: Clock;
  /** Monotonic (ms). */
  readonly now: () => number;
  readonly telemetry: Telemetry;
  /** How many there are at most. */
  readonly maxStreams: number;
  /** A connection on which nothing moves for so long is closed (ms). */
  readonly idleTimeoutMs: number;
}

/** Who asks for a stream. */
export interface StreamAsker {
  readonly lastEventId: string | undefined;
  /** Whether it still may see the account. */
  readonly isAllowed: () => boolean;
}

interface OpenStream {
  readonly client: StreamClient;
  readonly isAllowed: () => boolean;
}

const TICK_MS = 1_000;
const HEARTBEAT_MS = 5_000;

/** The streams that are open at this replica. Each distinct watch is read once per period, however many follow it. */
export class Streams {
  private readonly shared = new Map<string, SharedWatch>();
  private readonly streams = new Set<OpenStream>();
  private opening = 0;
  private closed = false;
  private timer: NodeJS.Timeout | null = null;
  private readonly heartbeatMs: number;

  constructor(private readonly parts: StreamParts) {
    this.heartbeatMs = Math.min(HEARTBEAT_MS, parts.idleTimeoutMs / 3);
  }

  /** Begins to follow what is watched. */
  start(): void {
    this.timer ??= setInterval(() => void this.tick(), Math.min(TICK_MS, this.heartbeatMs)).unref();
  }

  /** Opens a stream, which begins with all that the asker does not know. Rejects as the watched resources do. */
  async open({ account, watches }: StreamQuery, { lastEventId, isAllowed }: StreamAsker): Promise<Readable> {
    const { maxStreams, now } = this.parts;
    if (this.closed) throw new ProblemError(problemOf(503, { detail: 'This replica is about to end; try another.' }));
    if (this.streams.size + this.opening >= maxStreams) {
      const detail = `There are ${maxStreams} streams open; LIVEMETER_MAX_STREAMS says how many there may be.`;
      throw new ProblemError(problemOf(503, { detail }));
    }
    this.opening += 1;
    const followed = watches.map((watch) => this.follow(account, watch));
    try {
      await Promise.all(followed.map((shared) => firstRead(shared)));
    } catch (error) {
      this.unfollow(followed);
      throw error;
    } finally {
      this.opening -= 1;
    }
    return this.begin({ client: new StreamClient(followed, now, lastEventId), isAllowed });
  }

  /** One step: reads what is due, tells what is new, and lets go whom it must. Resolves when that is done. */
  async tick(): Promise<void> {
    const { now, clock, telemetry } = this.parts;
    for (const { client, isAllowed } of this.streams) if (!isAllowed()) client.end();
    const reads = [...this.shared.values()].map(async (shared) => {
      const err = await shared.follow(TICK_MS / 2);
      if (err !== null) telemetry.report(OCCURRENCES.requestFailed, {}, { err, watch: shared.watch.text });
    });
    // Whoever is slow to read must not hold up the signs of life.
    const moment = { nowMs: now(), at: new Date(clock.now()).toISOString() };
    for (const { client } of this.streams) client.keepAlive(moment, this.heartbeatMs);
    await Promise.all(reads);
    for (const { client, isAllowed } of this.streams) if (isAllowed()) client.update();
  }

  /** Ends every stream, and opens no more: clients go to another replica. */
  close(): void {
    this.closed = true;
    if (this.timer !== null) clearInterval(this.timer);
    for (const { client } of this.streams) client.end();
  }

  private begin(stream: OpenStream): Readable {
    const { client } = stream;
    this.streams.add(stream);
    client.flow.once('close', () => {
      this.streams.delete(stream);
      this.unfollow(client.watches);
    });
    client.update();
    // It may have closed while the first reads were under way.
    if (this.closed) client.end();
    return client.flow;
  }

  private follow(account: string, watch: Watch): SharedWatch {
    const key = keyOf(account, watch);
    let shared = this.shared.get(key);
    if (shared === undefined) {
      const { resources, now } = this.parts;
      shared = new SharedWatch(account, watch, {
        read: () => resources[watch.resource](account, watch.parameters),
        now,
      });
      this.shared.set(key, shared);
    }
    shared.followers += 1;
    return shared;
  }

  private unfollow(watches: readonly SharedWatch[]): void {
    for (const shared of watches) {
      shared.followers -= 1;
      if (shared.followers === 0) this.shared.delete(keyOf(shared.account, shared.watch));
    }
  }
}

function keyOf(account: string, { text }: Watch): string {
  return JSON.stringify([account, text]);
}

/** Reads a watch at once; what is wrong with it names it. */
async function firstRead(shared: SharedWatch): Promise<void> {
  try {
    await shared.refresh();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { problem } = error;
    throw new ProblemError({ ...problem, detail: `${shared.watch.text}: ${problem.detail ?? problem.title}` });
  }
}
