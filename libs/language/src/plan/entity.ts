import { hash128 } from '@app/event';
import type { EntityPlan, Evaluate } from '../catalog.js';
import { BUILT_IN_FIELDS, fieldBit } from '../catalog.js';
import type { MetricDefinition } from '../definition/definitions.js';
import { compileExpression } from '../expression/compile.js';
import { type EntityContext, readsOf } from './entity-context.js';
import { kindOf } from './metric-shape.js';
import { type OnMetric, planOnMetric } from './metrics-on.js';
import { type OverMetric, planOverMetric } from './metrics-over.js';
import { planOwnEvents, type TimedEvent } from './own-events.js';
import { planReactions } from './reactions.js';
import { planSets } from './sets.js';
import { planSinces } from './sinces.js';

/** An entity's plan, and the metrics that belong to it. */
export interface PlannedEntity {
  readonly plan: EntityPlan;
  readonly metrics: readonly (OnMetric | OverMetric)[];
}

/** Plans everything that the engine does for one kind of entity. */
export function planEntity(context: EntityContext, metrics: readonly MetricDefinition[]): PlannedEntity {
  const own = planOwnEvents(context);
  const sets = planSets(context);
  const sinces = planSinces(context);
  const forget = planForget(context);
  const { on, over } = planMetrics(context, metrics);
  const flips = over.flatMap((metric) => metric.flip ?? []);
  const accrues = over.some((metric) => metric.over.value.kind === 'rate');
  const timed = [...own.timers, ...flips, ...(accrues ? [accrueTimer(context)] : []), forget];
  const timers = timed.map((timer) => timer.plan);
  const { kind, fields, names } = context;
  const overs = over.map((metric) => metric.over);
  const reactions = planReactions({
    names,
    ownEvents: own.withEvents,
    observes: on.map((metric) => metric.observe),
    zeros: on.flatMap((metric) => metric.zero ?? []),
    sets,
    timers,
  });
  const layoutId = layoutOf(context, timed, over);
  return { plan: { kind, fields, names, reactions, sinces, timers, overs, layoutId }, metrics: [...on, ...over] };
}

function planMetrics(
  context: EntityContext,
  metrics: readonly MetricDefinition[],
): { on: readonly OnMetric[]; over: readonly OverMetric[] } {
  const on: OnMetric[] = [];
  const over: OverMetric[] = [];
  for (const metric of metrics) {
    const { body } = metric;
    if (body === null) continue;
    const kind = kindOf(body);
    if (kind === 'on' && body.for === context.kind) on.push(planOnMetric(context, metric, body));
    if (kind === 'over' && body.over === context.kind) over.push(planOverMetric(context, metric, body));
  }
  return { on, over };
}

/** The engine arms it: a minute after the entity's last event or timer, while anything accrues. */
function accrueTimer({ kind }: EntityContext): TimedEvent {
  const plan = {
    kind: 'accrue',
    id: '~accrue',
    name: null,
    at: () => null,
    reads: 0,
    rule: `${kind}.accrue`,
  } as const;
  return { plan, text: '', reads: [] };
}

/** What no rule forgets would stay for ever: 100 days after its last event an entity is dropped at the latest. */
const FORGOTTEN_AFTER_MS = 100 * 86_400_000;

const forgetLate: Evaluate = ({ state }) => {
  const last = state[BUILT_IN_FIELDS.lastEventAt];
  return typeof last === 'number' ? last + FORGOTTEN_AFTER_MS : null;
};

function planForget(context: EntityContext): TimedEvent {
  const { kind, stateOnly, findings } = context;
  const { forget } = context.definitions;
  const compiled = forget && compileExpression(forget, 'time', stateOnly, findings);
  const at = compiled?.evaluate ?? forgetLate;
  const reads = compiled ? readsOf(context, compiled.reads) : fieldBit(BUILT_IN_FIELDS.lastEventAt);
  const plan = { kind: 'forget', id: '~forget', name: null, at, reads, rule: `${kind}.forget` } as const;
  return { plan, text: compiled?.canonical ?? '', reads: [...(compiled?.reads ?? [])] };
}

/**
 * Entities are stored by position: the layout's name changes when a position gets another meaning. It also changes with the
 * tables and calendars that timers and gauges read, so that they are evaluated anew.
 */
function layoutOf(context: EntityContext, timed: readonly TimedEvent[], over: readonly OverMetric[]): string {
  const timers = timed.map(({ plan, text, reads }) => [plan.id, context.lineage.textOf(text, reads)]);
  const overs = over.map(({ plan }) => plan.seriesKey);
  const data = context.lineage.dataTextOf([...timed, ...over].flatMap(({ reads }) => reads));
  return hash128(JSON.stringify([context.fields, timers, overs, data])).slice(0, 8);
}
