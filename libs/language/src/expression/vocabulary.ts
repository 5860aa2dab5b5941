import { EVENT_FIELDS, type EntityKind, type Event } from '@app/event';
import type { Scope, Value, ValueType } from '../catalog.js';
import type { ObjectNames, Readable, Vocabulary } from './context.js';
import type { KnownData } from './known-data.js';
import type { Run, StaticType } from './term.js';
import type { Watch } from '../watch.js';
import type { Zones } from './zones.js';

/** How each field of the event is read; written out, because a read by a variable name is several times slower. */
const EVENT_VALUES: { readonly [K in keyof Event]: (scope: Scope) => Value | undefined } = {
  type: ({ event }) => event.type,
  time: ({ event }) => event.time,
  receivedAt: ({ event }) => event.receivedAt,
  accountId: ({ event }) => event.accountId,
  uid: ({ event }) => event.uid,
  conversationId: ({ event }) => event.conversationId,
  agentId: ({ event }) => event.agentId,
  agentName: ({ event }) => event.agentName,
  isAssigned: ({ event }) => event.isAssigned,
  effectiveTtr: ({ event }) => event.effectiveTtr,
  stateCode: ({ event }) => event.stateCode,
  state: ({ event }) => event.state,
  reasonCode: ({ event }) => event.reasonCode,
  reason: ({ event }) => event.reason,
  viewName: ({ event }) => event.viewName,
  actionName: ({ event }) => event.actionName,
  assignedWeight: ({ event }) => event.assignedWeight,
  maxSlots: ({ event }) => event.maxSlots,
  assignedConversations: ({ event }) => event.assignedConversations,
};

const RUNTIME_TYPES: Readonly<Record<ValueType, string>> = {
  time: 'number',
  number: 'number',
  string: 'string',
  bool: 'boolean',
};

/** A value of another type than was declared is no result: it must not surprise what is computed from it. */
function checked(type: ValueType, read: (scope: Scope) => Value | undefined): Run {
  const expected = RUNTIME_TYPES[type];
  return (scope) => {
    const value = read(scope);
    return value === null || typeof value === expected ? value : undefined;
  };
}

const EVENT_NAMES: ObjectNames = {
  kind: 'fields',
  complete: true,
  fields: new Map(
    Object.entries(EVENT_FIELDS).map(([name, type]) => [
      name,
      { type, run: checked(type, EVENT_VALUES[name as keyof Event]) },
    ]),
  ),
};

/** A state field as it is read by its position. `unknown`: its definition is broken. */
export function stateReadable(type: StaticType, index: number): Readable {
  if (typeof type === 'object' || type === 'null' || type === 'unknown') return { type, run: () => undefined };
  return { type, run: checked(type, (scope) => scope.state[index]) };
}

const WHY_NO_EVENT = 'it is evaluated whenever the state changes, not only with an event';

/** Where an entity's rule stands, and with it what it may read. */
export interface Place {
  readonly entity: EntityKind;
  readonly fields: ReadonlyMap<string, Readable>;
  /** False when a file could not be read: a field that is not known may be defined there. */
  readonly complete: boolean;
  /** Whether the rule belongs to an event. */
  readonly readsEvent: boolean;
  readonly allowsAge: boolean;
  readonly zones: Zones;
  readonly data: KnownData;
  readonly watch?: Watch | null;
}

const NONE: ReadonlyMap<string, never> = new Map<string, never>();

/** What a rule of an entity may name. */
export function entityVocabulary(place: Place): Vocabulary {
  const { entity, fields, complete, readsEvent, allowsAge, zones, data, watch = null } = place;
  const other = entity === 'agent' ? 'conversation' : 'agent';
  const refusedEvent: ObjectNames = {
    kind: 'refused',
    message: `event.* cannot be read here: ${WHY_NO_EVENT}`,
    remedy: `keep what you need in a field of ${entity} and read that`,
  };
  const refusedOther: ObjectNames = {
    kind: 'refused',
    message: `a rule of ${entity} cannot read ${other}.*: each entity has its own order of events`,
    remedy: `keep what you need in a field of ${entity}, set from the event`,
  };
  return {
    objects: new Map([
      ['event', readsEvent ? EVENT_NAMES : refusedEvent],
      [entity, { kind: 'fields', fields, complete }],
      [other, refusedOther],
    ] as const),
    names: NONE,
    unknownName: null,
    refusedNames: NONE,
    calls: NONE,
    allowsAge,
    zones,
    data,
    watch,
  };
}
