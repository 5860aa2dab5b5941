import { NOTHING_CARRIED } from '@app/event';
import type { Scope, Value, ValueType } from '../catalog.js';

/** The static type of an expression. `unknown`: it is broken, which was reported, and fits everywhere. */
export type StaticType = ValueType | 'null' | 'unknown' | ListType;

/** A list literal's type, by that of its elements. Lists exist within expressions only. */
export interface ListType {
  readonly list: StaticType;
}

/** What an expression yields within: a value or a list. A time is milliseconds. */
export type Item = Value | readonly Item[];

/** The variables of the macros around an expression, outermost first. */
export type Locals = readonly Item[];

/** An evaluation. Total: `undefined` is "no result", and nothing throws. */
export type Run = (scope: Scope, locals: Locals) => Item | undefined;

/** A checked expression: what it yields and how. */
export interface Term {
  readonly type: StaticType;
  /** Whether it depends on nothing: always the same value. */
  readonly constant: boolean;
  readonly run: Run;
}

/** What a broken expression becomes, so that the rest can be checked. */
export const BROKEN: Term = { type: 'unknown', constant: false, run: () => undefined };

/** No macro is around. */
export const NO_LOCALS: Locals = [];

/** The scope of an expression that reads nothing. */
export const EMPTY_SCOPE: Scope = {
  state: [],
  now: 0,
  event: {
    ...NOTHING_CARRIED,
    type: '',
    time: null,
    receivedAt: null,
    accountId: null,
    uid: null,
  },
};

/** The value of a constant term. */
export function constantValue(term: Term): Item | undefined {
  return term.run(EMPTY_SCOPE, NO_LOCALS);
}

const NAMES: Readonly<Record<string, string>> = {
  time: 'a time',
  number: 'a number',
  string: 'a text',
  bool: 'a truth value',
  null: 'null',
  unknown: 'unknown',
};

/** A type in words: `a time`, `a list`. */
export function typeName(type: StaticType): string {
  return typeof type === 'string' ? (NAMES[type] ?? type) : 'a list';
}

/** Whether a value of this type may be null or a number: times count as numbers of seconds. */
export function isNumeric(type: StaticType): boolean {
  return type === 'number' || type === 'time' || isAnything(type);
}

/** Whether the type says nothing: null, or broken. */
export function isAnything(type: StaticType): boolean {
  return type === 'null' || type === 'unknown';
}

/** The type of something that is either of two; null when they do not go together. A time beside a number is a number. */
export function unify(a: StaticType, b: StaticType): StaticType | null {
  if (a === 'unknown' || b === 'unknown') return 'unknown';
  if (a === 'null') return b;
  if (b === 'null' || a === b) return a;
  if (typeof a === 'object') return typeof b === 'object' ? unifyLists(a, b) : null;
  return isNumeric(a) && isNumeric(b) ? 'number' : null;
}

function unifyLists(a: ListType, b: ListType): ListType | null {
  const element = unify(a.list, b.list);
  return element === null ? null : { list: element };
}

/** The run with its result in another type's form: times and numbers convert, everything else stays. */
export function converted(term: Term, to: StaticType): Run {
  if (term.type === 'time' && to === 'number') return mapped(term.run, toSeconds);
  if (term.type === 'number' && to === 'time') return mapped(term.run, toMs);
  if (typeof term.type === 'object' && typeof to === 'object' && term.type.list !== to.list) {
    const element = converted({ ...term, type: term.type.list, run: (_, locals) => locals[0] }, to.list);
    return mapped(term.run, (item, scope) => convertedList(item, (each) => element(scope, [each])));
  }
  return term.run;
}

/** Milliseconds to seconds. */
function toSeconds(item: Item): Item | undefined {
  return typeof item === 'number' ? item / 1000 : item;
}

/** Seconds to whole milliseconds. */
function toMs(item: Item): Item | undefined {
  return typeof item === 'number' ? finite(Math.round(item * 1000)) : item;
}

function convertedList(item: Item, convert: (each: Item) => Item | undefined): Item | undefined {
  if (!isList(item)) return item;
  const items: Item[] = [];
  for (const each of item) {
    const value = convert(each);
    if (value === undefined) return undefined;
    items.push(value);
  }
  return items;
}

function mapped(run: Run, map: (item: Item, scope: Scope) => Item | undefined): Run {
  return (scope, locals) => {
    const item = run(scope, locals);
    return item === undefined ? undefined : map(item, scope);
  };
}

/** A number that is one: infinities and NaN are no result. */
export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

export function isList(item: Item | undefined): item is readonly Item[] {
  return Array.isArray(item);
}

/** The run as a truth value: null is false, anything but true and false has no result. */
export function asCondition(term: Term): (scope: Scope, locals: Locals) => boolean | undefined {
  const { run } = term;
  return (scope, locals) => {
    const item = run(scope, locals);
    if (item === null) return false;
    return typeof item === 'boolean' ? item : undefined;
  };
}
