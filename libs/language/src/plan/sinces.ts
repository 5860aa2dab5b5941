import type { SincePlan } from '../catalog.js';
import type { FieldDefinition } from '../definition/definitions.js';
import { compileAt, type EntityContext, FIRST_OWN_FIELD } from './entity-context.js';
import { orderByDependency } from './topology.js';

/** A `since:` field, its condition planned. */
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
