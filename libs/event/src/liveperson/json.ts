/** A JSON object as the parser made it: keys are the sender's, values are anything. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether a parsed JSON value is an object, and not an array or null. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Missing, null and the empty text all say the same: there is nothing here. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
