import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import {
  type Event,
  type EventWarning,
  normaliseLivePerson,
  type Outcome,
  type QuarantineReason,
  withoutNames,
} from '@app/event';
import { elementTexts } from './array-elements.js';
import type { Source } from './sources/sources.js';

/** A body above this is not parsed (bytes). */
export const PARSED_BYTES_MAX = 1024 * 1024;

/** What is kept of a body that is not parsed (bytes). */
const UNPARSED_KEPT_BYTES = 64 * 1024;

/** What came in one request, sorted by what is to be done with it. Each list is in the order of the body. */
export interface Delivery {
  readonly events: readonly Accepted[];
  readonly quarantined: readonly SetAside[];
  readonly unknown: readonly Unknown[];
  /** Events that name no entity. */
  readonly withoutEntity: number;
  /** Their original JSON, when that is wanted. */
  readonly ignored: readonly string[];
}

/** An event to be queued, with its original JSON when that is wanted for the record or the archive, else "". */
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
  /** The length of what came, where `raw` is only its beginning. */
  readonly rawBytes?: number;
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
  /** Whether the names of agents are kept; else what is stored, recorded and set aside has none. */
  readonly personalData: boolean;
  /** Whether the original JSON of events is wanted: for a record, or the archive. */
  readonly recording: boolean;
}

/** The account that the request names beside its body; null where it names none. */
export function accountOf(headers: IncomingHttpHeaders): string | null {
  const account = headers['x-liveperson-account-id'];
  return typeof account === 'string' ? account : null;
}

/** What stands for the uid of an event that has none, of its content. */
export function bodyHash(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Sorts what came. Never throws, whatever the body. */
export function sortDelivery(received: Received): Delivery {
  const { body, headers } = received;
  if (body.length > PARSED_BYTES_MAX) {
    const detail = `the body has ${body.length} bytes; at most ${PARSED_BYTES_MAX} are parsed`;
    return rejected('too-large', detail, body.subarray(0, UNPARSED_KEPT_BYTES), body.length);
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    return rejected('bad-json', 'the body has a Content-Encoding, which is not supported: send it as it is', body);
  }
  const text = textOf(body);
  if (text === null) return rejected('bad-json', 'the body is not UTF-8', body);
  const parsed = parse(text, received.personalData);
  if (!parsed.ok) return rejected('bad-json', 'the body is not JSON', body);
  return sortParsed(parsed.value, parsed.text, {
    ...received,
    body: parsed.text === text ? body : Buffer.from(parsed.text),
  });
}

function rejected(reason: QuarantineReason, detail: string, raw: Buffer, rawBytes = raw.length): Delivery {
  return { events: [], quarantined: [{ reason, detail, raw, rawBytes }], unknown: [], withoutEntity: 0, ignored: [] };
}

/** The text without the byte order mark that some senders put before it; null when it is not UTF-8. */
function textOf(body: Buffer): string | null {
  if (!isUtf8(body)) return null;
  const text = body.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

type Parsed = { readonly ok: true; readonly value: unknown; readonly text: string } | { readonly ok: false };

/** The value, and the text that it stands for: the one given, or one without names. */
function parse(text: string, personalData: boolean): Parsed {
  try {
    if (personalData) return { ok: true, value: JSON.parse(text), text };
    const value: unknown = JSON.parse(text, withoutNames) ?? null;
    return { ok: true, value, text: JSON.stringify(value) };
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
    bodyHash,
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
  readonly ignored: string[] = [];
  withoutEntity = 0;
  private elements: readonly string[] | null = null;

  constructor(
    private readonly value: unknown,
    private readonly text: string,
    private readonly body: Buffer,
  ) {}

  put(outcome: Outcome, index: number, recording: boolean): void {
    switch (outcome.kind) {
      case 'event':
        this.events.push({
          event: outcome.event,
          warnings: outcome.warnings,
          json: recording ? this.textOf(index) : '',
        });
        return;
      case 'quarantine':
        this.quarantined.push({
          reason: outcome.reason,
          detail: outcome.detail,
          raw: this.bytesOf(outcome.raw, index),
        });
        return;
      case 'unknown-type':
        this.unknown.push({ type: outcome.type, raw: this.bytesOf(outcome.raw, index) });
        return;
      case 'ignored':
        this.withoutEntity += 1;
        if (recording) this.ignored.push(this.textOf(index));
    }
  }

  /** The body's text, or that of an element of its array. */
  private textOf(index: number): string {
    if (!Array.isArray(this.value)) return this.text;
    this.elements ??= elementTexts(this.text);
    return this.elements[index] ?? this.text;
  }

  /** The body as it came, or an element of its array. */
  private bytesOf(element: unknown, index: number): Buffer {
    return element === this.value ? this.body : Buffer.from(this.textOf(index));
  }
}
