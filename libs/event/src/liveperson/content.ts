import { type Json, isObject } from './json.js';

/** Differs between two subscriptions' copies of one event, so it has no part in what the event is. */
const SUBSCRIPTION = 'webhookSubscriptionId';

/**
 * The content of an element as one text, the same for every delivery of it: keys in order, the subscription left out.
 * Null when it is nested too deeply to be written.
 */
export function contentOf(element: Json): string | null {
  try {
    return JSON.stringify(element, canonical);
  } catch {
    // The writer recurses where the parser does not: a body of brackets overflows its stack and nothing else.
    return null;
  }
}

function canonical(key: string, value: unknown): unknown {
  if (key === SUBSCRIPTION) return undefined;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, value[name]]),
  );
}
