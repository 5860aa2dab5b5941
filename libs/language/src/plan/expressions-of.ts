import type { ASTNode } from '@marcbachmann/cel-js';
import type { EntityKind } from '@app/event';
import type { Definition, EntityDefinitions, FieldDefinition, MetricDefinition } from '../definition/definitions.js';
import { treeAt } from '../expression/members-read.js';

/** Where an expression stands below its definition. */
export type ExpressionPath = readonly (string | number)[];

/** Where the expressions of a field stand. */
export function pathsOfField({ body }: FieldDefinition): readonly ExpressionPath[] {
  const rules = body?.set ?? [];
  return [['since'], ...rules.flatMap((_, index) => ['when', 'to', 'add'].map((key) => ['set', index, key]))];
}

/** Where those of an own event stand. */
export const PATHS_OF_OWN_EVENT: readonly ExpressionPath[] = [['when'], ['at']];

/** Where those of a metric by events or over state stand. */
export function pathsOfMetric(metric: MetricDefinition): readonly ExpressionPath[] {
  return [['when'], ['value'], ...pathsOfLabels(metric)];
}

/** Where those of its labels stand. */
export function pathsOfLabels({ body }: MetricDefinition): readonly ExpressionPath[] {
  return Object.keys(body?.labels ?? {}).map((name) => ['labels', name]);
}

/** The trees of the expressions at some paths of a definition, without those that cannot be read. */
export function treesAt(definition: Definition<unknown>, paths: readonly ExpressionPath[]): readonly ASTNode[] {
  return paths.flatMap((path) => treeAt(definition, path) ?? []);
}

/** The metrics whose expressions read this kind of entity. */
export function metricsOfKind(metrics: readonly MetricDefinition[], kind: EntityKind): readonly MetricDefinition[] {
  return metrics.filter(({ body }) => body !== null && (body.for === kind || body.over === kind));
}

/** A field by its name in expressions, as `agent.state`, and its definition. */
export function fieldsByMember({ kind, fields }: EntityDefinitions): ReadonlyMap<string, FieldDefinition> {
  return new Map(fields.map((field) => [`${kind}.${field.name}`, field]));
}
