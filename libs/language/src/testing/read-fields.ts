import type { EntityPlan, FieldPlan, Value } from '../catalog.js';
import type { Problem } from '../diagnostic.js';
import { typeName } from '../expression/term.js';
import { didYouMean } from '../nearest-name.js';
import type { Place } from './place.js';
import { parseTestTime } from './test-time.js';

/** The wanted values of some fields of an entity; times in ms. */
export function readFields(
  body: Readonly<Record<string, Value>>,
  plan: EntityPlan,
  place: Place,
): ReadonlyMap<string, Value> {
  const fields = new Map<string, Value>();
  for (const [name, value] of Object.entries(body)) {
    const field = plan.fields.find((each) => each.name === name);
    if (field === undefined) {
      place.errorAtKey(name, {
        code: 'unknown-name',
        message: `"${name}" is not a field of ${plan.kind}`,
        remedy: didYouMean(
          name,
          plan.fields.map((each) => each.name),
          'name a field that the catalog defines',
        ),
      });
      continue;
    }
    const wanted = valueOf(field, value);
    if (wanted !== undefined) fields.set(name, wanted);
    else place.below(name).error(wrongType(field, value));
  }
  return fields;
}

const RUNTIME_TYPES = { number: 'number', string: 'string', bool: 'boolean' } as const;

/** The value as the engine holds it; undefined when it is of another type. */
function valueOf({ type }: FieldPlan, value: Value): Value | undefined {
  if (value === null) return null;
  if (type !== 'time') return typeof value === RUNTIME_TYPES[type] ? value : undefined;
  return typeof value === 'boolean' ? undefined : (parseTestTime(value) ?? undefined);
}

function wrongType({ name, type }: FieldPlan, value: Value): Problem {
  return {
    code: 'wrong-type',
    message: `the field "${name}" is ${typeName(type)}, and ${JSON.stringify(value)} is none`,
    remedy: type === 'time' ? 'write seconds, a text such as 90s, or null' : `write ${typeName(type)}, or null`,
  };
}
