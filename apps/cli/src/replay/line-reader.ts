import { createHash } from 'node:crypto';
import { type Event, normaliseLivePerson, type Outcome, withoutNames } from '@app/event';

/** What one line of a file to replay holds; a line with an array holds several. */
export type Entry =
  | {
      readonly kind: 'event';
      readonly event: Event;
      /** When the agent's partition received it (ms), where that differs. */
      readonly agentReceivedAt: number | null;
    }
  | { readonly kind: 'outage'; readonly from: number; readonly to: number }
  /** Of a type that we do not know, or about no conversation and no agent: a running system counts it, too. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'problem'; readonly reason: string };

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a file to replay, line by line. A line is a webhook's body, received at the greatest event time so far; or a line
 * of the record, `{"receivedAt":ms,"event":{…}}`, whose event is such a body; or an outage.
 */
export class LineReader {
  private greatestTime = 0;

  /** `personalData`: whether the names of agents are kept, as in the running system. */
  constructor(private readonly personalData = true) {}

  read(line: string): Entry[] {
    const value = parseJson(line, this.personalData ? undefined : withoutNames);
    if (value === undefined) return [{ kind: 'problem', reason: 'is not JSON' }];
    if (!isObject(value) || !('receivedAt' in value || 'outage' in value)) return this.fromBody(value);
    return 'outage' in value ? [readOutage(value['outage'])] : this.fromRecord(value);
  }

  private fromBody(body: unknown): Entry[] {
    return normalise(body, Number.MAX_SAFE_INTEGER).map((outcome) => {
      const entry = entryOf(outcome, null);
      if (entry.kind !== 'event') return entry;
      this.greatestTime = Math.max(this.greatestTime, entry.event.time);
      return { ...entry, event: { ...entry.event, receivedAt: this.greatestTime } };
    });
  }

  private fromRecord({ receivedAt, agentReceivedAt, event }: Json): Entry[] {
    const atAgent = agentReceivedAt ?? null;
    if (!isInstant(receivedAt)) return [{ kind: 'problem', reason: 'receivedAt must be a time in ms' }];
    if (atAgent !== null && !isInstant(atAgent)) {
      return [{ kind: 'problem', reason: 'agentReceivedAt must be a time in ms' }];
    }
    return normalise(event, receivedAt).map((outcome) => {
      const entry = entryOf(outcome, atAgent);
      if (entry.kind === 'event') this.greatestTime = Math.max(this.greatestTime, entry.event.time);
      return entry;
    });
  }
}

/** As ingestion does it, so that an event without a uid gets the same one; whose account it is was its question alone. */
function normalise(body: unknown, receivedAt: number): Outcome[] {
  return normaliseLivePerson(body, {
    receivedAt,
    accounts: null,
    headerAccountId: null,
    bodyHash: (content) => createHash('sha256').update(content).digest('hex'),
  });
}

function entryOf(outcome: Outcome, agentReceivedAt: number | null): Entry {
  switch (outcome.kind) {
    case 'event':
      return { kind: 'event', event: outcome.event, agentReceivedAt };
    case 'quarantine':
      return { kind: 'problem', reason: `${outcome.reason}: ${outcome.detail}` };
    case 'unknown-type':
    case 'ignored':
      return { kind: 'ignored' };
  }
}

function readOutage(value: unknown): Entry {
  if (isObject(value)) {
    const { from, to } = value;
    if (isInstant(from) && isInstant(to) && from <= to) return { kind: 'outage', from, to };
  }
  return { kind: 'problem', reason: 'an outage needs "from" and "to" in ms, from not after to' };
}

function parseJson(line: string, reviver?: typeof withoutNames): unknown {
  try {
    return JSON.parse(line, reviver) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isInstant(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
