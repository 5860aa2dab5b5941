import type { z } from 'zod';
import { wireName } from './gather.js';
import { type Outcome, QUARANTINE_REASONS, type QuarantineReason } from './outcome.js';

/** Why an event cannot be taken. The detail says what is wrong and repeats nothing that the sender wrote. */
export interface Fault {
  readonly reason: QuarantineReason;
  readonly detail: string;
}

/** Sets an element aside for its fault. */
export function quarantine({ reason, detail }: Fault, raw: unknown): Outcome {
  return { kind: 'quarantine', reason, detail, raw };
}

/** A field that must have a value has none. */
export function absence(name: string): Fault {
  return { reason: 'missing-field', detail: `${name} is missing, null or empty` };
}

/** Something that must be an object is something else. */
export function notAnObject(name: string): Fault {
  return { reason: 'bad-field', detail: `${name} is not an object` };
}

/** All that a schema found wrong, in one sentence; the first fault gives the reason. */
export function faultOf({ issues }: z.ZodError): Fault {
  const first = issues[0];
  const reason: unknown = first?.code === 'custom' ? first.params?.['reason'] : undefined;
  const detail = issues.map((issue) => `${wireName(issue.path[0])} ${issue.message}`).join('; ');
  return { reason: isReason(reason) ? reason : 'bad-field', detail };
}

function isReason(value: unknown): value is QuarantineReason {
  return typeof value === 'string' && Object.hasOwn(QUARANTINE_REASONS, value);
}
