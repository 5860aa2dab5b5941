import type { z } from 'zod';
import type { Event, EventType } from '../event.js';
import { agentStateOf, reasonCodeOf, reasonTextOf } from './agent-state.js';
import { contentOf } from './content.js';
import { eventTypeOf } from './event-type.js';
import { gatherFields, gatherHeader, hasReadableHeader, wireName } from './gather.js';
import { deadlineFault, eventTimeFault } from './instant.js';
import { isObject, type Json } from './json.js';
import { TEXT_LIMIT } from './leaf.js';
import { type EventWarning, type Outcome, QUARANTINE_REASONS, type QuarantineReason } from './outcome.js';
import { readabilityOf } from './version.js';
import { Fields, Header, REQUIRED_ENTITY } from './wire.js';

/** The most events taken from one delivery. */
export const DELIVERY_LIMIT = 10_000;

/** What normalising needs to know of a delivery beside its body. */
export interface Delivery {
  /** When ingestion received it, in Redis's time (ms). */
  readonly receivedAt: number;
  /** The accounts that the source may send for; null for any. */
  readonly accounts: ReadonlySet<string> | null;
  /** The account that the request's header names, null where it names none. */
  readonly headerAccountId: string | null;
  /** Turns the content of an event that has no uid into one. */
  readonly bodyHash: (canonicalText: string) => string;
}

/**
 * What a parsed LivePerson delivery holds: one outcome per element of an array, in its order, or the one of an object.
 * An array of more than {@link DELIVERY_LIMIT} is set aside whole. Never throws, whatever the body.
 */
export function normaliseLivePerson(value: unknown, delivery: Delivery): Outcome[] {
  if (!Array.isArray(value)) return [normaliseElement(value, delivery)];
  if (value.length > DELIVERY_LIMIT) {
    return [
      quarantine('too-many', `the body holds ${value.length} events; at most ${DELIVERY_LIMIT} are taken`, value),
    ];
  }
  return value.map((element) => normaliseElement(element, delivery));
}

function normaliseElement(element: unknown, delivery: Delivery): Outcome {
  if (!isObject(element)) return quarantine('not-an-object', 'the event is not a JSON object', element);
  if (!hasReadableHeader(element)) return quarantine('bad-field', 'commonHeader is not an object', element);
  const header = Header.safeParse(gatherHeader(element));
  if (!header.success) return invalid(header.error, element);
  const { eventType, accountId, schemaVersion } = header.data;
  if (eventType === null) return missing('eventType', element);
  if (accountId !== null) {
    const reason = accountFault(accountId, delivery);
    if (reason !== null) return quarantine(reason, ACCOUNT_DETAILS[reason], element);
  }
  const type = eventTypeOf(eventType);
  if (type === null) return { kind: 'unknown-type', type: eventType, raw: element };
  const readability = readabilityOf(schemaVersion);
  if (readability === 'unknown-model') {
    return quarantine('unknown-model', 'the MODEL of schemaVersion is not one that this version reads', element);
  }
  if (accountId === null) return missing('accountId', element);
  const warnings: EventWarning[] = readability === 'readable' ? [] : [readability];
  return readFields(element, { type, accountId, warnings, delivery });
}

const ACCOUNT_DETAILS = {
  'account-not-allowed': 'accountId is not among the accounts of this source',
  'account-mismatch': "accountId differs from the request's account header",
} as const;

function accountFault(accountId: string, { accounts, headerAccountId }: Delivery): keyof typeof ACCOUNT_DETAILS | null {
  if (accounts !== null && !accounts.has(accountId)) return 'account-not-allowed';
  const stated = headerAccountId?.trim() ?? '';
  return stated === '' || stated === accountId ? null : 'account-mismatch';
}

/** What is settled of an event once its header is read; warnings are added to as it is read further. */
interface Opened {
  readonly type: EventType;
  readonly accountId: string;
  readonly warnings: EventWarning[];
  readonly delivery: Delivery;
}

function readFields(element: Json, opened: Opened): Outcome {
  const gathered = gatherFields(element, opened.type);
  if (!gathered.ok) return quarantine('bad-field', `${gathered.where} is not an object`, element);
  const parsed = Fields.safeParse(gathered.raw);
  if (!parsed.success) return invalid(parsed.error, element);
  const fields = parsed.data;
  if (fields.eventTimestamp === null) return missing('eventTimestamp', element);
  const effectiveTtr = fields.effectiveTtr !== null && fields.effectiveTtr > 0 ? fields.effectiveTtr : null;
  const fault =
    eventTimeFault(fields.eventTimestamp, opened.delivery.receivedAt) ??
    (effectiveTtr === null ? null : deadlineFault(effectiveTtr));
  if (fault !== null) return quarantine(fault.reason, fault.detail, element);
  const entity = REQUIRED_ENTITY[opened.type];
  if (entity !== undefined && fields[entity] === null) return missing(wireName(entity), element);
  if (fields.conversationId === null && fields.agentId === null) {
    return { kind: 'ignored', reason: 'no-entity', raw: element };
  }
  const uid = fields.uid ?? uidOfContent(element, opened);
  if (uid === null) return quarantine('too-deep', QUARANTINE_REASONS['too-deep'], element);
  const event = compose({ ...fields, uid, time: fields.eventTimestamp, effectiveTtr }, opened);
  return { kind: 'event', event, warnings: opened.warnings };
}

function uidOfContent(element: Json, { warnings, delivery }: Opened): string | null {
  warnings.push('uid-missing');
  const content = contentOf(element);
  return content === null ? null : delivery.bodyHash(content);
}

function compose(fields: Fields & { readonly uid: string; readonly time: number }, opened: Opened): Event {
  const { state, disagrees } = agentStateOf(fields.stateCode, fields.stateDesc);
  if (disagrees) opened.warnings.push('state-disagrees');
  const reasonCode = reasonCodeOf(fields.reasonCode);
  return {
    type: opened.type,
    time: fields.time,
    receivedAt: opened.delivery.receivedAt,
    accountId: opened.accountId,
    uid: fields.uid,
    conversationId: fields.conversationId,
    agentId: fields.agentId,
    agentName: kept(fields.agentName, opened),
    isAssigned: fields.isAssigned,
    effectiveTtr: fields.effectiveTtr,
    stateCode: kept(fields.stateCode, opened),
    state,
    reasonCode: kept(reasonCode, opened),
    reason: kept(reasonTextOf(fields.reasonDesc, reasonCode), opened),
    viewName: kept(fields.viewName, opened),
    actionName: kept(fields.actionName, opened),
    assignedWeight: fields.assignedWeight,
    maxSlots: fields.maxSlots,
    assignedConversations: fields.assignedConversations,
  };
}

/** A text for display at no more than {@link TEXT_LIMIT}, never cut through a character. */
function kept(text: string | null, { warnings }: Opened): string | null {
  if (text === null || text.length <= TEXT_LIMIT) return text;
  if (!warnings.includes('text-cut')) warnings.push('text-cut');
  return text.slice(0, TEXT_LIMIT).replace(/\p{Cs}$/u, '');
}

function missing(name: string, raw: unknown): Outcome {
  return quarantine('missing-field', `${name} is missing, null or empty`, raw);
}

/** Every fault of the fields in one sentence; the first gives the reason. */
function invalid({ issues }: z.ZodError, raw: unknown): Outcome {
  const first = issues[0];
  const coded = first?.code === 'custom' ? (first.params?.['reason'] as QuarantineReason | undefined) : undefined;
  const detail = issues.map((issue) => `${wireName(issue.path[0])} ${issue.message}`).join('; ');
  return quarantine(coded ?? 'bad-field', detail, raw);
}

function quarantine(reason: QuarantineReason, detail: string, raw: unknown): Outcome {
  return { kind: 'quarantine', reason, detail, raw };
}
