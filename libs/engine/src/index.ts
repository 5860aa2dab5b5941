/**
 * The engine: events change entities, entities and events change series. Pure: it knows no framework, no clock and no
 * I/O; state comes in and goes out through the {@link StateStore} port.
 */
export { blankRecord, type Contribution, type EntityRecord, type TimerRecord } from './entity.js';
export type { EventItem, Item, OutageItem, Quiet, TickItem } from './item.js';
export { type Layout, parseLayout } from './layout.js';
export { compareKeys, type OrderKey, orderKeyOf, timerKey } from './order.js';
export { type Job, type JobOutcome, Partition, type PartitionOptions, type Poison } from './partition.js';
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
  ScanPage,
  SeriesDelta,
  SeriesReader,
  StateStore,
} from './store.js';
