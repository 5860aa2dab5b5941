import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Event, type EventWarning, normaliseLivePerson, type Outcome, type QuarantineReason } from '@app/event';
import type { Source } from './sources/sources.js';

/** A body above this is not parsed (bytes). */
export const PARSED_BYTES_MAX = 1024 * 1024;

/** What came in one request, sorted by what is to be done with it. Each list is in the order of the body. */
export interface Delivery {
  readonly events: readonly Accepted[];
  readonly quarantined: readonly SetAside[];
  readonly unknown: readonly Unknown[];
  /** Events that name no entity. */
  readonly withoutEntity: number;
}

/** An event to be queued, with its original JSON on one line when that is wanted for the record, else "". */
export interface Accepted {
  readonly event: Event;
  readonly warnings: readonly EventWarning[];
  readonly json: string;
}

/** What goes to quarantine: why, and the bytes as they came. */
export interface SetAside {
  readonly reason: QuarantineReason;
  readonly detail: string;
  readonly raw: Buffer;
}

/** An event of a type that is not known. */
export interface Unknown {
  readonly type: string;
  readonly raw: Buffer;
}

/** An authenticated request. */
export interface Received {
  readonly source: Source;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Redis's time (ms). */
  readonly receivedAt: number;
  /** Whether the original JSON of events is wanted. */
  readonly recording: boolean;
}

/** The account that the request names beside its body; null where it names none. */
export function accountOf(headers: IncomingHttpHeaders): string | null {
  const account = headers['x-liveperson-account-id'];
  return typeof account === 'string' ? account : null;
}

/** Sorts what came. Never throws, whatever the body. */
export function sortDelivery(received: Received): Delivery {
  const { body, headers } = received;
  if (body.length > PARSED_BYTES_MAX) {
    const detail = `the body has ${body.length} bytes; at most ${PARSED_BYTES_MAX} are parsed`;
    return rejected('too-large', detail, body);
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    return rejected('bad-json', 'the body has a Content-Encoding, which is not supported: send it as it is', body);
  }
  const text = textOf(body);
  if (text === null) return rejected('bad-json', 'the body is not UTF-8', body);
  const parsed = parse(text);
  if (!parsed.ok) return rejected('bad-json', 'the body is not JSON', body);
  return sortParsed(parsed.value, text, received);
}

function rejected(reason: QuarantineReason, detail: string, raw: Buffer): Delivery {
  return { events: [], quarantined: [{ reason, detail, raw }], unknown: [], withoutEntity: 0 };
}

/** The text without the byte order mark that some senders put before it; null when it is not UTF-8. */
function textOf(body: Buffer): string | null {
  if (!isUtf8(body)) return null;
  const text = body.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function parse(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

function sortParsed(value: unknown, text: string, received: Received): Delivery {
  const { source, headers, body, receivedAt, recording } = received;
  const outcomes = normaliseLivePerson(value, {
    receivedAt,
    accounts: source.accounts,
    headerAccountId: accountOf(headers),
    bodyHash: (content) => createHash('sha256').update(content).digest('hex'),
  });
  const sorter = new Sorter(value, text, body);
  outcomes.forEach((outcome, index) => sorter.put(outcome, index, recording));
  return sorter;
}

/** Puts the outcomes of one body where they belong. */
class Sorter implements Delivery {
  readonly events: Accepted[] = [];
  readonly quarantined: SetAside[] = [];
  readonly unknown: Unknown[] = [];
  withoutEntity = 0;

  constructor(
    private readonly value: unknown,
    private readonly text: string,
    private readonly body: Buffer,
  ) {}

  put(outcome: Outcome, index: number, recording: boolean): void {
    switch (outcome.kind) {
      case 'event':
        this.accept(outcome, recording ? this.lineOf(index) : '');
        return;
      case 'quarantine':
        this.quarantined.push({ reason: outcome.reason, detail: outcome.detail, raw: this.bytesOf(outcome.raw) });
        return;
      case 'unknown-type':
        this.unknown.push({ type: outcome.type, raw: this.bytesOf(outcome.raw) });
        return;
      case 'ignored':
        this.withoutEntity += 1;
    }
  }

  /** What cannot be recorded must not count either: a replay would differ. */
  private accept({ event, warnings }: Extract<Outcome, { kind: 'event' }>, json: string | null): void {
    if (json !== null) this.events.push({ event, warnings, json });
    else this.quarantined.push({ reason: 'too-deep', detail: 'nested too deeply to be recorded', raw: this.body });
  }

  /** An event's original JSON on one line: in a JSON text, line breaks stand between tokens only. */
  private lineOf(index: number): string | null {
    if (!Array.isArray(this.value)) return this.text.replace(/[\r\n]+/g, ' ').trim();
    return stringify(this.value[index]);
  }

  /** The body as it came, or an element of its array, written anew. */
  private bytesOf(element: unknown): Buffer {
    if (element === this.value) return this.body;
    const text = stringify(element);
    return text === null ? this.body : Buffer.from(text);
  }
}

/** Null when the value is nested too deeply to be written. */
function stringify(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}
