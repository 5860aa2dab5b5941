/** The schema that this source reads. An unknown MODEL is refused, a newer REVISION is read with a warning, an ADDITION is ignored. */
const KNOWN = { models: new Set([1]), revision: 0 } as const;

/** MODEL-REVISION-ADDITION, with an optional fourth part that other LivePerson feeds have. */
const VERSION = /^\s*(\d{1,9})[-.](\d{1,9})[-.]\d{1,9}(?:[-.]\d{1,9})?\s*$/;

/** What a schemaVersion means for reading the event. */
export type Readability = 'readable' | 'revision-newer' | 'version-unreadable' | 'unknown-model';

/** Judges the schemaVersion of one event: versions differ from type to type and even from event to event. */
export function readabilityOf(schemaVersion: unknown): Readability {
  const match = typeof schemaVersion === 'string' ? VERSION.exec(schemaVersion) : null;
  if (match === null) return 'version-unreadable';
  if (!KNOWN.models.has(Number(match[1]))) return 'unknown-model';
  return Number(match[2]) > KNOWN.revision ? 'revision-newer' : 'readable';
}
