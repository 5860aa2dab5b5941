import type { FieldPlan, Value, ValueType } from '../catalog.js';
import type { EntityDefinitions, FieldDefinition } from '../definition/definitions.js';
import type { Findings } from '../diagnostic.js';
import { typeName } from '../expression/term.js';
import type { FieldBody } from '../source/schema.js';

const BUILT_IN: readonly FieldPlan[] = [
  { name: 'id', type: 'string', initial: null },
  { name: 'accountId', type: 'string', initial: null },
  { name: 'lastEventAt', type: 'time', initial: null },
];

/** The fields of an entity by position: the built-in ones, then its own in written order. */
export function planFields(definitions: EntityDefinitions, findings: Findings): readonly FieldPlan[] {
  return [...BUILT_IN, ...definitions.fields.map((field) => planField(field, findings))];
}

function planField(field: FieldDefinition, findings: Findings): FieldPlan {
  const { name, body } = field;
  if (body === null) return { name, type: 'string', initial: null };
  checkKeys(field, body, findings);
  const type = body.since === undefined ? (body.type ?? 'string') : 'time';
  return { name, type, initial: initialOf(field, body, type, findings) };
}

function checkKeys({ name, at, positionOfKey }: FieldDefinition, body: FieldBody, findings: Findings): void {
  if (body.since === undefined) {
    if (body.type !== undefined) return;
    const message = `the field "${name}" has no "type"`;
    findings.error(at, { code: 'missing-key', message, remedy: 'add type: time, number, string or bool; or since:' });
    return;
  }
  for (const key of ['type', 'default', 'set'] as const) {
    if (body[key] === undefined) continue;
    findings.error(positionOfKey(key), {
      code: 'conflicting-keys',
      message: `the field "${name}" has "since", which makes it a time, and "${key}"`,
      remedy: `leave out ${key}, or since`,
    });
  }
}

function initialOf(
  { positionOf }: FieldDefinition,
  { default: initial = null }: FieldBody,
  type: ValueType,
  findings: Findings,
): Value {
  if (initial === null) return null;
  const wanted = type === 'bool' ? 'boolean' : type === 'time' ? 'number' : type;
  if (typeof initial === wanted && (typeof initial !== 'number' || Number.isFinite(initial))) {
    return type === 'time' && typeof initial === 'number' ? Math.round(initial * 1000) : initial;
  }
  findings.error(positionOf('default'), {
    code: 'wrong-type',
    message: `the default ${JSON.stringify(initial)} is not ${typeName(type)}`,
    remedy: `give ${typeName(type)}, or leave it out: the field is then null`,
  });
  return null;
}
