import { QuarantineStore, type ReplayOutcome, ReplayRequests } from '@app/state';
import type { RedisClient } from '@app/redis';
import { EXIT, type ExitCode, Failure } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { chosenIds, type Selection } from './selection.js';

/** How many entries go to ingestion in one request. */
const AT_ONCE = 20;

/** Has entries taken in again by a running ingestion, and prints what became of each. */
export async function replay(
  redis: RedisClient,
  selection: Selection,
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  const store = new QuarantineStore(redis);
  const requests = new ReplayRequests(redis);
  const tally = { queued: 0, failed: 0, gone: 0 };
  for await (const ids of chosenIds(store, selection)) {
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const outcomes = await requests.ask(ids.slice(from, from + AT_ONCE));
      if (outcomes === null) {
        throw new Failure(
          `no ingestion has answered; ${tally.queued} entries were queued before. Entries go in through a running, ` +
            'ready ingestion (/readyz says what is missing) — what is still listed can be replayed again',
        );
      }
      for (const outcome of outcomes) tally[outcome.result] += 1;
      await terminal.out(outcomes.map((outcome) => `${json ? JSON.stringify(outcome) : lineOf(outcome)}\n`).join(''));
    }
  }
  terminal.err(`${tally.queued} queued, ${tally.failed} failed again and stay, ${tally.gone} were not there`);
  return tally.failed + tally.gone === 0 ? EXIT.good : EXIT.problems;
}

/** Takes entries out for good. */
export async function drop(redis: RedisClient, selection: Selection, terminal: Terminal): Promise<ExitCode> {
  const store = new QuarantineStore(redis);
  let asked = 0;
  let dropped = 0;
  for await (const ids of chosenIds(store, selection)) {
    asked += ids.length;
    dropped += await store.drop(ids);
  }
  terminal.err(`${dropped} entries dropped${dropped < asked ? `, ${asked - dropped} were not there` : ''}`);
  return dropped < asked ? EXIT.problems : EXIT.good;
}

function lineOf({ id, result, detail }: ReplayOutcome): string {
  return `${id}  ${result.padEnd(6)}  ${detail}`;
}
