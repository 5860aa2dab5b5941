import type { FieldRules, SetRule, SincePlan } from '../catalog.js';
import type { FieldDefinition } from '../definition/definitions.js';
import type { FieldBody } from '../source/schema.js';
import { compileAt, type EntityContext, FIRST_OWN_FIELD } from './entity-context.js';
import { lineageOfNames, resolveNames } from './event-names.js';
import { orderByDependency } from './topology.js';

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
    written.push(planned.text);
    reads.push(...planned.reads);
    return planned.rule === null ? [] : [planned.rule];
  });
  if ((body.set ?? []).length === 0) warnNeverSet(context, field);
  context.lineage.add(`${context.kind}.${field.name}`, written, reads);
  return { field: FIRST_OWN_FIELD + index, rules };
}

interface PlannedSet {
  readonly rule: SetRule | null;
  readonly text: unknown;
  readonly reads: readonly string[];
}

function planSet(context: EntityContext, field: FieldDefinition, body: FieldBody, index: number): PlannedSet {
  const entry = body.set?.[index];
  const path = ['set', index];
  const kind = entry?.add === undefined ? 'to' : 'add';
  if (entry === undefined || !checkEntry(context, field, index, entry)) return { rule: null, text: null, reads: [] };
  const { withEvent: vocabulary } = context;
  const on = resolveNames(context, field, { value: entry.on, path: [...path, 'on'] });
  const when = compileAt(context, field, { path: [...path, 'when'], want: 'condition', vocabulary });
  const want = kind === 'add' ? 'number' : (body.type ?? 'string');
  const value = compileAt(context, field, { path: [...path, kind], want, vocabulary });
  const rule = `${context.kind}.${field.name}`;
  return {
    rule: value && { on, when: when?.evaluate ?? null, action: { kind, value: value.evaluate }, rule },
    text: [entry.on, when?.canonical, kind, value?.canonical],
    reads: [...(when?.reads ?? []), ...(value?.reads ?? []), ...lineageOfNames(context, on)],
  };
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

interface Since {
  readonly name: string;
  readonly reads: readonly string[];
  readonly plan: SincePlan | null;
  readonly field: FieldDefinition;
}

/** The `since:` fields in an order in which each follows those that it reads. */
export function planSinces(context: EntityContext): readonly SincePlan[] {
  const sinces = context.definitions.fields.flatMap((field, index) =>
    field.body?.since === undefined ? [] : [planSince(context, field, index)],
  );
  const { ordered, cycles } = orderByDependency(sinces, (since) => since.reads);
  for (const cycle of cycles) {
    const first = sinces.find((since) => since.name === cycle[0]);
    if (first === undefined) continue;
    context.findings.error(first.field.positionOf('since'), {
      code: 'cycle',
      message: `since: conditions read each other in a circle: ${cycle.join(' → ')}`,
      remedy: 'let one of them read a field that is set by an event',
    });
  }
  return ordered.flatMap((since) => since.plan ?? []);
}

function planSince(context: EntityContext, field: FieldDefinition, index: number): Since {
  const { kind, lineage, stateOnly } = context;
  const condition = compileAt(context, field, { path: ['since'], want: 'condition', vocabulary: stateOnly });
  const rule = `${kind}.${field.name}`;
  lineage.add(rule, ['since', condition?.canonical], condition?.reads ?? []);
  const plan = condition && { field: FIRST_OWN_FIELD + index, condition: condition.evaluate, rule };
  return { name: rule, reads: [...(condition?.reads ?? [])], plan, field };
}
