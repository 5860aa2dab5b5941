import { eventTypeOf } from './event-type.js';
import { absence, type Fault, faultOf, notAnObject, quarantine } from './fault.js';
import { gatherHeader, hasReadableHeader } from './gather.js';
import { isObject, type Json } from './json.js';
import type { EventWarning, Outcome } from './outcome.js';
import { type Delivery, type Opened, readEvent } from './read-event.js';
import { readabilityOf } from './version.js';
import { Header } from './wire.js';

/** The most events taken from one delivery. */
export const DELIVERY_LIMIT = 10_000;

/**
 * What a parsed LivePerson delivery holds: one outcome per element of an array, in its order, or the one of an object.
 * An array of more than {@link DELIVERY_LIMIT} is set aside whole. Never throws, whatever the body.
 */
export function normaliseLivePerson(value: unknown, delivery: Delivery): Outcome[] {
  if (!Array.isArray(value)) return [normaliseElement(value, delivery)];
  if (value.length > DELIVERY_LIMIT) {
    const detail = `the body holds ${value.length} events; at most ${DELIVERY_LIMIT} are taken`;
    return [quarantine({ reason: 'too-many', detail }, value)];
  }
  return value.map((element) => normaliseElement(element, delivery));
}

function normaliseElement(element: unknown, delivery: Delivery): Outcome {
  if (!isObject(element)) return quarantine(NOT_AN_OBJECT, element);
  const opened = open(element, delivery);
  return 'kind' in opened ? opened : readEvent(element, opened);
}

/** Settles whose event it is, of which type, and whether its version can be read: before that, no other field has a meaning. */
function open(element: Json, delivery: Delivery): Opened | Outcome {
  if (!hasReadableHeader(element)) return quarantine(notAnObject('commonHeader'), element);
  const header = Header.safeParse(gatherHeader(element));
  if (!header.success) return quarantine(faultOf(header.error), element);
  const { eventType, accountId, schemaVersion } = header.data;
  if (eventType === null) return quarantine(absence('eventType'), element);
  const foreign = accountId === null ? null : accountFault(accountId, delivery);
  if (foreign !== null) return quarantine(foreign, element);
  const type = eventTypeOf(eventType);
  if (type === null) return { kind: 'unknown-type', type: eventType, raw: element };
  const readability = readabilityOf(schemaVersion);
  if (readability === 'unknown-model') return quarantine(UNKNOWN_MODEL, element);
  if (accountId === null) return quarantine(absence('accountId'), element);
  const warnings: EventWarning[] = readability === 'readable' ? [] : [readability];
  return { type, accountId, warnings, delivery };
}

function accountFault(accountId: string, { accounts, headerAccountId }: Delivery): Fault | null {
  if (accounts !== null && !accounts.has(accountId)) return ACCOUNT_NOT_ALLOWED;
  const stated = headerAccountId?.trim() ?? '';
  return stated === '' || stated === accountId ? null : ACCOUNT_MISMATCH;
}

const NOT_AN_OBJECT: Fault = { reason: 'not-an-object', detail: 'the event is not a JSON object' };

const UNKNOWN_MODEL: Fault = {
  reason: 'unknown-model',
  detail: 'the MODEL of schemaVersion is not one that this version reads',
};

const ACCOUNT_NOT_ALLOWED: Fault = {
  reason: 'account-not-allowed',
  detail: 'accountId is not among the accounts of this source',
};

const ACCOUNT_MISMATCH: Fault = {
  reason: 'account-mismatch',
  detail: "accountId differs from the account header of the event's request",
};
