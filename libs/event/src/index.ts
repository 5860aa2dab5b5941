/**
 * The normalised event, and what each source's wire format makes of it. Knows nothing of metrics, queues or storage.
 */
export {
  AGENT_STATES,
  type AgentState,
  ENTITY_KINDS,
  entityKey,
  type EntityKind,
  entityOf,
  type EntityRef,
  type Event,
  EVENT_FIELDS,
  EVENT_TYPES,
  type EventType,
  NOTHING_CARRIED,
  parseEntityKey,
} from './event.js';
export { EVENT_FIELD_MEANINGS, EVENT_TYPE_MEANINGS } from './meanings.js';
export { hash128 } from './hash.js';
export { fingerprintOf, fingerprintOfAgain, identityOf } from './identity.js';
export { contentOf } from './liveperson/content.js';
export { DELIVERY_LIMIT, normaliseLivePerson } from './liveperson/normalise.js';
export {
  EVENT_WARNINGS,
  type EventWarning,
  type Outcome,
  QUARANTINE_REASONS,
  type QuarantineReason,
} from './liveperson/outcome.js';
export { type Delivery } from './liveperson/read-event.js';
export { withoutNames } from './personal.js';
