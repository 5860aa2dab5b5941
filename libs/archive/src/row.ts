/** What became of what was received. `outage`: no ingestion replica was ready for a while. */
export const ROW_KINDS = ['event', 'unknown', 'quarantined', 'ignored', 'outage'] as const;

export type RowKind = (typeof ROW_KINDS)[number];

/** One receipt: an event as it came, and what is known of it. Times in ms. */
export interface ArchiveRow {
  /** When it was received, as it counts in the partition of its conversation (or agent, where it names no conversation). */
  readonly receivedAt: number;
  /** As it counts in the agent's partition, where that differs. */
  readonly agentReceivedAt: number | null;
  /** The ingestion process that received it; with `sequence` it is the row's key. */
  readonly replica: string;
  /** The how-many-eth receipt of that process. */
  readonly sequence: number;
  readonly kind: RowKind;
  readonly source: string | null;
  readonly accountId: string | null;
  readonly type: string | null;
  /** The event's own id; with its type, conversation and agent it is equal for all copies of an event of an account. */
  readonly uid: string | null;
  readonly eventTime: number | null;
  readonly conversationId: string | null;
  readonly agentId: string | null;
  /** Why it was set aside. */
  readonly reason: string | null;
  readonly detail: string | null;
  /** The body, or its element of a body that is an array, as it came; null where that is not UTF-8. */
  readonly raw: string | null;
  /** The body in base64 where it is not UTF-8. */
  readonly rawBase64: string | null;
}

const NOTHING: ArchiveRow = {
  receivedAt: 0,
  agentReceivedAt: null,
  replica: '',
  sequence: 0,
  kind: 'event',
  source: null,
  accountId: null,
  type: null,
  uid: null,
  eventTime: null,
  conversationId: null,
  agentId: null,
  reason: null,
  detail: null,
  raw: null,
  rawBase64: null,
};

const FIELDS = Object.keys(NOTHING) as (keyof ArchiveRow)[];

/** A row with nothing but what is given. */
export function rowOf(given: Partial<ArchiveRow>): ArchiveRow {
  return { ...NOTHING, ...given };
}

/** A row as it stands in the queue and on disk: its values, and a mark where a spool brought it. */
export type EncodedRow = readonly unknown[];

/** A row that comes out of the queue. */
export interface QueuedRow {
  readonly row: ArchiveRow;
  /** Whether it was kept on disk for a while: then it may come more than once, in whatever jobs. */
  readonly spooled: boolean;
}

const SPOOLED_AT = FIELDS.length;

export function encodeRow(row: ArchiveRow): EncodedRow {
  return FIELDS.map((field) => row[field]);
}

/** Marks a row as one that a spool brings. */
export function spooledRow(encoded: EncodedRow): EncodedRow {
  return [...encoded.slice(0, SPOOLED_AT), true];
}

/** The inverse of both. */
export function decodeRow(encoded: EncodedRow): QueuedRow {
  const row = Object.fromEntries(FIELDS.map((field, index) => [field, encoded[index]])) as unknown as ArchiveRow;
  // A row that an earlier version has put into the queue is marked by a text.
  return { row, spooled: encoded.length > SPOOLED_AT };
}

const RAW_AT = FIELDS.indexOf('raw');
const BASE64_AT = FIELDS.indexOf('rawBase64');

/** About how many bytes a row takes. */
export function weightOf(encoded: EncodedRow): number {
  const raw = encoded[RAW_AT] ?? encoded[BASE64_AT];
  return 300 + (typeof raw === 'string' ? raw.length : 0);
}
