import type { FieldRules, SetRule } from '../catalog.js';
import type { FieldDefinition } from '../definition/definitions.js';
import type { FieldBody } from '../source/schema.js';
import { compileAt, type EntityContext, FIRST_OWN_FIELD } from './entity-context.js';
import { lineageOfNames, resolveNames } from './event-names.js';
import { type Identity, identityOf } from './identity.js';

/** The `set:` rules of every field of an entity that has some. */
export function planSets(context: EntityContext): readonly FieldRules[] {
  return context.definitions.fields.flatMap((field, index) =>
    field.body === null || field.body.since !== undefined ? [] : [planField(context, field, field.body, index)],
  );
}

function planField(context: EntityContext, field: FieldDefinition, body: FieldBody, index: number): FieldRules {
  const written: unknown[] = [body.type, body.default];
  const reads: string[] = [];
  const rules = (body.set ?? []).flatMap((_, at) => {
    const planned = planSet(context, field, body, at);
    written.push(planned.rules);
    reads.push(...planned.reads);
    return planned.rule === null ? [] : [planned.rule];
  });
  if ((body.set ?? []).length === 0) warnNeverSet(context, field);
  context.lineage.add(`${context.kind}.${field.name}`, written, reads);
  return { field: FIRST_OWN_FIELD + index, rules };
}

interface PlannedSet extends Identity {
  readonly rule: SetRule | null;
}

function planSet(context: EntityContext, field: FieldDefinition, body: FieldBody, index: number): PlannedSet {
  const entry = body.set?.[index];
  if (entry === undefined || !checkEntry(context, field, index, entry)) return { rule: null, rules: null, reads: [] };
  const { withEvent: vocabulary, kind } = context;
  const action = entry.add === undefined ? 'to' : 'add';
  const want = action === 'add' ? 'number' : (body.type ?? 'label');
  const on = resolveNames(context, field, { value: entry.on, path: ['set', index, 'on'] });
  const when = compileAt(context, field, { path: ['set', index, 'when'], want: 'condition', vocabulary });
  const value = compileAt(context, field, { path: ['set', index, action], want, vocabulary });
  const identity = identityOf([when, value], [entry.on, action], lineageOfNames(context, on));
  if (value === null) return { rule: null, ...identity };
  const shared = { on, when: when?.evaluate ?? null, rule: `${kind}.${field.name}` };
  return { rule: { ...shared, action: { kind: action, value: value.evaluate } }, ...identity };
}

/** A rule has `to` or `add`, and only a number can be added to. */
function checkEntry(
  { findings }: EntityContext,
  field: FieldDefinition,
  index: number,
  entry: { readonly to?: unknown; readonly add?: unknown },
): boolean {
  if (entry.to === undefined && entry.add === undefined) {
    const message = `a set rule of "${field.name}" has neither "to" nor "add"`;
    const remedy = 'add to: with the new value; null is a value';
    findings.error(field.positionOf('set', index), { code: 'missing-key', message, remedy });
    return false;
  }
  if (entry.to !== undefined && entry.add !== undefined) {
    const message = `a set rule of "${field.name}" has both "to" and "add"`;
    const problem = { code: 'conflicting-keys', message, remedy: 'leave out one of them' } as const;
    findings.error(field.positionOfKey('set', index, 'add'), problem);
    return false;
  }
  if (entry.add !== undefined && field.body?.type !== 'number' && field.body?.type !== undefined) {
    const message = `"${field.name}" is no number: nothing can be added to it`;
    const problem = { code: 'wrong-type', message, remedy: 'use to: with the new value' } as const;
    findings.error(field.positionOfKey('set', index, 'add'), problem);
    return false;
  }
  return true;
}

function warnNeverSet({ findings }: EntityContext, field: FieldDefinition): void {
  findings.warning(field.at, {
    code: 'never-set',
    message: `the field "${field.name}" is never set`,
    remedy: 'add set: rules, or remove the field',
  });
}
