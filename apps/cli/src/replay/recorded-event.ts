import { AGENT_STATES, type Event, EVENT_FIELDS, EVENT_TYPES } from '@app/event';

/** Fields that every event has; the others may be null. */
const ALWAYS = new Set(['type', 'time', 'receivedAt', 'accountId', 'uid']);

const KINDS = { string: 'string', time: 'number', number: 'number', bool: 'boolean' } as const;

/** Whether this looks like a normalised event, as the record holds them, rather than like a webhook's body. */
export function looksRecorded(value: Readonly<Record<string, unknown>>): boolean {
  return 'type' in value && 'time' in value && 'uid' in value;
}

/** The normalised event that a line of the record holds, or what is wrong with it. Fields that are absent are null. */
export function readRecordedEvent(value: Readonly<Record<string, unknown>>, receivedAt: number): Event | string {
  const event: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(EVENT_FIELDS)) {
    const given = name === 'receivedAt' ? receivedAt : (value[name] ?? null);
    const right = given === null ? !ALWAYS.has(name) : typeof given === KINDS[type] && !isBroken(given, type);
    if (!right) return `event.${name} must be a ${type === 'time' ? 'time in ms' : type}, not ${JSON.stringify(given)}`;
    event[name] = given;
  }
  return flawOf(event) ?? (event as unknown as Event);
}

function isBroken(value: unknown, type: keyof typeof KINDS): boolean {
  return type === 'time' && !Number.isSafeInteger(value);
}

function flawOf({ type, state, conversationId, agentId }: Record<string, unknown>): string | null {
  if (!EVENT_TYPES.some((known) => known === type)) return `event.type "${String(type)}" is no type of event`;
  if (state !== null && !AGENT_STATES.some((known) => known === state)) {
    return `event.state "${String(state)}" is no state`;
  }
  return conversationId === null && agentId === null ? 'the event names neither a conversation nor an agent' : null;
}
