import { EVENT_TYPES } from '@app/event';
import type { NameIndex } from '../catalog.js';
import type { Definition } from '../definition/definitions.js';
import type { Problem } from '../diagnostic.js';
import { didYouMean } from '../nearest-name.js';
import type { EntityContext } from './entity-context.js';

/** The value of an `on:`, and where it stands below its definition. */
export interface NamesAt {
  readonly value: string | readonly string[] | undefined;
  readonly path: readonly (string | number)[];
}

/** The positions of the names of an `on:`; those that do not exist are reported. */
export function resolveNames(
  context: EntityContext,
  definition: Definition<unknown>,
  { value, path }: NamesAt,
): readonly NameIndex[] {
  const list = value === undefined ? [] : typeof value === 'string' ? [value] : value;
  return list.flatMap((name, at) => {
    const index = context.nameIndexes.get(name);
    if (index !== undefined) return [index];
    if (context.complete || isForeign(context, name)) {
      const below = typeof value === 'string' ? path : [...path, at];
      context.findings.error(definition.positionOf(...below), unknownName(context, name));
    }
    return [];
  });
}

function isForeign(context: EntityContext, name: string): boolean {
  return context.foreignNames.includes(name);
}

function unknownName(context: EntityContext, name: string): Problem {
  const { kind } = context;
  const other = kind === 'agent' ? 'conversation' : 'agent';
  if (isForeign(context, name)) {
    return {
      code: 'unknown-name',
      message: `"${name}" is an own event of ${other}, and this rule is of ${kind}`,
      remedy: `define the event for ${kind} as well, or use it in a rule of ${other}`,
    };
  }
  return {
    code: 'unknown-name',
    message: `"${name}" is neither an incoming event nor an own event of ${kind}`,
    remedy: didYouMean(name, context.names, `the incoming events are ${EVENT_TYPES.join(', ')}`),
  };
}

/** The keys under which a rule's names stand in the lineage; incoming events need none. */
export function lineageOfNames({ kind, names }: EntityContext, indexes: readonly NameIndex[]): readonly string[] {
  return indexes.map((index) => `${kind}:${names[index] ?? ''}`);
}
