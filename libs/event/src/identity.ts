import type { EntityKind, Event } from './event.js';
import { hash128 } from './hash.js';

/**
 * What makes two deliveries the same event for one of its entities: account, type, uid, conversation and agent. The
 * subscription is left out, since two subscriptions may each deliver a copy; the entity kind is in, since an event is
 * remembered once per entity that it names. Every part carries its length, so no choice of characters in one part can
 * imitate another.
 */
export function identityOf(event: Event, kind: EntityKind): string {
  return (
    `${kind}:${event.type}:${part(event.accountId)}${part(event.uid)}` +
    `${part(event.conversationId)}${part(event.agentId)}`
  );
}

/** {@link identityOf} in 128 bits, as 32 hex digits: what de-duplication keeps. */
export function fingerprintOf(event: Event, kind: EntityKind): string {
  return hash128(identityOf(event, kind));
}

/** {@link fingerprintOf} an event that was remembered once (ms) and then not applied: it comes again as another one. */
export function fingerprintOfAgain(event: Event, kind: EntityKind, before: number): string {
  return hash128(`again:${before}:${identityOf(event, kind)}`);
}

/** A part that is absent differs from one that is empty: no length begins with a minus sign. */
function part(text: string | null): string {
  return text === null ? '-' : `${text.length}:${text}`;
}
