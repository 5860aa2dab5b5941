import type { Value, ValueType } from '@app/language';

/** An entity's state: its id, and its fields by name as the catalog under which it is kept defines them (times in ms). */
export interface EntityState {
  readonly id: string;
  readonly fields: ReadonlyMap<string, Value>;
}

/** A field that holds text; null when it has no value, is not defined, or is defined as something else. */
export function textOf({ fields }: EntityState, name: string): string | null {
  const value = fields.get(name) ?? null;
  return typeof value === 'string' ? value : null;
}

/** A field that holds a number or a time (ms); null as for {@link textOf}. */
export function numberOf({ fields }: EntityState, name: string): number | null {
  const value = fields.get(name) ?? null;
  return typeof value === 'number' ? value : null;
}

/** A time of the engine (ms) as REST tells it; null beyond what a date can be. */
export function rfc3339(ms: number | null): string | null {
  return ms === null || Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}

/** A field's value as REST tells it. */
export function shown(value: Value, type: ValueType): Value {
  return type === 'time' && typeof value === 'number' ? rfc3339(value) : value;
}
