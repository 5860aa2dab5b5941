import { type EntityState, numberOf, rfc3339, shown, textOf } from './entity-state.js';
import type { KnownEntity } from './entities.js';
import type { ValueType } from '@app/language';
import type { ConversationDetail, ConversationView } from './replies.js';

/** Every field of {@link ConversationView} by which lists can be sorted. */
export const CONVERSATION_SORT_FIELDS = [
  'id',
  'openedAt',
  'endedAt',
  'assignedAgentId',
  'assignedAt',
  'queuedSince',
  'waitingSince',
  'respondBy',
  'lastEventAt',
] as const satisfies readonly (keyof ConversationView)[];

/** What REST says of a conversation at `nowMs`. A field that the catalog does not define, or defines otherwise, is null. */
export function conversationView(conversation: EntityState, nowMs: number): ConversationView {
  const time = (name: string): string | null => rfc3339(numberOf(conversation, name));
  const open = conversation.fields.get('open') === true;
  const assignedAgentId = textOf(conversation, 'assignedAgentId');
  const respondBy = numberOf(conversation, 'respondBy');
  return {
    id: conversation.id,
    open,
    openedAt: time('openedAt'),
    endedAt: time('endedAt'),
    assignedAgentId,
    assignedAt: time('assignedAt'),
    queued: open && assignedAgentId === null,
    queuedSince: time('queuedSince'),
    waitingSince: time('waitingSince'),
    firstConsumerMessageAt: time('firstConsumerMessageAt'),
    firstResponseAt: time('firstResponseAt'),
    respondBy: time('respondBy'),
    overdue: open && respondBy !== null && respondBy <= nowMs,
    lastEventAt: time('lastEventAt'),
  };
}

/** All that is known of a conversation. */
export function conversationDetail(conversation: KnownEntity, nowMs: number): ConversationDetail {
  const { fields, layout, record } = conversation;
  const state = layout.fields.map(
    ([name, type]) => [name, shown(fields.get(name) ?? null, type as ValueType)] as const,
  );
  return {
    ...conversationView(conversation, nowMs),
    state: Object.fromEntries(state),
    timers: layout.timers.flatMap((id, index) => timerView(id, record.timers[index] ?? null)),
    events: record.recent.map(({ type, time }) => ({ type, time: new Date(time).toISOString() })),
  };
}

type TimerView = ConversationDetail['timers'][number];

function timerView(id: string, timer: KnownEntity['record']['timers'][number] | null): TimerView[] {
  const at = rfc3339(timer?.at ?? null);
  if (timer === null || at === null) return [];
  const fired = timer.firedFor === timer.at;
  // The engine's own timers are `~kind` or `~kind:metric`.
  const own = /^~(flip|accrue|forget)(?::(.*))?$/.exec(id);
  const kind = (own?.[1] ?? 'own') as TimerView['kind'];
  return [{ name: own === null ? id : (own[2] ?? kind), kind, at, fired }];
}
