import type { Event } from '../event.js';

/** Why a delivery is set aside with its raw bytes, to be looked at and replayed. The codes are closed: they are metric labels. */
export const QUARANTINE_REASONS = {
  'bad-json': 'The body is not JSON. Reported by the receiver, which alone has the bytes.',
  'too-large': 'The body is larger than is accepted whole. Reported by the receiver.',
  'too-many': 'The body is an array of more events than one delivery may hold.',
  'too-deep': 'The event has no uid, and is nested too deeply to be told apart by its content.',
  'not-an-object': 'The body, or an element of its array, is not a JSON object.',
  'missing-field': 'A field without which the event means nothing is absent, null or empty.',
  'bad-field': 'A field holds a value that it cannot hold.',
  'unsafe-number': 'An id came as a number beyond 2^53: digits were lost before we could read it.',
  'account-not-allowed': "The event's account is not among those that the source may send for.",
  'account-mismatch': "The event's account differs from the one in the account header of its request.",
  'unknown-model': 'The MODEL of its schemaVersion is not one that this version reads.',
  'time-too-old': 'The event claims to have happened before 2015.',
  'time-ahead': 'The event claims to have happened more than 300 s after it was received.',
} as const;

export type QuarantineReason = keyof typeof QUARANTINE_REASONS;

/** What was odd about an event that was accepted all the same. Closed, as they are counted by code. */
export const EVENT_WARNINGS = {
  'version-unreadable': 'schemaVersion is absent or not MODEL-REVISION-ADDITION; the known fields were read.',
  'revision-newer': 'The REVISION of its schemaVersion is newer than this version; the known fields were read.',
  'uid-missing': 'There is no uid; a hash of the content stands in for it.',
  'state-disagrees': 'The state text and the state code name different states; the text was taken.',
  'text-cut': 'A text for display was longer than is kept and was cut.',
} as const;

export type EventWarning = keyof typeof EVENT_WARNINGS;

/** What became of one element of a delivery. `raw` is the element as it was parsed; `detail` repeats nothing of it. */
export type Outcome =
  | { readonly kind: 'event'; readonly event: Event; readonly warnings: readonly EventWarning[] }
  | { readonly kind: 'unknown-type'; readonly type: string; readonly raw: unknown }
  | { readonly kind: 'quarantine'; readonly reason: QuarantineReason; readonly detail: string; readonly raw: unknown }
  | { readonly kind: 'ignored'; readonly reason: 'no-entity'; readonly raw: unknown };
