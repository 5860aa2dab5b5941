/**
 * All that was received, as Parquet files in folders by account and date, locally or in a store that speaks S3: writing
 * them exactly once, keeping them in shape, reading them in order, asking them in SQL. Knows nothing of queues or metrics.
 */
export { openDuck } from './duck.js';
export { type Extent, liveFiles } from './files.js';
export type { ArchiveJob } from './jobs.js';
export { type ArchiveFile, utcDate } from './layout.js';
export { IDENTIFYING, maskOf } from './personal.js';
export { openPlace } from './places/open-place.js';
export type { ArchivePlace } from './places/place.js';
export { attach } from './query.js';
export { archivedLines } from './reader.js';
export {
  type ArchiveRow,
  decodeRow,
  type EncodedRow,
  encodeRow,
  rowOf,
  type RowKind,
  spooledRow,
  weightOf,
} from './row.js';
export { rowsOfSegment, segmentName, segmentsIn } from './spool-segment.js';
export { keepUp } from './upkeep.js';
export { ArchiveWriter, type Written } from './writer.js';
