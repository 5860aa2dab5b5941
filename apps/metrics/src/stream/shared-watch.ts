import { createHash } from 'node:crypto';
import { withoutVolatile } from '../http/etag.js';
import { type Problem, ProblemError, problemOf } from '../http/problem.js';
import type { Watch } from './stream-query.js';

/** What is to be told of a watch: the resource as it is, or why it cannot be told. */
export interface Told {
  /** The name of the event. */
  readonly event: string;
  /** One line of JSON. */
  readonly data: string;
  /** Equal for what is the same but for its age, at every replica. */
  readonly hash: string;
}

/** The name of the event that says why a watch cannot be told. */
export const PROBLEM_EVENT = 'problem';

/** Where a watch is read. */
export interface WatchSource {
  /** Asks for the resource. */
  readonly read: () => Promise<unknown>;
  /** Monotonic (ms). */
  readonly now: () => number;
}

/** One watch of one account, read once for all who follow it. */
export class SharedWatch {
  /** The last that was read; null before that. */
  told: Told | null = null;
  followers = 0;
  private askedAtMs = -Infinity;
  private reading: Promise<void> | null = null;

  constructor(
    readonly account: string,
    readonly watch: Watch,
    private readonly source: WatchSource,
  ) {}

  /** Reads it unless it is fresh, `slackMs` short of its period included. Rejects as the resource does. */
  async refresh(slackMs = 0): Promise<void> {
    const isDue = this.source.now() - this.askedAtMs >= this.watch.everyMs - slackMs;
    if (isDue) this.reading ??= this.readAnew();
    await this.reading;
  }

  /** {@link refresh}, where an error is something to tell as well. Resolves to an error that is our own. */
  async follow(slackMs: number): Promise<unknown> {
    try {
      await this.refresh(slackMs);
      return null;
    } catch (error) {
      const isClients = error instanceof ProblemError;
      const problem: Problem = isClients ? error.problem : problemOf(503, { detail: 'It cannot be read at present.' });
      const isNews = this.told?.event !== PROBLEM_EVENT;
      this.told = toldOf(PROBLEM_EVENT, { watch: this.watch.text, problem });
      return isClients || !isNews ? null : error;
    }
  }

  private async readAnew(): Promise<void> {
    this.askedAtMs = this.source.now();
    try {
      this.told = toldOf(this.watch.text, await this.source.read());
    } finally {
      this.reading = null;
    }
  }
}

function toldOf(event: string, value: unknown): Told {
  const data = JSON.stringify(value);
  const hash = createHash('sha256').update(event).update('\n').update(withoutVolatile(data)).digest('base64url');
  return { event, data, hash: hash.slice(0, 16) };
}
