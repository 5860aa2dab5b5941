import type { ASTNode } from '@marcbachmann/cel-js';
import { type PlanContext, textOf } from './context.js';
import { isConstant, mismatch, type Operands } from './operands.js';
import { asCondition, BROKEN, converted, isAnything, type Run, type Term, typeName, unify } from './term.js';

/** `&&` and `||`: the right side is evaluated only when it decides. */
export function planLogic(operator: '&&' | '||', operands: Operands, context: PlanContext): Term {
  const { left, right, parts } = operands;
  const fits = [isCondition(left, parts[0], context), isCondition(right, parts[1], context)];
  if (fits.includes(false)) return BROKEN;
  const [first, second] = [asCondition(left), asCondition(right)];
  const decided = operator === '||';
  const run: Run = (scope, locals) => {
    const value = first(scope, locals);
    return value === undefined || value === decided ? value : second(scope, locals);
  };
  return { type: 'bool', constant: isConstant(operands), run };
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

/** `c ? a : b`; only the branch that is chosen is evaluated. */
export function planChoice(condition: Term, operands: Operands, test: ASTNode, context: PlanContext): Term {
  const { left, right } = operands;
  if (!isCondition(condition, test, context)) return BROKEN;
  const type = unify(left.type, right.type);
  if (type === 'unknown') return BROKEN;
  if (type === null) return mismatch('?:', operands, context);
  const chosen = context.watched(test, textOf(test), asCondition(condition));
  const [yes, no] = [converted(left, type), converted(right, type)];
  const run: Run = (scope, locals) => {
    const value = chosen(scope, locals);
    if (value === undefined) return undefined;
    return value ? yes(scope, locals) : no(scope, locals);
  };
  return { type, constant: condition.constant && isConstant(operands), run };
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
