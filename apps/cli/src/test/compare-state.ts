import type { EntityRecord } from '@app/engine';
import type { EntityPlan, Expectation } from '@app/language';
import type { Difference } from './difference.js';
import { valueText } from '../trace/text.js';

/** What is otherwise than wanted in the state of an entity; of one that is not known, every field is as at first. */
export function compareState(
  { position, at, entity, id, fields }: Extract<Expectation, { kind: 'state' }>,
  plan: EntityPlan,
  record: EntityRecord | null,
): readonly Difference[] {
  return plan.fields.flatMap(({ name, type, initial }, index) => {
    const want = fields.get(name);
    const got = record?.known === true ? (record.values[index] ?? null) : initial;
    if (want === undefined || want === got) return [];
    const subject = `${entity} ${id}, ${name}`;
    return [{ position, at, subject, want: valueText(want, type), got: valueText(got, type) }];
  });
}
