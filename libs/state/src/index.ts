/**
 * The engine's state in Redis: one Lua call writes a batch, or nothing of it. Knows keys and encodings, and nothing of
 * what events mean or of who holds a partition's lease.
 */
export { RedisSeriesReader } from './redis-series-reader.js';
export { RedisStateStore, type RedisStateStoreOptions } from './redis-state-store.js';
