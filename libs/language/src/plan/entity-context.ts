import { EVENT_TYPES, type EntityKind } from '@app/event';
import { BUILT_IN_FIELDS, fieldBit, type FieldPlan, type NameIndex, type Reads } from '../catalog.js';
import type { Definition, EntityDefinitions } from '../definition/definitions.js';
import type { Findings } from '../diagnostic.js';
import { type Compiled, compileExpression, type Want } from '../expression/compile.js';
import type { Readable, Vocabulary } from '../expression/context.js';
import { entityVocabulary, stateReadable } from '../expression/vocabulary.js';
import type { KnownData } from '../expression/known-data.js';
import type { Zones } from '../expression/zones.js';
import type { Watch } from '../watch.js';
import { planFields } from './fields.js';
import type { Lineage } from './lineage.js';

/** What the planning of one kind of entity shares: its names and positions, and what its rules may read. */
export interface EntityContext {
  readonly kind: EntityKind;
  readonly definitions: EntityDefinitions;
  readonly fields: readonly FieldPlan[];
  readonly names: readonly string[];
  readonly nameIndexes: ReadonlyMap<string, NameIndex>;
  /** The own names of the other entity, to explain a mix-up. */
  readonly foreignNames: readonly string[];
  /** Rules that belong to an event. */
  readonly withEvent: Vocabulary;
  /** Rules over the state alone. */
  readonly stateOnly: Vocabulary;
  /** Rules of `over:` metrics. */
  readonly overState: Vocabulary;
  readonly complete: boolean;
  readonly findings: Findings;
  readonly lineage: Lineage;
  /** The metrics that some formula reads in windows. */
  readonly windowed: ReadonlySet<string>;
  readonly watch: Watch | null;
}

/** What all entities share. */
export interface Surroundings {
  readonly complete: boolean;
  readonly findings: Findings;
  readonly lineage: Lineage;
  readonly zones: Zones;
  readonly data: KnownData;
  readonly windowed: ReadonlySet<string>;
  /** Names in formulas that may be those of metrics, by the metric with the formula. */
  readonly formulaNames: ReadonlyMap<string, ReadonlySet<string>>;
  /** Who is shown what is decided; null for nobody. */
  readonly watch: Watch | null;
}

/** Gives every field and name of an entity its position. */
export function entityContext(
  definitions: EntityDefinitions,
  other: EntityDefinitions,
  surroundings: Surroundings,
): EntityContext {
  const { kind } = definitions;
  const { complete, findings, lineage, zones, data, windowed, watch } = surroundings;
  const fields = planFields(definitions, findings);
  const readables = readablesOf(definitions, fields);
  const names = [...EVENT_TYPES, ...definitions.ownEvents.map((own) => own.name)];
  const place = { entity: kind, fields: readables, complete, zones, data, watch };
  return {
    kind,
    definitions,
    fields,
    names,
    nameIndexes: new Map(names.map((name, index) => [name, index])),
    foreignNames: other.ownEvents.map((own) => own.name),
    withEvent: entityVocabulary({ ...place, readsEvent: true, allowsAge: false }),
    stateOnly: entityVocabulary({ ...place, readsEvent: false, allowsAge: false }),
    overState: entityVocabulary({ ...place, readsEvent: false, allowsAge: true }),
    complete,
    findings,
    lineage,
    windowed,
    watch,
  };
}

function readablesOf(definitions: EntityDefinitions, fields: readonly FieldPlan[]): ReadonlyMap<string, Readable> {
  const broken = new Set(definitions.fields.filter((field) => field.body === null).map((field) => field.name));
  return new Map(
    fields.map((field, index) => [field.name, stateReadable(broken.has(field.name) ? 'unknown' : field.type, index)]),
  );
}

/** The number of built-in fields, which come first. */
export const FIRST_OWN_FIELD = Object.keys(BUILT_IN_FIELDS).length;

/** The fields among the names that an expression reads; tables and calendars stay as they are. */
export function readsOf({ kind, fields }: EntityContext, reads: Iterable<string>): Reads {
  const names = new Set(reads);
  return fields.reduce((bits, { name }, index) => (names.has(`${kind}.${name}`) ? bits | fieldBit(index) : bits), 0);
}

/** Where an expression stands, for what, and what it may read. */
interface Wanted {
  readonly path: readonly (string | number)[];
  readonly want: Want;
  readonly vocabulary: Vocabulary;
}

/** Compiles the expression at a path of a definition; null when it is not there, or is broken (which was reported). */
export function compileAt(
  context: EntityContext,
  definition: Definition<unknown>,
  { path, want, vocabulary }: Wanted,
): Compiled | null {
  const text = definition.expressionAt(...path);
  const compiled = text === null ? null : compileExpression(text, want, vocabulary, context.findings);
  return compiled && shown(context.watch, definition, path, compiled);
}

/** Shows whoever watches what a condition or a `set` rule comes to; the `when` of such a rule is seen by its value. */
function shown(
  watch: Watch | null,
  definition: Definition<unknown>,
  path: Wanted['path'],
  compiled: Compiled,
): Compiled {
  const isSet = path[0] === 'set' && path.at(-1) !== 'when';
  if (watch === null || !(isSet || (path.length === 1 && path[0] === 'when'))) return compiled;
  const place = isSet ? definition.positionOf(...path.slice(0, 2)) : definition.positionOf(...path);
  const see = watch({ ...place, kind: isSet ? 'set' : 'when', name: definition.name, of: definition.at });
  const evaluate: Compiled['evaluate'] = (scope) => {
    const value = compiled.evaluate(scope);
    see(value);
    return value;
  };
  return { ...compiled, evaluate };
}
