import type { PlanContext } from './context.js';
import { both, isBroken, isConstant, mismatch, type Operands } from './operands.js';
import { BROKEN, converted, isList, type Item, type Term, unify } from './term.js';

type Comparison = '<' | '<=' | '>' | '>=';

/** Whether the order of two values, as a number below, at or above 0, is the one wanted. */
const HOLDS: Readonly<Record<Comparison, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** `< <= > >=` of numbers, times and texts. With null it is false. */
export function planComparison(operator: Comparison, operands: Operands, context: PlanContext): Term {
  const { left, right } = operands;
  const type = unify(left.type, right.type);
  if (type === 'unknown') return BROKEN;
  if (type === null || type === 'bool' || typeof type === 'object') return mismatch(operator, operands, context);
  const holds = HOLDS[operator];
  const run = both(converted(left, type), converted(right, type), (a, b) => {
    if (a === null || b === null) return false;
    const order = orderOf(a, b);
    return order === undefined ? undefined : holds(order);
  });
  return { type: 'bool', constant: isConstant(operands), run };
}

/** Numbers by size, texts by their code units; what is neither has no order. */
function orderOf(a: Item, b: Item): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== 'string' || typeof b !== 'string') return undefined;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `==` and `!=`; null is a value like others. */
export function planEquality(operator: '==' | '!=', operands: Operands, context: PlanContext): Term {
  const { left, right } = operands;
  const type = unify(left.type, right.type);
  if (type === 'unknown') return BROKEN;
  if (type === null) return mismatch(operator, operands, context);
  const wanted = operator === '==';
  const run = both(converted(left, type), converted(right, type), (a, b) => isSame(a, b) === wanted);
  return { type: 'bool', constant: isConstant(operands), run };
}

/** `x in list`. */
export function planMembership(operands: Operands, context: PlanContext): Term {
  const { left, right } = operands;
  if (isBroken(operands)) return BROKEN;
  const type = typeof right.type === 'object' ? unify(left.type, right.type.list) : null;
  if (type === null) return mismatch('in', operands, context);
  const run = both(converted(left, type), converted(right, { list: type }), (item, list) =>
    isList(list) ? list.some((each) => isSame(item, each)) : undefined,
  );
  return { type: 'bool', constant: isConstant(operands), run };
}

/** Equality of values of one type; lists element by element. */
function isSame(a: Item, b: Item): boolean {
  if (!isList(a) || !isList(b)) return a === b;
  return a.length === b.length && a.every((each, index) => isSame(each, b[index] ?? null));
}
