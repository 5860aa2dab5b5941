import type { EntityRef } from '@app/event';
import type { EntityRecord } from './entity.js';
import type { Quiet } from './item.js';

/**
 * Where a partition's state lives. One store serves one partition; only the holder of its lease writes.
 * Implementations throw only for trouble of their own (away, full): such a call is tried again without end.
 * One contract suite (`store-contract.ts`) runs against all of them.
 */
export interface StateStore {
  /** The partition's head and the entities asked for, of one instant. */
  load(request: LoadRequest): Promise<Loaded>;
  /** Entities with something due at or before `instant` (ms), earliest first. */
  due(instant: number, limit: number): Promise<readonly EntityRef[]>;
  /** A page of all entities, for the switch to another catalog. A null cursor starts, a null `next` ends. */
  scan(cursor: string | null, limit: number): Promise<ScanPage>;
  /** Writes all of the change or nothing. */
  commit(change: Change): Promise<CommitOutcome>;
}

export interface LoadRequest {
  readonly entities: readonly EntityRef[];
  /** Fingerprints (32 hex digits) of event identities per entity: have they been seen? */
  readonly identities: readonly string[];
}

export interface Loaded {
  readonly head: PartitionHead;
  /** As asked for, in order; null for an entity that is not known. */
  readonly entities: readonly (EntityRecord | null)[];
  /**
   * Until when (ms of the partition's clock, exclusive) each identity is remembered, or null where it was not seen. An
   * event received at or after that is no duplicate, whatever else is in its batch: so batching changes no number.
   */
  readonly seenUntil: readonly (number | null)[];
}

export interface ScanPage {
  readonly entities: readonly EntityRef[];
  readonly next: string | null;
}

/** What a partition remembers of itself. */
export interface PartitionHead {
  /** Raised with each commit, and never the same again: the fence. */
  readonly version: number;
  /** The catalog under which the partition was last written (fingerprint, version); "" before the first commit. */
  readonly catalog: string;
  /** False while the switch to that catalog has not reached every entity. */
  readonly switched: boolean;
  /** Every layout under which an entity may be stored, by id (see `layout.ts`). */
  readonly layouts: ReadonlyMap<string, string>;
  /** The greatest receivedAt or tick instant that was applied (ms). */
  readonly clock: number;
  readonly quiet: Quiet | null;
  /** The job that was last applied, and how many of its items: a redelivered job goes on from there. */
  readonly job: string;
  readonly jobItems: number;
  /** When the earliest thing is due (ms), or null. */
  readonly nextDue: number | null;
}

/**
 * `committed`: with the version that the partition has now. `conflict`: another worker wrote since `load`. `refused`: nothing was written, since the series `outOfRange` would leave 64
 * bits, and the new label sets `overLimit` exceed the limit of their metric (see {@link SeriesDelta.limit}); both by
 * `seriesId`.
 */
export type CommitOutcome =
  | { readonly kind: 'committed'; readonly nextDue: number | null; readonly version: number }
  | { readonly kind: 'conflict' }
  | RefusedCommit;

/** What of a commit cannot be written. */
export interface RefusedCommit {
  readonly kind: 'refused';
  readonly outOfRange: readonly string[];
  readonly overLimit: readonly string[];
}

/** All that one commit writes. */
export interface Change {
  /** The version that `load` returned. */
  readonly expectedVersion: number;
  readonly catalog: string;
  readonly switched: boolean;
  /**
   * Only in the first and the last commit of a switch to another catalog: the layouts that there are from now on, and the
   * metrics (`seriesKey`) whose series stay.
   */
  readonly takeover: { readonly layouts: ReadonlyMap<string, string>; readonly metrics: readonly string[] } | null;
  readonly clock: number;
  readonly quiet: Quiet | null;
  readonly job: string;
  readonly jobItems: number;
  readonly entities: readonly EntityWrite[];
  /** Identities to remember for at least 72 h of the partition's clock. */
  readonly marks: readonly string[];
  /** Per mark, the receivedAt that counted for its event (ms); without it, all are remembered from `clock` on. */
  readonly marksAt?: readonly number[];
  /** Each series at most once. */
  readonly series: readonly SeriesDelta[];
  readonly ages: readonly AgeWrite[];
  /** Accounts seen (idempotent): gauges without labels are 0 for them. */
  readonly accounts: readonly string[];
  /** The partition's own counters, by `name|label value|…` (see `stats.ts`); added. */
  readonly stats: ReadonlyMap<string, number>;
}

export interface EntityWrite {
  readonly ref: EntityRef;
  /** Null: the entity and what it held are gone. */
  readonly record: EntityRecord | null;
  /** When something of it is due (ms), or null. */
  readonly due: number | null;
}

/** What is added to one series. Sums are integer micro-units and may pass 2^53, hence bigint. */
export interface SeriesDelta {
  /** `name@revision` of the metric. */
  readonly metric: string;
  readonly kind: 'counter' | 'histogram' | 'gauge' | 'age';
  /** Label values, the account first. */
  readonly labels: readonly string[];
  /** The same as JSON: by it a store knows the series. */
  readonly labelsText: string;
  readonly sum: bigint;
  readonly count: number;
  /** Per bucket (not cumulative), the last being +Inf; empty unless a histogram. */
  readonly buckets: readonly number[];
  /**
   * The most label sets that the metric may have with this account; all deltas of one metric with a limit have the same. 0:
   * the series may always be there, and is not counted (the overflow itself; minutes and values go with their series).
   */
  readonly limit: number;
  /** The least event time of what is added (ms): `_created`. */
  readonly created: number;
  /** The greatest (ms): a counter or histogram lives for 400 days after it. */
  readonly touched: number;
}

/** An entity's place in the ordered set of an `age` gauge's series. */
export interface AgeWrite {
  readonly metric: string;
  /** The labels of the series as JSON. */
  readonly labelsText: string;
  readonly member: string;
  /** The time whose age counts (ms), or null to leave. */
  readonly since: number | null;
}

/** One series as it is kept, merged over partitions by the reader. */
export interface KeptSeries {
  readonly metric: string;
  readonly labels: readonly string[];
  readonly sum: bigint;
  readonly count: number;
  readonly buckets: readonly number[];
  readonly created: number;
  readonly touched: number;
}

/** The least and greatest times of an `age` gauge's series. */
export interface AgeRange {
  readonly min: number;
  readonly max: number;
}

/** What exposition reads. `series` yields in slices, so that no read blocks for long. */
export interface SeriesReader {
  /** Every kept series of the metrics named by `seriesKey`, in any order. */
  series(metrics: readonly string[]): AsyncIterable<readonly KeptSeries[]>;
  ages(metric: string, labels: readonly string[]): Promise<AgeRange | null>;
  accounts(): Promise<readonly string[]>;
  stats(): Promise<ReadonlyMap<string, number>>;
}
