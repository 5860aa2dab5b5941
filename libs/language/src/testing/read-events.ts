import { type Event, NOTHING_CARRIED } from '@app/event';
import type { Place } from './place.js';
import type { TestEventBody } from './schema.js';
import { TEST_ACCOUNT } from './test-case.js';
import { parseTestTime } from './test-time.js';

/** The short names of ids. */
const SHORT = [
  ['conversation', 'conversationId'],
  ['agent', 'agentId'],
] as const;

/** The events of a test. One that says nothing else is received when it happens. */
export function readEvents(bodies: readonly TestEventBody[], place: Place): readonly Event[] {
  return bodies.map((body, index) => {
    checkIds(body, place.below(index));
    checkReceipt(body, place.below(index));
    return eventOf(body, index);
  });
}

function eventOf(body: TestEventBody, index: number): Event {
  const { at, receivedAt = at, conversation, agent, effectiveTtr = null, ...rest } = body;
  return {
    ...NOTHING_CARRIED,
    // Of two events that differ in nothing else the one written first comes first.
    uid: `event-${String(index + 1).padStart(6, '0')}`,
    conversationId: conversation ?? null,
    agentId: agent ?? null,
    ...given(rest),
    accountId: TEST_ACCOUNT,
    time: parseTestTime(at) ?? 0,
    receivedAt: parseTestTime(receivedAt) ?? 0,
    effectiveTtr: effectiveTtr === null ? null : parseTestTime(effectiveTtr),
  };
}

type Given<Body> = { [Key in keyof Body]: Exclude<Body[Key], undefined> };

/** What was written out of what may be. */
function given<Body extends object>(body: Body): Given<Body> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Given<Body>;
}

function checkIds(body: TestEventBody, place: Place): void {
  for (const [short, long] of SHORT) {
    if (body[short] === undefined || body[long] === undefined) continue;
    const message = `"${short}" is short for "${long}", and both are there`;
    place.errorAtKey(long, { code: 'conflicting-keys', message, remedy: 'leave out one of them' });
  }
  if (SHORT.some(([short, long]) => body[short] !== undefined || body[long] !== undefined)) return;
  place.error({
    code: 'missing-key',
    message: 'an event belongs to a conversation, an agent or both, and this one to none',
    remedy: 'add conversation: or agent: with an id',
  });
}

function checkReceipt({ at, receivedAt }: TestEventBody, place: Place): void {
  if (receivedAt === undefined || (parseTestTime(receivedAt) ?? 0) >= (parseTestTime(at) ?? 0)) return;
  place.below('receivedAt').error({
    code: 'wrong-shape',
    message: 'this event is received before it happens',
    remedy: 'leave out receivedAt, or give a later time',
  });
}
