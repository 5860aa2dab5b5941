import type { ASTNode } from '@marcbachmann/cel-js';
import { broken, type PlanContext, textOf } from './context.js';
import { BROKEN, constantValue, converted, isNumeric, type Run, type Term, typeName } from './term.js';

type Comparison = '<' | '<=' | '>' | '>=';

const MIRRORED: Readonly<Record<Comparison, Comparison>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** The argument of `age(…)`, when the expression is such a call. */
export function ageArguments(node: ASTNode): readonly ASTNode[] | null {
  return node.op === 'call' && node.args[0] === 'age' ? node.args[1] : null;
}

/** Plans a comparison one side of which is `age(…)`. */
export function planAgeComparison(
  operator: Comparison,
  [left, right]: readonly [ASTNode, ASTNode],
  context: PlanContext,
): Term {
  const isLeft = ageArguments(left) !== null;
  const age = isLeft ? left : right;
  const other = isLeft ? right : left;
  if (!context.vocabulary.allowsAge || context.locals.length > 0) return broken(context, age, MISPLACED_AGE);
  const time = planAge(age, context);
  const seconds = constantSeconds(other, context);
  if (time === null || seconds === null) return BROKEN;
  return compareAge(isLeft ? operator : MIRRORED[operator], time, seconds, context);
}

/** The time of an `age(t)`, as a run in ms; null when it is broken (which was reported). */
export function planAge(node: ASTNode, context: PlanContext): Run | null {
  const args = ageArguments(node) ?? [];
  const [argument] = args;
  if (argument === undefined || args.length > 1) {
    broken(context, node, { code: 'wrong-arguments', message: 'age() takes one time', remedy: 'write age(t)' });
    return null;
  }
  const time = context.plan(argument, context);
  if (time.type === 'unknown') return null;
  if (time.type === 'time' || time.type === 'null') return converted(time, 'time');
  broken(context, argument, {
    code: 'wrong-arguments',
    message: `age() takes a time, and ${textOf(argument)} is ${typeName(time.type)}`,
    remedy: 'give it a time field',
  });
  return null;
}

function constantSeconds(node: ASTNode, context: PlanContext): number | null {
  const term = context.plan(node, context);
  if (term.type === 'unknown') return null;
  const value = term.constant && term.type === 'number' && isNumeric(term.type) ? constantValue(term) : undefined;
  if (typeof value === 'number') return value;
  broken(context, node, {
    code: 'not-constant',
    message: `age() is compared with ${textOf(node)}, which is no constant number of seconds`,
    remedy: 'compare it with a constant such as 5 * minute',
  });
  return null;
}

/**
 * `age >= c` becomes true at the first millisecond that is c after t, `age > c` one later; `<` and `<=` are their
 * opposites. Seconds are rounded to microseconds first, so that 1.1 means 1100 ms.
 */
function compareAge(operator: Comparison, since: Run, seconds: number, context: PlanContext): Term {
  const ms = Math.round(seconds * 1e6) / 1000;
  const isInclusive = operator === '>=' || operator === '<';
  const thresholdMs = isInclusive ? Math.ceil(ms) : Math.floor(ms) + 1;
  const whenReached = operator === '>=' || operator === '>';
  context.ages.push({ since, thresholdMs });
  return {
    type: 'bool',
    constant: false,
    run: (scope, locals) => {
      const time = since(scope, locals);
      if (time === undefined) return undefined;
      return typeof time === 'number' && scope.now >= time + thresholdMs === whenReached;
    },
  };
}

/** Why age() cannot stand where it stands. */
export const MISPLACED_AGE = {
  code: 'age-misplaced',
  message: 'age() can only be the whole value of an over: metric, or be compared with a constant in its when',
  remedy: 'write value: age(…), or in when: age(…) >= 5 * minute; elsewhere subtract times',
} as const;
