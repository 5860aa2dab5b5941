import type { TracedStep } from '@app/engine';
import type { Catalog, Value } from '@app/language';

/** A step for programs; times are in seconds. */
export function stepJson(catalog: Catalog, { entity, time, changes, values, ...rest }: TracedStep): object {
  const { fields } = catalog.entities[entity.kind];
  const valueOf = (field: string, value: Value): Value => {
    const isTime = fields.find((each) => each.name === field)?.type === 'time';
    return isTime && typeof value === 'number' ? value / 1000 : value;
  };
  return {
    time: time / 1000,
    entity: entity.kind,
    id: entity.id,
    ...rest,
    changes: changes.map(({ field, before, after }) => ({
      field,
      before: valueOf(field, before),
      after: valueOf(field, after),
    })),
    values: values.map(({ labels, ...value }) => ({ ...value, labels: labels.slice(1) })),
  };
}
