import type { ASTNode } from '@marcbachmann/cel-js';
import { broken, type PlanContext, textOf } from './context.js';
import { isCondition } from './logic.js';
import { asCondition, BROKEN, isList, type Item, type Locals, type Run, type StaticType, type Term } from './term.js';
import { typeName } from './term.js';
import type { Scope } from '../catalog.js';

type Call = Extract<ASTNode, { op: 'rcall' }>;

interface Macro {
  readonly usage: string;
  readonly meaning: string;
  readonly arities: readonly number[];
}

/** What goes over a list, by its name. */
export const MACROS: ReadonlyMap<string, Macro> = new Map([
  ['all', { usage: 'list.all(x, condition)', meaning: 'Whether the condition holds for every element.', arities: [2] }],
  ['exists', { usage: 'list.exists(x, condition)', meaning: 'Whether it holds for some element.', arities: [2] }],
  [
    'exists_one',
    { usage: 'list.exists_one(x, condition)', meaning: 'Whether it holds for exactly one element.', arities: [2] },
  ],
  [
    'filter',
    { usage: 'list.filter(x, condition)', meaning: 'The elements for which the condition holds.', arities: [2] },
  ],
  [
    'map',
    {
      usage: 'list.map(x, value) or list.map(x, condition, value)',
      meaning: 'The values that the elements, or those for which the condition holds, become.',
      arities: [2, 3],
    },
  ],
]);

/** Macros within macros multiply their work; beyond this depth nobody writes them. */
const DEEPEST_NESTING = 2;

/** Whether a method call is one of the macros over lists. */
export function isMacro(node: Call): boolean {
  return MACROS.has(node.args[0]);
}

/** Plans `list.all(x, …)` and its kin. */
export function planMacro(node: Call, context: PlanContext): Term {
  const [name, listNode] = node.args;
  const parts = partsOf(node);
  if (parts === null) {
    const remedy = `write ${MACROS.get(name)?.usage ?? name}`;
    return broken(context, node, { code: 'wrong-arguments', message: `${name}() is not used so`, remedy });
  }
  const list = planList(name, listNode, context);
  if (list === null) return BROKEN;
  if (context.locals.length >= DEEPEST_NESTING) {
    const message = `macros are nested more than ${DEEPEST_NESTING} deep`;
    return broken(context, node, { code: 'too-large', message, remedy: 'write the expression without them' });
  }
  const inner = { ...context, locals: [...context.locals, { name: parts.variable, type: list.element }] };
  if (name === 'map') return planMap(list.term, parts, inner);
  const condition = planCondition(parts.body, inner);
  return condition === null ? BROKEN : overList(name, list.term, condition);
}

/** The variable of a macro, the condition before its body, if it has one, and its body. */
interface Parts {
  readonly variable: string;
  readonly test: ASTNode | null;
  readonly body: ASTNode;
}

function partsOf(node: Call): Parts | null {
  const [name, , [variable, ...bodies]] = node.args;
  const body = bodies.at(-1);
  const isComplete = MACROS.get(name)?.arities.includes(bodies.length + 1) === true;
  if (!isComplete || variable?.op !== 'id' || body === undefined) return null;
  return { variable: variable.args, test: bodies.length === 1 ? null : (bodies[0] ?? null), body };
}

/** The list that a macro goes over; null when it is broken. */
function planList(name: string, node: ASTNode, context: PlanContext): { term: Term; element: StaticType } | null {
  const term = context.plan(node, context);
  if (term.type === 'unknown') return null;
  if (typeof term.type === 'object') return { term, element: term.type.list };
  const message = `${name}() goes over a list, and ${textOf(node)} is ${typeName(term.type)}`;
  const remedy = `write ${MACROS.get(name)?.usage ?? name}`;
  broken(context, node, { code: 'wrong-arguments', message, remedy });
  return null;
}

function planMap(list: Term, { test, body }: Parts, context: PlanContext): Term {
  const condition = test === null ? (): boolean => true : planCondition(test, context);
  const value = context.plan(body, context);
  return condition === null || value.type === 'unknown' ? BROKEN : mapped(list, condition, value);
}

type Condition = (scope: Scope, locals: Locals) => boolean | undefined;

function planCondition(node: ASTNode, context: PlanContext): Condition | null {
  const term = context.plan(node, context);
  return isCondition(term, node, context) ? asCondition(term) : null;
}

/** Evaluates the condition for every element, then folds: no element's missing result is hidden by another's. */
function overList(name: string, list: Term, condition: Condition): Term {
  const run: Run = (scope, locals) => {
    const items = list.run(scope, locals);
    if (!isList(items)) return undefined;
    const matching: Item[] = [];
    for (const item of items) {
      const matches = condition(scope, [...locals, item]);
      if (matches === undefined) return undefined;
      if (matches) matching.push(item);
    }
    if (name === 'all') return matching.length === items.length;
    if (name === 'exists') return matching.length > 0;
    return name === 'exists_one' ? matching.length === 1 : matching;
  };
  return { type: name === 'filter' ? list.type : 'bool', constant: false, run };
}

function mapped(list: Term, condition: Condition, value: Term): Term {
  const run: Run = (scope, locals) => {
    const items = list.run(scope, locals);
    if (!isList(items)) return undefined;
    const values: Item[] = [];
    for (const item of items) {
      const inner = [...locals, item];
      const matches = condition(scope, inner);
      if (matches === false) continue;
      const made = matches === true ? value.run(scope, inner) : undefined;
      if (made === undefined) return undefined;
      values.push(made);
    }
    return values;
  };
  return { type: { list: value.type }, constant: false, run };
}
