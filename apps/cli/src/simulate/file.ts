import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Center } from './center/center.js';
import type { Fact } from './center/fact.js';
import type { CenterSettings } from './center/world.js';
import { deliveries, type Delivery, type Disorder } from './delivery.js';
import { deliveryOf } from './wire.js';

/** A simulation that is written to a file. */
export interface FileSettings {
  readonly center: CenterSettings;
  readonly disorder: Disorder;
  readonly accountId: string;
  /** How long it goes on (ms). */
  readonly durationMs: number;
  /** Whether the center closes at the end: every conversation ends, and the staff logs out. */
  readonly isClosing?: boolean;
  /** Is told everything that happens, in order of time. */
  readonly witness?: (fact: Fact) => void;
}

/** Lines are handed to the file in pieces of about this size (characters). */
const PIECE = 65_536;

/** Writes the raw bodies, one per line, in order of arrival, and answers how many. Rejects when the file cannot be written. */
export async function simulateToFile(path: string, settings: FileSettings): Promise<number> {
  let lines = 0;
  function* pieces(): Generator<string, void, undefined> {
    let piece = '';
    for (const { body } of arrivals(settings)) {
      piece += `${body}\n`;
      lines += 1;
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
    yield piece;
  }
  await pipeline(Readable.from(pieces()), createWriteStream(path));
  return lines;
}

/** Everything that arrives from the run, in order of arrival. */
export function arrivals(settings: FileSettings): Generator<Delivery, void, undefined> {
  return deliveries(events(settings), settings.disorder);
}

function* events(settings: FileSettings): Generator<Delivery, void, undefined> {
  for (const fact of facts(settings)) {
    settings.witness?.(fact);
    yield deliveryOf(fact, settings.accountId);
  }
}

function* facts({ center, durationMs, isClosing }: FileSettings): Generator<Fact, void, undefined> {
  const endMs = center.startMs + durationMs;
  const run = new Center(center);
  yield* run.facts(endMs);
  if (isClosing === true) yield* run.closeUp(endMs);
}
