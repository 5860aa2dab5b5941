import { type Event, type EventType, NOTHING_CARRIED } from '@app/event';
import { collectSamples, renderPrometheus } from '@app/exposition';
import { Replay } from '@app/engine';
import { type Catalog, compileCatalog, formatDiagnostic } from '@app/language';
import { partitionOf } from '@app/queue';

/** One step of a story: an event (times in seconds), or an outage of ingestion. */
export type Step = EventStep | { readonly outage: readonly [from: number, to: number] };

export type EventStep = {
  readonly at: number;
  readonly type: EventType;
  /** When it was received; its own time unless given. */
  readonly received?: number;
  readonly conversation?: string;
  readonly agent?: string;
} & Partial<Omit<Event, 'type' | 'time' | 'receivedAt'>>;

export interface Telling {
  readonly holdMs?: number;
  /** Until when timers fire (s); the last event's time unless given. */
  readonly until?: number;
  readonly partitions?: number;
}

/** Compiles definitions that must be right. */
export function catalogOf(yaml: string): Catalog {
  const compiled = compileCatalog([{ file: 'story.yaml', text: yaml }]);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(formatDiagnostic).join('\n'));
  return compiled.catalog;
}

/** Tells a story to the engine and returns the exposition, without comments and without the account of all its events. */
export async function tell(catalog: Catalog, steps: readonly Step[], telling: Telling = {}): Promise<string[]> {
  const { holdMs = 0, partitions = 2 } = telling;
  const replay = new Replay({ catalog, holdMs, partitions, partitionOf });
  let count = 0;
  for (const step of steps) {
    if ('outage' in step) await replay.outage(step.outage[0] * 1000, step.outage[1] * 1000);
    else await replay.event(eventOf(step, `u${(count += 1)}`));
  }
  const { reader, now } = await replay.finish(telling.until === undefined ? null : telling.until * 1000);
  let text = '';
  for await (const chunk of renderPrometheus(collectSamples(catalog, reader, now))) text += chunk;
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replace(/account_id="A",?/, '').replace('{}', ''));
}

/** The event of a step; `uid` is used unless the step has its own. */
export function eventOf(step: EventStep, uid: string): Event {
  const { at, received, conversation = null, agent = null, ...rest } = step;
  return {
    accountId: 'A',
    uid,
    ...NOTHING_CARRIED,
    conversationId: conversation,
    agentId: agent,
    ...rest,
    time: Math.round(at * 1000),
    receivedAt: Math.round((received ?? at) * 1000),
  };
}
