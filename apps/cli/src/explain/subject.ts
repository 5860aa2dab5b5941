import type { EntityKind } from '@app/event';
import { type Catalog, didYouMean, type MetricPlan } from '@app/language';
import { EXIT, Failure } from '../failure.js';
import { concernedWith } from '../trace/step-text.js';

/** What is to be explained: a metric, as far as one conversation or agent has part in it. */
export interface Subject {
  readonly metric: MetricPlan;
  /** The metric, and those from which it is computed. */
  readonly concerned: ReadonlySet<string>;
  readonly kind: EntityKind;
  readonly id: string;
  /** Null: whichever has it. */
  readonly accountId: string | null;
}

/** What a person asked for. */
export interface Asked {
  readonly conversation?: string;
  readonly agent?: string;
  readonly account?: string;
}

/** Finds out what is asked. Throws a {@link Failure} when there is no such metric, or it reads no such entity. */
export function subjectOf(catalog: Catalog, name: string, asked: Asked): Subject {
  const metric = catalog.metrics.find((each) => each.name === name);
  if (metric === undefined) {
    const names = catalog.metrics.map((each) => each.name);
    throw wrongUse(`there is no metric "${name}" — ${didYouMean(name, names, 'docs/reference.md lists what ships')}`);
  }
  const { conversation, agent, account } = asked;
  if ((conversation === undefined) === (agent === undefined)) {
    throw wrongUse('name one entity — write --conversation ID or --agent ID');
  }
  const kind = conversation === undefined ? 'agent' : 'conversation';
  const concerned = concernedWith(catalog, [name]);
  if (![...concerned].some((each) => isOf(catalog, kind, each))) {
    const other = kind === 'agent' ? 'conversation' : 'agent';
    throw wrongUse(`${name} is of ${other}s, and no ${kind} has part in it — name one with --${other} ID`);
  }
  return { metric, concerned, kind, id: conversation ?? agent ?? '', accountId: account ?? null };
}

/** Whether a metric is of entities of this kind. */
function isOf(catalog: Catalog, kind: EntityKind, name: string): boolean {
  const { reactions, overs } = catalog.entities[kind];
  if (overs.some((over) => over.metric.name === name)) return true;
  return [...reactions.values()].some(({ observes }) => observes.some((observe) => observe.metric.name === name));
}

function wrongUse(message: string): Failure {
  return new Failure(message, EXIT.wrongUse);
}
