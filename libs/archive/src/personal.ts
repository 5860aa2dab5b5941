import { createHmac } from 'node:crypto';

/** What is done with fields that hold personal data, by their names. */
export interface PersonalFields {
  readonly drop: readonly string[];
  readonly hash: readonly string[];
  /** The key of the hashes. */
  readonly key: string;
}

/**
 * Takes fields out of JSON texts, wherever they stand, or puts keyed hashes in their place; null for what is no JSON, since
 * nobody knows what it holds. Null where there are no such fields.
 */
export function maskOf({ drop, hash, key }: PersonalFields): ((json: string) => string | null) | null {
  if (drop.length === 0 && hash.length === 0) return null;
  const dropped = new Set(drop);
  const hashed = new Set(hash);
  const mask = (name: string, value: unknown): unknown => {
    if (dropped.has(name)) return undefined;
    if (!hashed.has(name) || value === null) return value;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return createHmac('sha256', key).update(text).digest('hex');
  };
  return (json) => {
    try {
      return JSON.stringify(JSON.parse(json, mask)) ?? null;
    } catch {
      return null;
    }
  };
}
