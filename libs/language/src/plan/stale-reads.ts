import type { ASTNode } from '@marcbachmann/cel-js';
import type { Definitions, EntityDefinitions, FieldDefinition, MetricDefinition } from '../definition/definitions.js';
import type { Findings } from '../diagnostic.js';
import { canonicalText } from '../expression/canonical.js';
import { textOf } from '../expression/context.js';
import { membersRead, treeAt } from '../expression/members-read.js';
import { fieldsByMember, metricsOfKind, pathsOfLabels } from './expressions-of.js';

/**
 * Warns of a metric whose value or label is a field that the same event sets: it is the value before. It is silent where the
 * value before must be meant: beside something of the event, as in `event.time - conversation.waitingSince`, and where the
 * event sets the field to a constant, such as null or 0.
 */
export function warnOfStaleReads({ entities, metrics }: Definitions, findings: Findings): void {
  for (const entity of [entities.conversation, entities.agent]) {
    for (const metric of metricsOfKind(metrics, entity.kind)) {
      if (metric.body?.on !== undefined) warnOfStaleRead(entity, metric, findings);
    }
  }
}

function warnOfStaleRead(entity: EntityDefinitions, metric: MetricDefinition, findings: Findings): void {
  const fields = fieldsByMember(entity);
  for (const path of [['value'], ...pathsOfLabels(metric)]) {
    const members = [...membersRead(treeAt(metric, path))];
    if (members.some((member) => member.startsWith('event.'))) continue;
    for (const member of members) {
      const set = setBeside(member, fields.get(member), metric);
      if (set === null) continue;
      findings.warning(metric.positionOf(...path), {
        code: 'stale-read',
        message: `the event that is measured also sets ${member}: this reads the value before it`,
        remedy: `read what it is set to, ${set}, or leave it if the value before is meant`,
      });
    }
  }
}

/** What a field is set to with the very events of a metric, as text; null when it is not, or to a constant. */
function setBeside(member: string, field: FieldDefinition | undefined, metric: MetricDefinition): string | null {
  if (field === undefined) return null;
  const index = (field.body?.set ?? []).findIndex((_, at) => isBeside(field, at, metric));
  const to = treeAt(field, ['set', index, 'to']);
  const add = treeAt(field, ['set', index, 'add']);
  if (add !== null) return `${member} + ${textOf(add)}`;
  return to === null || to.op === 'value' ? null : textOf(to);
}

/** Whether a rule of a field takes effect whenever the metric is measured. */
function isBeside(field: FieldDefinition, index: number, metric: MetricDefinition): boolean {
  const names = [field.body?.set?.[index]?.on ?? []].flat();
  const measured = [metric.body?.on ?? []].flat();
  const when = textAt(treeAt(field, ['set', index, 'when']));
  return measured.every((name) => names.includes(name)) && (when === null || when === textAt(treeAt(metric, ['when'])));
}

function textAt(tree: ASTNode | null): string | null {
  return tree === null ? null : canonicalText(tree);
}
