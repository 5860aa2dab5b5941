import type {
  Evaluate,
  FieldRules,
  NameIndex,
  ObservePlan,
  Reaction,
  Scope,
  ScopeEvent,
  Value,
  ZeroPlan,
} from '@app/language';
import type { Draft } from './draft.js';
import { labelsOf, type Ledger, toMicro } from './ledger.js';
import { compareKeys, type OrderKey } from './order.js';

/** One event or timer firing at an entity, with its place in the order. */
export interface Happening {
  readonly event: ScopeEvent;
  readonly time: number;
  readonly key: OrderKey;
}

/**
 * Steps 2 and 3 of applying an event: decides the own events it brings and evaluates `on:` metrics, all on the state
 * before; then evaluates every `set` rule on that same state and lets them take effect together.
 */
export function react(draft: Draft, happening: Happening, reaction: Reaction | undefined, ledger: Ledger): void {
  if (reaction === undefined) return;
  const scope: Scope = { state: draft.values, event: happening.event, now: happening.time };
  const matched = matchNames(draft, happening, reaction, scope, ledger);
  for (const zero of reaction.zeros) if (hits(zero.on, matched)) makeZero(draft, zero, scope, happening.time, ledger);
  for (const observe of reaction.observes) {
    if (hits(observe.on, matched) && holds(observe.when, observe.rule, scope, ledger)) {
      observeValue(draft, observe, scope, happening.time, ledger);
    }
  }
  const writes: [number, Value, boolean][] = [];
  for (const field of reaction.sets) decide(draft, field, matched, scope, happening.key, ledger, writes);
  for (const [field, value, moves] of writes) {
    draft.values[field] = value;
    if (moves) draft.setBy[field] = happening.key;
  }
}

/** The happening on an entity that is not kept: only its metrics count. */
export function observeOnly(draft: Draft, happening: Happening, reaction: Reaction | undefined, ledger: Ledger): void {
  if (reaction !== undefined) react(draft, happening, { ...reaction, sets: [] }, ledger);
}

function matchNames(
  draft: Draft,
  happening: Happening,
  reaction: Reaction,
  scope: Scope,
  ledger: Ledger,
): Set<NameIndex> {
  const matched = new Set<NameIndex>([draft.plan.names.indexOf(happening.event.type)]);
  for (const own of reaction.ownEvents) {
    if (hits(own.on, matched) && holds(own.when, own.rule, scope, ledger)) matched.add(own.name);
  }
  return matched;
}

function hits(on: readonly NameIndex[], matched: ReadonlySet<NameIndex>): boolean {
  for (const name of on) if (matched.has(name)) return true;
  return false;
}

/** Whether a condition is true; no result counts as "does nothing". */
export function holds(when: Evaluate | null, rule: string, scope: Scope, ledger: Ledger): boolean {
  if (when === null) return true;
  const value = when(scope);
  if (value === undefined) ledger.noResult(rule);
  return value === true;
}

function makeZero(draft: Draft, zero: ZeroPlan, scope: Scope, time: number, ledger: Ledger): void {
  const labels = labelsOf(draft.ref.accountId, zero.labels, scope);
  if (labels === undefined) ledger.noResult(zero.rule);
  else ledger.zero(zero.metric, labels, time);
}

function observeValue(draft: Draft, observe: ObservePlan, scope: Scope, time: number, ledger: Ledger): void {
  const value = observe.value === null ? 1 : observe.value(scope);
  if (value === null) return;
  const micro = toMicro(value);
  const labels = labelsOf(draft.ref.accountId, observe.labels, scope);
  if (micro === undefined || labels === undefined || ledger.refuses(observe.metric, labels)) {
    ledger.noResult(observe.rule);
  } else if (micro < 0) {
    ledger.count(`observations_dropped_total|${observe.metric.name}|negative`);
  } else {
    ledger.observe(observe.metric, labels, micro, time);
  }
}

/** Finds the first rule of the field that matches, and what it wants to write, if it may. */
function decide(
  draft: Draft,
  { field, rules }: FieldRules,
  matched: ReadonlySet<NameIndex>,
  scope: Scope,
  key: OrderKey,
  ledger: Ledger,
  writes: [number, Value, boolean][],
): void {
  const rule = rules.find(
    (candidate) => hits(candidate.on, matched) && holds(candidate.when, candidate.rule, scope, ledger),
  );
  if (rule === undefined) return;
  const value = rule.action.value(scope);
  if (value === undefined) {
    ledger.noResult(rule.rule);
    return;
  }
  const setBy = draft.setBy[field] ?? null;
  if (setBy !== null && compareKeys(key, setBy) < 0) return;
  if (rule.action.kind === 'to') {
    writes.push([field, value, true]);
  } else if (typeof value === 'number') {
    const before = draft.values[field];
    const sum = (typeof before === 'number' ? before : 0) + value;
    if (Number.isFinite(sum)) writes.push([field, sum, false]);
    else ledger.noResult(rule.rule);
  }
}
