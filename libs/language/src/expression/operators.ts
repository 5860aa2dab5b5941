import type { ASTNode } from '@marcbachmann/cel-js';
import { broken, type PlanContext, textOf } from './context.js';
import { asCondition, BROKEN, converted, finite, isAnything, isList, isNumeric, type Item } from './term.js';
import { type Run, type StaticType, type Term, typeName, unify } from './term.js';

/** Two operands, their parts of the tree and the whole. */
export interface Operands {
  readonly left: Term;
  readonly right: Term;
  readonly node: ASTNode;
  readonly parts: readonly [ASTNode, ASTNode];
}

type Arithmetic = '+' | '-' | '*' | '/' | '%';

const CALCULATE: Readonly<Record<Arithmetic, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

/** `+ - * / %`. Null makes null; a division by zero and an infinite number have no result. */
export function planArithmetic(operator: Arithmetic, operands: Operands, context: PlanContext): Term {
  const { left, right } = operands;
  if (left.type === 'unknown' || right.type === 'unknown') return BROKEN;
  const constant = left.constant && right.constant;
  if (operator === '+' && isTextual(left.type) && isTextual(right.type) && !isNumericPair(left, right)) {
    return { type: 'string', constant, run: both(left.run, right.run, joined) };
  }
  if (!isNumeric(left.type) || !isNumeric(right.type)) return mismatch(operator, operands, context);
  if (left.type === 'null' && right.type === 'null') return { type: 'null', constant, run: () => null };
  if (operator === '-' && left.type === 'time' && right.type === 'time') {
    return { type: 'number', constant, run: numeric(left.run, right.run, (a, b) => (a - b) / 1000) };
  }
  const shifted = shiftedTime(operator, left, right);
  if (shifted !== null) return { type: 'time', constant, run: shifted };
  const calculate = CALCULATE[operator];
  return { type: 'number', constant, run: numeric(converted(left, 'number'), converted(right, 'number'), calculate) };
}

/** A time plus or minus seconds is a time, to the millisecond. */
function shiftedTime(operator: Arithmetic, left: Term, right: Term): Run | null {
  if (operator !== '+' && operator !== '-') return null;
  const sign = operator === '+' ? 1000 : -1000;
  if (left.type === 'time' && right.type !== 'time') {
    return numeric(left.run, right.run, (time, seconds) => Math.round(time + sign * seconds));
  }
  if (right.type === 'time' && left.type !== 'time' && operator === '+') {
    return numeric(left.run, right.run, (seconds, time) => Math.round(time + 1000 * seconds));
  }
  return null;
}

function isTextual(type: StaticType): boolean {
  return type === 'string' || type === 'null';
}

function isNumericPair(left: Term, right: Term): boolean {
  return isNumeric(left.type) && isNumeric(right.type);
}

function joined(a: Item, b: Item): Item | undefined {
  if (a === null || b === null) return null;
  return typeof a === 'string' && typeof b === 'string' ? a + b : undefined;
}

/** Both sides evaluated; no result on either side is no result. */
function both(left: Run, right: Run, combine: (a: Item, b: Item) => Item | undefined): Run {
  return (scope, locals) => {
    const a = left(scope, locals);
    if (a === undefined) return undefined;
    const b = right(scope, locals);
    return b === undefined ? undefined : combine(a, b);
  };
}

function numeric(left: Run, right: Run, calculate: (a: number, b: number) => number): Run {
  return both(left, right, (a, b) => {
    if (a === null || b === null) return null;
    return typeof a === 'number' && typeof b === 'number' ? finite(calculate(a, b)) : undefined;
  });
}

type Comparison = '<' | '<=' | '>' | '>=';

const COMPARE: Readonly<Record<Comparison, (a: number | string, b: number | string) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `< <= > >=` of numbers, times and texts. With null it is false. */
export function planComparison(operator: Comparison, operands: Operands, context: PlanContext): Term {
  const { left, right } = operands;
  const type = unify(left.type, right.type);
  if (type === 'unknown') return BROKEN;
  if (type === null || type === 'bool' || typeof type === 'object') return mismatch(operator, operands, context);
  const compare = COMPARE[operator];
  const run = both(converted(left, type), converted(right, type), (a, b) => {
    if (a === null || b === null) return false;
    const alike = typeof a === typeof b && (typeof a === 'number' || typeof a === 'string');
    return alike ? compare(a as number, b as number) : undefined;
  });
  return { type: 'bool', constant: left.constant && right.constant, run };
}

/** `==` and `!=`; null is a value like others. */
export function planEquality(operator: '==' | '!=', operands: Operands, context: PlanContext): Term {
  const { left, right } = operands;
  const type = unify(left.type, right.type);
  if (type === 'unknown') return BROKEN;
  if (type === null) return mismatch(operator, operands, context);
  const wanted = operator === '==';
  const run = both(converted(left, type), converted(right, type), (a, b) => isSame(a, b) === wanted);
  return { type: 'bool', constant: left.constant && right.constant, run };
}

/** `x in list`. */
export function planMembership(operands: Operands, context: PlanContext): Term {
  const { left, right } = operands;
  if (left.type === 'unknown' || right.type === 'unknown') return BROKEN;
  const type = typeof right.type === 'object' ? unify(left.type, right.type.list) : null;
  if (type === null) return mismatch('in', operands, context);
  if (type === 'unknown') return BROKEN;
  const run = both(converted(left, type), converted(right, { list: type }), (item, list) =>
    isList(list) ? list.some((each) => isSame(item, each)) : undefined,
  );
  return { type: 'bool', constant: left.constant && right.constant, run };
}

/** Equality of values of one type; lists element by element. */
export function isSame(a: Item, b: Item): boolean {
  if (!isList(a) || !isList(b)) return a === b;
  return a.length === b.length && a.every((each, index) => isSame(each, b[index] ?? null));
}

/** `&&` and `||`: the right side is evaluated only when it decides. */
export function planLogic(operator: '&&' | '||', operands: Operands, context: PlanContext): Term {
  const { left, right, parts } = operands;
  const fits = [isCondition(left, parts[0], context), isCondition(right, parts[1], context)];
  if (fits.includes(false)) return BROKEN;
  const [first, second] = [asCondition(left), asCondition(right)];
  const decided = operator === '||';
  return {
    type: 'bool',
    constant: left.constant && right.constant,
    run: (scope, locals) => {
      const value = first(scope, locals);
      return value === undefined || value === decided ? value : second(scope, locals);
    },
  };
}

/** `!x`; null is false. */
export function planNot(operand: Term, part: ASTNode, context: PlanContext): Term {
  if (!isCondition(operand, part, context)) return BROKEN;
  const condition = asCondition(operand);
  const run: Run = (scope, locals) => {
    const value = condition(scope, locals);
    return value === undefined ? undefined : !value;
  };
  return { type: 'bool', constant: operand.constant, run };
}

/** `-x`. */
export function planNegation(operand: Term, part: ASTNode, context: PlanContext): Term {
  if (operand.type === 'unknown') return BROKEN;
  if (!isNumeric(operand.type)) {
    const message = `- wants a number, and ${textOf(part)} is ${typeName(operand.type)}`;
    return broken(context, part, { code: 'wrong-type', message, remedy: 'negate a number' });
  }
  if (operand.type === 'null') return operand;
  const run = converted(operand, 'number');
  const negated: Run = (scope, locals) => {
    const value = run(scope, locals);
    return typeof value === 'number' ? -value : value;
  };
  return { type: 'number', constant: operand.constant, run: negated };
}

/** `c ? a : b`; only the branch that is chosen is evaluated. */
export function planChoice(condition: Term, operands: Operands, test: ASTNode, context: PlanContext): Term {
  const { left, right } = operands;
  if (!isCondition(condition, test, context)) return BROKEN;
  const type = unify(left.type, right.type);
  if (type === 'unknown') return BROKEN;
  if (type === null) return mismatch('?:', operands, context);
  const chosen = asCondition(condition);
  const [yes, no] = [converted(left, type), converted(right, type)];
  const run: Run = (scope, locals) => {
    const value = chosen(scope, locals);
    if (value === undefined) return undefined;
    return value ? yes(scope, locals) : no(scope, locals);
  };
  return { type, constant: condition.constant && left.constant && right.constant, run };
}

/** Whether a part can stand where a truth value is wanted; reports when not. */
export function isCondition(term: Term, part: ASTNode, context: PlanContext): boolean {
  if (term.type === 'bool' || isAnything(term.type)) return term.type !== 'unknown';
  context.report(part, {
    code: 'wrong-type',
    message: `a truth value is wanted, and ${textOf(part)} is ${typeName(term.type)}`,
    remedy: `compare it, as in ${textOf(part)} != null`,
  });
  return false;
}

function mismatch(operator: string, { left, right, node, parts }: Operands, context: PlanContext): Term {
  const [a, b] = parts;
  const hasText = left.type === 'string' || right.type === 'string';
  return broken(context, node, {
    code: 'wrong-type',
    message: `${operator} does not go with ${typeName(left.type)} (${textOf(a)}) and ${typeName(right.type)} (${textOf(b)})`,
    remedy: remedyFor(operator, hasText),
  });
}

function remedyFor(operator: string, hasText: boolean): string {
  if (operator === 'in') return 'its right side is a list of such values, as in x in ["a", "b"]';
  if (operator === '?:') return 'both branches must have one type; null goes with every type';
  if (hasText && operator === '+') return 'turn the other side into text with string(…)';
  if (operator.length <= 2 && '==!='.includes(operator)) return 'compare values of one type';
  return hasText ? 'turn the text into a number with double(…), or compare texts' : 'use values that go together';
}
