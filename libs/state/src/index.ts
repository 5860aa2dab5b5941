/**
 * The engine's state in Redis: one Lua call writes a batch, or nothing of it. Knows keys and encodings, and nothing of
 * what events mean or of who holds a partition's lease.
 */
export { type CatalogInForce, type CatalogProposal, CatalogRegistry } from './catalog-registry.js';
export { clearState, hasState } from './clear-state.js';
export { checkDurability, type Durability, type MemoryUse, memoryUse, requireDurability } from './durability.js';
export {
  ENGINE_FAILURE,
  type KeptQuarantineEntry,
  type QuarantineEntry,
  type QuarantineFilter,
  type QuarantineLimits,
  type QuarantinePage,
  QuarantineStore,
  type QuarantineSummary,
  type QuarantineUse,
} from './quarantine-store.js';
export { type KeptEntity, RedisEntityReader } from './redis-entity-reader.js';
export { RedisSeriesReader } from './redis-series-reader.js';
export { RedisStateStore, type RedisStateStoreOptions } from './redis-state-store.js';
export { type ReplayOutcome, type ReplayRequest, ReplayRequests } from './replay-requests.js';
export {
  type KeptUnknownEvent,
  type UnknownEvent,
  type UnknownLimits,
  UnknownTypesStore,
} from './unknown-types-store.js';
