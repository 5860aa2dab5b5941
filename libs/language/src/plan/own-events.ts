import type { OwnEventPlan, TimerPlan } from '../catalog.js';
import type { OwnEventDefinition } from '../definition/definitions.js';
import type { OwnEventBody } from '../source/schema.js';
import { compileAt, type EntityContext, readsOf } from './entity-context.js';
import { lineageOfNames, resolveNames } from './event-names.js';
import { orderByDependency } from './topology.js';

/** The own events of an entity: those that happen with another, in the order in which they are decided, and timers by name. */
export interface OwnEvents {
  readonly withEvents: readonly OwnEventPlan[];
  readonly timers: readonly TimedEvent[];
}

/** A timer, with what it says and reads: its part of the layout. */
export interface TimedEvent {
  readonly plan: TimerPlan;
  readonly text: string;
  readonly reads: readonly string[];
}

/** Plans the own events of one entity. */
export function planOwnEvents(context: EntityContext): OwnEvents {
  const { ownEvents } = context.definitions;
  for (const own of ownEvents) if (own.body !== null) checkKeys(context, own, own.body);
  const { ordered, cycles } = orderByDependency(ownEvents, (own) => namesOf(own.body));
  for (const cycle of cycles) reportCycle(context, cycle);
  const timed = ownEvents.filter((own) => own.body?.at !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    withEvents: ordered.filter((own) => own.body?.on !== undefined).map((own) => planWithEvent(context, own)),
    timers: timed.flatMap((own) => planTimer(context, own)),
  };
}

function namesOf(body: OwnEventBody | null): readonly string[] {
  if (body?.on === undefined) return [];
  return typeof body.on === 'string' ? [body.on] : body.on;
}

function checkKeys({ findings }: EntityContext, own: OwnEventDefinition, body: OwnEventBody): void {
  if (body.on === undefined && body.at === undefined) {
    const message = `the own event "${own.name}" has neither "on" nor "at"`;
    findings.error(own.at, {
      code: 'missing-key',
      message,
      remedy: 'add on: for what it happens with, or at: for a time',
    });
  }
  if (body.at === undefined) return;
  for (const key of ['on', 'when'] as const) {
    if (body[key] === undefined) continue;
    findings.error(own.positionOfKey(key), {
      code: 'conflicting-keys',
      message: `the own event "${own.name}" happens at a time, and has "${key}"`,
      remedy: key === 'when' ? 'put the condition into at: condition ? time : null' : 'define two own events',
    });
  }
}

function reportCycle({ definitions, findings }: EntityContext, cycle: readonly string[]): void {
  const first = definitions.ownEvents.find((own) => own.name === cycle[0]);
  if (first === undefined) return;
  findings.error(first.positionOf('on'), {
    code: 'cycle',
    message: `own events build on each other in a circle: ${cycle.join(' → ')}`,
    remedy: 'build one of them on an incoming event',
  });
}

function planWithEvent(context: EntityContext, own: OwnEventDefinition): OwnEventPlan {
  const { kind, lineage, nameIndexes, withEvent } = context;
  const on = resolveNames(context, own, { value: own.body?.on, path: ['on'] });
  const when = compileAt(context, own, { path: ['when'], want: 'condition', vocabulary: withEvent });
  lineage.add(
    `${kind}:${own.name}`,
    [namesOf(own.body), when?.canonical],
    [...(when?.reads ?? []), ...lineageOfNames(context, on)],
  );
  return { name: nameIndexes.get(own.name) ?? -1, on, when: when?.evaluate ?? null, rule: `${kind}.${own.name}` };
}

function planTimer(context: EntityContext, own: OwnEventDefinition): readonly TimedEvent[] {
  const { kind, lineage, nameIndexes, stateOnly } = context;
  const at = compileAt(context, own, { path: ['at'], want: 'time', vocabulary: stateOnly });
  if (at === null) return [];
  lineage.add(`${kind}:${own.name}`, ['at', at.canonical], at.reads);
  const name = nameIndexes.get(own.name) ?? null;
  const reads = readsOf(context, at.reads);
  const plan: TimerPlan = { kind: 'own', id: own.name, name, at: at.evaluate, reads, rule: `${kind}.${own.name}` };
  return [{ plan, text: at.canonical, reads: [...at.reads] }];
}
