import type { ASTNode } from '@marcbachmann/cel-js';
import { broken, type PlanContext, textOf } from './context.js';
import { both, isBroken, isConstant, mismatch, type Operands } from './operands.js';
import { BROKEN, converted, finite, isNumeric, type Item, type Run, type Term, typeName } from './term.js';

type Operator = '+' | '-' | '*' | '/' | '%';

const CALCULATE: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

/** `+ - * / %`. Null makes null; a division by zero and an infinite number have no result. */
export function planArithmetic(operator: Operator, operands: Operands, context: PlanContext): Term {
  if (isBroken(operands)) return BROKEN;
  const { left, right } = operands;
  if (!isNumeric(left.type) || !isNumeric(right.type)) return planJoin(operator, operands, context);
  const constant = isConstant(operands);
  if (left.type === 'null' && right.type === 'null') return { type: 'null', constant, run: () => null };
  return planOfTimes(operator, operands) ?? planOfNumbers(operator, operands);
}

/** Texts are joined with `+`. */
function planJoin(operator: Operator, operands: Operands, context: PlanContext): Term {
  const { left, right } = operands;
  const isText = [left, right].every(({ type }) => type === 'string' || type === 'null');
  if (operator !== '+' || !isText) return mismatch(operator, operands, context);
  return { type: 'string', constant: isConstant(operands), run: both(left.run, right.run, joined) };
}

/** A field that a rule joins with itself would double with every event; beyond this length (characters) there is no result. */
const LONGEST_TEXT = 8192;

function joined(a: Item, b: Item): Item | undefined {
  if (a === null || b === null) return null;
  if (typeof a !== 'string' || typeof b !== 'string' || a.length + b.length > LONGEST_TEXT) return undefined;
  return a + b;
}

/** What stays a time, or is the exact difference of two; null when times are plain numbers of seconds here. */
function planOfTimes(operator: Operator, operands: Operands): Term | null {
  const { left, right } = operands;
  const constant = isConstant(operands);
  if (operator === '-' && left.type === 'time') {
    return right.type === 'time'
      ? { type: 'number', constant, run: numeric(left.run, right.run, (a, b) => (a - b) / 1000) }
      : { type: 'time', constant, run: shifted(left.run, right.run, -1000) };
  }
  if (operator !== '+' || left.type === right.type) return null;
  if (left.type === 'time') return { type: 'time', constant, run: shifted(left.run, right.run, 1000) };
  return right.type === 'time' ? { type: 'time', constant, run: shifted(right.run, left.run, 1000) } : null;
}

/** A time moved by seconds, to the millisecond. */
function shifted(time: Run, seconds: Run, msPerSecond: number): Run {
  return numeric(time, seconds, (ms, by) => Math.round(ms + msPerSecond * by));
}

function planOfNumbers(operator: Operator, operands: Operands): Term {
  const [left, right] = [converted(operands.left, 'number'), converted(operands.right, 'number')];
  return { type: 'number', constant: isConstant(operands), run: numeric(left, right, CALCULATE[operator]) };
}

function numeric(left: Run, right: Run, calculate: (a: number, b: number) => number): Run {
  return both(left, right, (a, b) => {
    if (a === null || b === null) return null;
    return typeof a === 'number' && typeof b === 'number' ? finite(calculate(a, b)) : undefined;
  });
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
