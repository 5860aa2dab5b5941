/**
 * The engine: events change entities, entities and events change series. Pure: it knows no framework, no clock and no
 * I/O; state comes in and goes out through the {@link StateStore} port.
 */
export { decodeRecord, encodeRecord } from './codec.js';
export { type Contribution, type EntityRecord, type RecentEvent, type TimerRecord } from './entity.js';
export { formatEventItem, parseEventItem } from './event-item.js';
export type { EventItem, Item, OutageItem, Quiet, TickItem } from './item.js';
export { type Layout, parseLayout } from './layout.js';
export { OVERFLOW } from './running-series.js';
export { MemoryStore } from './memory-store.js';
export { compareKeys, type OrderKey, orderKeyOf } from './order.js';
export { type Job, LINEUP_MAX } from './lineup.js';
export { type JobOutcome, Partition, type PartitionOptions, type Poison } from './partition.js';
export type { Term } from './takeover.js';
export { MINUTE_MS, minuteIn, minuteKey, minuteOf, MINUTES_KEPT } from './minutes.js';
export { splitValue, valuesKey } from './spread.js';
export { Replay, type ReplayOptions } from './replay.js';
export {
  COUNT_LIMIT,
  MARK_BUCKET_MS,
  markBucketEnd,
  markBucketOf,
  oldestMarkBucket,
  SERIES_LIFE_MS,
  SUM_LIMIT,
} from './retention.js';
export type {
  AgeRange,
  AgeWrite,
  Change,
  CommitOutcome,
  EntityWrite,
  KeptSeries,
  Loaded,
  LoadRequest,
  PartitionHead,
  RefusedCommit,
  ScanPage,
  SeriesDelta,
  SeriesReader,
  StateStore,
} from './store.js';
export type { Trace, TracedStep, TracedValue } from './trace.js';
