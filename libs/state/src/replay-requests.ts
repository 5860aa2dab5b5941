import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { RedisClient } from '@app/redis';

/** What became of one entry that was to be replayed. */
export interface ReplayOutcome {
  readonly id: string;
  /** `gone`: there is no such entry (any more); `failed`: it stays, for the reason that `detail` tells. */
  readonly result: 'queued' | 'failed' | 'gone';
  readonly detail: string;
}

/** Entries that somebody wants to be replayed. */
export interface ReplayRequest {
  readonly key: string;
  readonly ids: readonly string[];
}

const REQUESTS = '{lm}:quarantine:replays';

/** Nobody waits longer for an answer (ms); what was not begun by then is withdrawn. */
const PATIENCE_MS = 15_000;

const ASK_EVERY_MS = 25;

/**
 * Who wants entries replayed (REST, the command line) asks here, and an ingestion replica answers: only what goes in there
 * is normalised, stamped and recorded like everything else.
 */
export class ReplayRequests {
  constructor(
    private readonly redis: RedisClient,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** What became of each entry, in order; null when no ingestion replica took the request. Rejects as Redis does. */
  async ask(ids: readonly string[]): Promise<readonly ReplayOutcome[] | null> {
    const request: ReplayRequest = { key: `{lm}:quarantine:replayed:${randomUUID()}`, ids };
    const text = JSON.stringify(request);
    await this.redis.multi().rpush(REQUESTS, text).pexpire(REQUESTS, this.patienceMs).exec();
    for (let waited = 0; waited < this.patienceMs; waited += ASK_EVERY_MS) {
      const answer = await this.redis.getdel(request.key);
      if (answer !== null) return JSON.parse(answer) as readonly ReplayOutcome[];
      await pause(ASK_EVERY_MS);
    }
    await this.redis.lrem(REQUESTS, 0, text);
    return null;
  }

  /** The next request, which is then the caller's; null when there is none. */
  async take(): Promise<ReplayRequest | null> {
    const text = await this.redis.lpop(REQUESTS);
    return text === null ? null : (JSON.parse(text) as ReplayRequest);
  }

  async answer({ key }: ReplayRequest, outcomes: readonly ReplayOutcome[]): Promise<void> {
    await this.redis.set(key, JSON.stringify(outcomes), 'PX', this.patienceMs);
  }
}
