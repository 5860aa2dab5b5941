import type {
  Evaluate,
  FieldRules,
  NameIndex,
  ObservePlan,
  Reaction,
  Scope,
  ScopeEvent,
  SetRule,
  Value,
  ZeroPlan,
} from '@app/language';
import { type Draft, setValue } from './draft.js';
import type { LabelSet } from './label-set.js';
import { type Ledger, toMicro } from './ledger.js';
import { compareKeys, type OrderKey } from './order.js';

/** One event or timer firing at an entity, with its place in the order. */
export interface Happening {
  readonly event: ScopeEvent;
  readonly time: number;
  readonly key: OrderKey;
}

/** One reaction under way: everything it reads is of the state before. */
interface Reacting {
  readonly draft: Draft;
  readonly happening: Happening;
  readonly scope: Scope;
  /** The names that it goes by: few, so that a walk is faster than a set. */
  readonly matched: NameIndex[];
  readonly ledger: Ledger;
}

/** A value that a field is to take; `moves` says whether the field's place in the order moves with it. */
interface FieldWrite {
  readonly field: number;
  readonly value: Value;
  readonly moves: boolean;
}

/**
 * Steps 2 and 3 of applying an event: decides the own events it brings and evaluates `on:` metrics, all on the state
 * before; then evaluates every `set` rule on that same state and lets them take effect together.
 */
export function react(draft: Draft, happening: Happening, reaction: Reaction | undefined, ledger: Ledger): void {
  if (reaction === undefined) return;
  const scope: Scope = { state: draft.values, event: happening.event, now: happening.time };
  const matched: NameIndex[] = [draft.plan.names.indexOf(happening.event.type)];
  const reacting: Reacting = { draft, happening, scope, matched, ledger };
  for (const own of reaction.ownEvents) if (matches(own, reacting)) bring(reacting, own.name);
  for (const zero of reaction.zeros) if (hits(zero.on, matched)) makeZero(reacting, zero);
  for (const observe of reaction.observes) if (matches(observe, reacting)) observeValue(reacting, observe);
  setFields(reacting, reaction.sets);
}

/** All are decided on the state before, then take effect together. */
function setFields(reacting: Reacting, sets: readonly FieldRules[]): void {
  const writes: FieldWrite[] = [];
  for (const rules of sets) {
    const write = decide(reacting, rules);
    if (write !== null) writes.push(write);
  }
  for (const write of writes) put(reacting.draft, write, reacting.happening.key);
}

function bring({ draft, matched, ledger }: Reacting, name: NameIndex): void {
  matched.push(name);
  ledger.ownEvent(draft.plan.names[name] ?? '');
}

function put(draft: Draft, { field, value, moves }: FieldWrite, key: OrderKey): void {
  setValue(draft, field, value);
  if (moves) draft.setBy[field] = key;
}

/** Whether a rule is named by what happens, and its condition holds. */
function matches(rule: Pick<ObservePlan, 'on' | 'when' | 'rule'>, { matched, scope, ledger }: Reacting): boolean {
  return hits(rule.on, matched) && holds(rule.when, rule.rule, scope, ledger);
}

/** The happening on an entity that is not kept: only its metrics count. */
export function observeOnly(draft: Draft, happening: Happening, reaction: Reaction | undefined, ledger: Ledger): void {
  if (reaction !== undefined) react(draft, happening, { ...reaction, sets: [] }, ledger);
}

function hits(on: readonly NameIndex[], matched: readonly NameIndex[]): boolean {
  for (const name of on) if (matched.includes(name)) return true;
  return false;
}

/** Whether a condition is true; no result counts as "does nothing". */
export function holds(when: Evaluate | null, rule: string, scope: Scope, ledger: Ledger): boolean {
  if (when === null) return true;
  const value = when(scope);
  if (value === undefined) ledger.noResult(rule);
  else if (value !== true) ledger.falseCondition(rule);
  return value === true;
}

/** The labels of the series that a rule adds to; undefined when there is no result. */
export function wantedLabels(
  draft: Draft,
  { metric, labels }: Pick<ObservePlan, 'metric' | 'labels'>,
  scope: Scope,
  ledger: Ledger,
): LabelSet | undefined {
  const set = ledger.labelsOf(draft.ref.accountId, labels, scope);
  return set && ledger.admit(metric, set);
}

function makeZero({ draft, happening, scope, ledger }: Reacting, zero: ZeroPlan): void {
  const labels = wantedLabels(draft, zero, scope, ledger);
  if (labels === undefined) ledger.noResult(zero.rule);
  else ledger.zero(zero.metric, labels, happening.time);
}

function observeValue({ draft, happening, scope, ledger }: Reacting, observe: ObservePlan): void {
  const value = observe.value === null ? 1 : observe.value(scope);
  if (value === null) return;
  const micro = toMicro(value);
  const labels = wantedLabels(draft, observe, scope, ledger);
  if (micro === undefined || labels === undefined) {
    ledger.noResult(observe.rule);
  } else if (micro < 0) {
    ledger.count(`observations_dropped_total|${observe.metric.name}|negative`);
  } else {
    ledger.observe(observe.metric, labels, micro, happening.time);
  }
}

function firstMatch(rules: readonly SetRule[], reacting: Reacting): SetRule | null {
  for (const rule of rules) if (matches(rule, reacting)) return rule;
  return null;
}

/** The first rule of the field that matches, and what it wants to write; null when none does, or it may not. */
function decide(reacting: Reacting, { field, rules }: FieldRules): FieldWrite | null {
  const { draft, happening, scope, ledger } = reacting;
  const rule = firstMatch(rules, reacting);
  if (rule === null) return null;
  const value = rule.action.value(scope);
  if (value === undefined) {
    ledger.noResult(rule.rule);
    return null;
  }
  const setBy = draft.setBy[field] ?? null;
  if (setBy !== null && compareKeys(happening.key, setBy) < 0) return null;
  if (rule.action.kind === 'to') return { field, value, moves: true };
  if (typeof value !== 'number') return null;
  const before = draft.values[field];
  const sum = (typeof before === 'number' ? before : 0) + value;
  if (Number.isFinite(sum)) return { field, value: sum, moves: false };
  ledger.noResult(rule.rule);
  return null;
}
