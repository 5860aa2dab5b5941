import { isUtf8 } from 'node:buffer';
import { type ArchiveRow, type EncodedRow, encodeRow, rowOf } from '@app/archive';
import { contentOf } from '@app/event';
import { type Accepted, bodyHash, type Delivery } from '../delivery.js';
import type { Origin } from '../shelf.js';
import { type Instants, isComplete } from '../shares.js';

/** Where rows go; resolves when they are on disk. */
export interface RowSink {
  add(rows: readonly EncodedRow[]): Promise<void>;
}

export interface ArchiveParts {
  /** This process, distinct among all that ever ran. */
  readonly replica: string;
  /** Takes personal fields out of a row; null where there are none to take out. */
  readonly mask: ((row: ArchiveRow) => ArchiveRow) | null;
  readonly sink: RowSink;
}

/** What was received in one request, with its places in the order of receipt. */
export interface Receipt {
  /** Archives it, of the events those that every one of their partitions has stored, with the instants that count there. */
  store(instants: readonly Instants[]): Promise<void>;
}

/** Turns what is received into rows of the archive. */
export class Archive {
  private sequence = 0;

  constructor(private readonly parts: ArchiveParts) {}

  /** Takes places for all of a delivery; null where it holds nothing. */
  take(origin: Origin, delivery: Delivery): Receipt | null {
    const { events, quarantined, unknown, ignored } = delivery;
    const first = this.sequence + 1;
    this.sequence += events.length + quarantined.length + unknown.length + ignored.length;
    if (this.sequence < first) return null;
    return {
      store: (instants) => {
        const rows = [...eventRows(events, instants), ...otherRows(delivery)];
        const { source, receivedAt } = origin;
        return this.send(
          rows.map(({ place, row, hasUid }) => ({
            ...this.masked(row, hasUid),
            source,
            sequence: first + place,
            receivedAt: row.kind === 'event' ? row.receivedAt : receivedAt,
            accountId: row.accountId ?? origin.accountId,
          })),
        );
      },
    };
  }

  /** No ingestion replica was ready between two instants (ms). */
  outage(from: number, to: number): Promise<void> {
    this.sequence += 1;
    const raw = JSON.stringify({ outage: { from, to } });
    return this.send([rowOf({ kind: 'outage', receivedAt: to, sequence: this.sequence, raw })]);
  }

  private async send(rows: readonly ArchiveRow[]): Promise<void> {
    const { replica, sink } = this.parts;
    if (rows.length > 0) await sink.add(rows.map((row) => encodeRow({ ...row, replica })));
  }

  /** Where a hash of the content stands for a uid, it has to be of what is left: of the rest it would let somebody guess. */
  private masked(row: ArchiveRow, hasUid: boolean): ArchiveRow {
    const { mask } = this.parts;
    if (mask === null) return row;
    const masked = mask(row);
    return hasUid ? masked : { ...masked, uid: masked.raw === null ? null : uidOfContent(masked.raw) };
  }
}

function uidOfContent(json: string): string | null {
  const content = contentOf(JSON.parse(json) as Parameters<typeof contentOf>[0]);
  return content === null ? null : bodyHash(content);
}

/** A row, and how many of its delivery stand before it. */
interface Placed {
  readonly place: number;
  readonly row: ArchiveRow;
  /** False for an event whose uid is a hash of its content. */
  readonly hasUid: boolean;
}

function eventRows(events: readonly Accepted[], instants: readonly Instants[]): Placed[] {
  return events.flatMap(({ event, json, warnings }, place) => {
    const of = instants[place];
    if (of === undefined || !isComplete(event, of)) return [];
    const receivedAt = of.conversation ?? of.agent ?? event.receivedAt;
    const { type, uid, accountId, conversationId, agentId } = event;
    const row = rowOf({
      kind: 'event',
      receivedAt,
      agentReceivedAt: of.agent === receivedAt ? null : of.agent,
      type,
      uid,
      eventTime: event.time,
      accountId,
      conversationId,
      agentId,
      raw: json,
    });
    return [{ place, row, hasUid: !warnings.includes('uid-missing') }];
  });
}

function otherRows({ events, quarantined, unknown, ignored }: Delivery): Placed[] {
  const rows = [
    ...quarantined.map(({ reason, detail, raw }) => rowOf({ kind: 'quarantined', reason, detail, ...rawOf(raw) })),
    ...unknown.map(({ type, raw }) => rowOf({ kind: 'unknown', type, ...rawOf(raw) })),
    ...ignored.map((raw) => rowOf({ kind: 'ignored', ...rawOf(Buffer.from(raw)) })),
  ];
  return rows.map((row, index) => ({ place: events.length + index, row, hasUid: true }));
}

function rawOf(raw: Buffer): Partial<ArchiveRow> {
  if (!isUtf8(raw)) return { rawBase64: raw.toString('base64') };
  const text = raw.toString('utf8');
  return { raw: text, accountId: accountNamedIn(text) };
}

/** The account that a body names, where it is one event in JSON. */
function accountNamedIn(text: string): string | null {
  try {
    const body = JSON.parse(text) as { commonHeader?: { accountId?: unknown } } | null;
    const account = body?.commonHeader?.accountId;
    return typeof account === 'string' && account !== '' ? account : null;
  } catch {
    return null;
  }
}
