import { EVENT_TYPES } from '@app/event';
import type { FieldRules, NameIndex, ObservePlan, OwnEventPlan, Reaction, TimerPlan, ZeroPlan } from '../catalog.js';

/** All rules of an entity that events and timers set off. */
export interface Rules {
  readonly names: readonly string[];
  readonly ownEvents: readonly OwnEventPlan[];
  readonly observes: readonly ObservePlan[];
  readonly zeros: readonly ZeroPlan[];
  readonly sets: readonly FieldRules[];
  readonly timers: readonly TimerPlan[];
}

/** What each incoming event type and each timer can cause; what causes nothing is left out. */
export function planReactions(rules: Rules): ReadonlyMap<string, Reaction> {
  const reactions = new Map<string, Reaction>();
  EVENT_TYPES.forEach((type, index) => addReaction(reactions, type, index, rules));
  for (const { id, name } of rules.timers) if (name !== null) addReaction(reactions, id, name, rules);
  return reactions;
}

function addReaction(reactions: Map<string, Reaction>, key: string, incoming: NameIndex, rules: Rules): void {
  const reachable = new Set([incoming]);
  const isReached = (rule: { readonly on: readonly NameIndex[] }): boolean =>
    rule.on.some((name) => reachable.has(name));
  const ownEvents = rules.ownEvents.filter((own) => {
    const isPossible = isReached(own);
    if (isPossible) reachable.add(own.name);
    return isPossible;
  });
  const sets = rules.sets
    .map(({ field, rules: all }) => ({ field, rules: all.filter(isReached) }))
    .filter((each) => each.rules.length > 0);
  const observes = rules.observes.filter(isReached);
  const zeros = rules.zeros.filter(isReached);
  if (observes.length + zeros.length + sets.length > 0) reactions.set(key, { ownEvents, observes, zeros, sets });
}
