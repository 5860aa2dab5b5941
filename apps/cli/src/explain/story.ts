import type { TracedStep } from '@app/engine';
import type { FieldPlan, Value } from '@app/language';
import type { FieldValue } from './explanation.js';

/** The accounts of which entities the steps tell, each once, sorted. */
export function accountsOf(steps: readonly TracedStep[]): readonly string[] {
  return [...new Set(steps.map((step) => step.entity.accountId))].sort();
}

/** The fields after the last step; the built-in names of the entity itself are left out. */
export function lastValues(fields: readonly FieldPlan[], steps: readonly TracedStep[]): readonly FieldValue[] {
  const changed = new Map<string, Value>();
  for (const { changes } of steps) for (const { field, after } of changes) changed.set(field, after);
  return fields
    .filter(({ name }) => !ITSELF.has(name))
    .map(({ name, type, initial }) => ({
      name,
      type,
      value: changed.get(name) ?? (changed.has(name) ? null : initial),
    }));
}

/** Fields that say which entity it is. */
export const ITSELF: ReadonlySet<string> = new Set(['id', 'accountId']);
