import type { ASTNode } from '@marcbachmann/cel-js';
import type { Problem } from '../diagnostic.js';
import { didYouMean } from '../nearest-name.js';
import { broken, type PlanContext, textOf } from './context.js';
import { DATA_FUNCTIONS } from './functions-data.js';
import { NUMBER_FUNCTIONS } from './functions-number.js';
import { TEXT_FUNCTIONS } from './functions-text.js';
import { TIME_FUNCTIONS } from './functions-time.js';
import type { FunctionSpec } from './function-spec.js';
import { BROKEN, type Term } from './term.js';

/** Every function, each known by its name. */
export const FUNCTIONS: ReadonlyMap<string, FunctionSpec> = new Map(
  [...NUMBER_FUNCTIONS, ...TEXT_FUNCTIONS, ...TIME_FUNCTIONS, ...DATA_FUNCTIONS].map((spec) => [spec.name, spec]),
);

/** What reads a metric: known in formulas alone, see `formula/selector.ts`. */
const OF_FORMULAS = ['sum', 'count', 'value', 'rate', 'share', 'quantile'];

/** Names known elsewhere, for the nearest name of a misspelt one. */
const SPECIAL = ['has', 'age', 'all', 'exists', 'exists_one', 'filter', 'map'];

/** Plans a call of a function or a method; a method's receiver is the first argument. */
export function planCall(node: ASTNode, name: string, args: readonly ASTNode[], context: PlanContext): Term {
  const spec = FUNCTIONS.get(name);
  if (spec === undefined) return broken(context, node, unknownFunction(name));
  const terms = args.map((arg) => context.plan(arg, context));
  if (!isCalledSo(spec, node, args.length)) {
    return broken(context, node, {
      code: 'wrong-arguments',
      message: `${name}() is not called so`,
      remedy: `write ${spec.usage}`,
    });
  }
  if (terms.some((term) => term.type === 'unknown')) return BROKEN;
  const outcome = spec.plan(terms, context);
  if (!('problem' in outcome)) return outcome;
  const at = args[outcome.argument ?? 0] ?? node;
  const code = outcome.code ?? 'wrong-arguments';
  const message = outcome.problem.replace('%', () => textOf(at));
  return broken(context, at, { code, message, remedy: outcome.remedy ?? `write ${spec.usage}` });
}

function isCalledSo({ form, least, most }: FunctionSpec, node: ASTNode, count: number): boolean {
  const isForm = node.op === 'rcall' ? form !== 'call' : form !== 'method';
  return isForm && count >= least && count <= most;
}

function unknownFunction(name: string): Problem {
  if (OF_FORMULAS.includes(name)) {
    const message = `${name}() reads a metric, and only a formula can`;
    return { code: 'unknown-function', message, remedy: 'make a metric with formula: of it' };
  }
  const known = [...FUNCTIONS.keys(), ...SPECIAL];
  const remedy = didYouMean(name, [...known, ...OF_FORMULAS], `the functions are ${known.join(', ')}`);
  return { code: 'unknown-function', message: `there is no function ${name}()`, remedy };
}
