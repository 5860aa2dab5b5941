/**
 * All that was received, as Parquet files in folders by account and date, locally or in a store that speaks S3: writing
 * them exactly once, keeping them in shape, reading them in order, asking them in SQL. Knows nothing of queues or metrics.
 */
export { openDuck } from './duck.js';
export { type Extent, liveFiles } from './files.js';
export { maskOf } from './personal.js';
export { openPlace } from './places/open-place.js';
export type { ArchivePlace } from './places/place.js';
export { attach } from './query.js';
export { archivedLines, spanOf } from './reader.js';
export { type ArchiveRow, decodeRow, type EncodedRow, encodeRow, rowOf, type RowKind, weightOf } from './row.js';
export { keepUp } from './upkeep.js';
export { type ArchiveJob, ArchiveWriter, type Written } from './writer.js';
