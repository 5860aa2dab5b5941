import type { Event, EventType } from '../event.js';
import { agentStateOf, reasonCodeOf, reasonTextOf } from './agent-state.js';
import { contentOf } from './content.js';
import { gatherFields, wireName } from './gather.js';
import { deadlineFault, eventTimeFault } from './instant.js';
import type { Json } from './json.js';
import { TEXT_LIMIT } from './leaf.js';
import { type EventWarning, type Outcome } from './outcome.js';
import { absence, type Fault, faultOf, notAnObject, quarantine } from './fault.js';
import { Fields, REQUIRED_ENTITY } from './wire.js';

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

/** What is settled of an event once its header is read; warnings are added to as it is read further. */
export interface Opened {
  readonly type: EventType;
  readonly accountId: string;
  readonly warnings: EventWarning[];
  readonly delivery: Delivery;
}

/** Reads the fields that an event of this type carries, and makes the event of them. */
export function readEvent(element: Json, opened: Opened): Outcome {
  const gathered = gatherFields(element, opened.type);
  if (!gathered.ok) return quarantine(notAnObject(gathered.where), element);
  const parsed = Fields.safeParse(gathered.raw);
  if (!parsed.success) return quarantine(faultOf(parsed.error), element);
  const fields = parsed.data;
  const time = fields.eventTimestamp;
  if (time === null) return quarantine(absence('eventTimestamp'), element);
  const fault = timeFault(time, fields, opened) ?? entityFault(fields, opened);
  if (fault !== null) return quarantine(fault, element);
  if (fields.conversationId === null && fields.agentId === null) {
    return { kind: 'ignored', reason: 'no-entity', raw: element };
  }
  const uid = fields.uid ?? uidOfContent(element, opened);
  if (uid === null) return quarantine(TOO_DEEP, element);
  return { kind: 'event', event: compose({ uid, time }, fields, opened), warnings: opened.warnings };
}

const TOO_DEEP: Fault = { reason: 'too-deep', detail: 'there is no uid, and the event is nested too deeply to hash' };

function timeFault(time: number, fields: Fields, { delivery }: Opened): Fault | null {
  const deadline = deadlineOf(fields);
  return eventTimeFault(time, delivery.receivedAt) ?? (deadline === null ? null : deadlineFault(deadline));
}

function entityFault(fields: Fields, { type }: Opened): Fault | null {
  const entity = REQUIRED_ENTITY[type];
  return entity === undefined || fields[entity] !== null ? null : absence(wireName(entity));
}

/** -1, 0 and any negative say that no answer is owed. */
function deadlineOf({ effectiveTtr }: Fields): number | null {
  return effectiveTtr !== null && effectiveTtr > 0 ? effectiveTtr : null;
}

function uidOfContent(element: Json, { warnings, delivery }: Opened): string | null {
  warnings.push('uid-missing');
  const content = contentOf(element);
  return content === null ? null : delivery.bodyHash(content);
}

function compose(own: Pick<Event, 'uid' | 'time'>, fields: Fields, opened: Opened): Event {
  const { state, disagrees } = agentStateOf(fields.stateCode, fields.stateDesc);
  if (disagrees) opened.warnings.push('state-disagrees');
  const reasonCode = reasonCodeOf(fields.reasonCode);
  return {
    type: opened.type,
    time: own.time,
    receivedAt: opened.delivery.receivedAt,
    accountId: opened.accountId,
    uid: own.uid,
    conversationId: fields.conversationId,
    agentId: fields.agentId,
    agentName: kept(fields.agentName, opened),
    isAssigned: fields.isAssigned,
    effectiveTtr: deadlineOf(fields),
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
