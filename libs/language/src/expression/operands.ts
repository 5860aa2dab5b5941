import type { ASTNode } from '@marcbachmann/cel-js';
import { broken, type PlanContext, textOf } from './context.js';
import { type Item, type Run, type Term, typeName } from './term.js';

/** Two operands, their parts of the tree and the whole. */
export interface Operands {
  readonly left: Term;
  readonly right: Term;
  readonly node: ASTNode;
  readonly parts: readonly [ASTNode, ASTNode];
}

/** Whether an operand is broken, so that nothing more is to be said. */
export function isBroken({ left, right }: Operands): boolean {
  return left.type === 'unknown' || right.type === 'unknown';
}

/** Whether the result depends on nothing. */
export function isConstant({ left, right }: Operands): boolean {
  return left.constant && right.constant;
}

/** Both sides evaluated; no result on either side is no result. */
export function both(left: Run, right: Run, combine: (a: Item, b: Item) => Item | undefined): Run {
  return (scope, locals) => {
    const a = left(scope, locals);
    if (a === undefined) return undefined;
    const b = right(scope, locals);
    return b === undefined ? undefined : combine(a, b);
  };
}

/** Reports that an operator does not go with its operands. */
export function mismatch(operator: string, { left, right, node, parts }: Operands, context: PlanContext): Term {
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
  if (operator === '==' || operator === '!=') return 'compare values of one type';
  if (!hasText) return 'use values that go together';
  return operator === '+'
    ? 'turn the other side into text with string(…)'
    : 'turn the text into a number with double(…), or compare texts';
}
