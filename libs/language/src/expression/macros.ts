import type { ASTNode } from '@marcbachmann/cel-js';
import { broken, type PlanContext, textOf } from './context.js';
import { isCondition } from './operators.js';
import { asCondition, BROKEN, isList, type Item, type Locals, type Run, type StaticType, type Term } from './term.js';
import { typeName } from './term.js';
import type { Scope } from '../catalog.js';

type Call = Extract<ASTNode, { op: 'rcall' }>;

const MACROS: ReadonlyMap<string, { readonly usage: string; readonly arities: readonly number[] }> = new Map([
  ['all', { usage: 'list.all(x, condition)', arities: [2] }],
  ['exists', { usage: 'list.exists(x, condition)', arities: [2] }],
  ['exists_one', { usage: 'list.exists_one(x, condition)', arities: [2] }],
  ['filter', { usage: 'list.filter(x, condition)', arities: [2] }],
  ['map', { usage: 'list.map(x, value) or list.map(x, condition, value)', arities: [2, 3] }],
]);

/** Macros within macros multiply their work; beyond this depth nobody writes them. */
const DEEPEST_NESTING = 2;

/** Whether a method call is one of the macros over lists. */
export function isMacro(node: Call): boolean {
  return MACROS.has(node.args[0]);
}

/** Plans `list.all(x, …)` and its kin. */
export function planMacro(node: Call, context: PlanContext): Term {
  const [name, listNode, args] = node.args;
  const macro = MACROS.get(name);
  const [variable, ...bodies] = args;
  if (macro === undefined || variable?.op !== 'id' || !macro.arities.includes(args.length)) {
    const usage = macro?.usage ?? name;
    return broken(context, node, {
      code: 'wrong-arguments',
      message: `${name}() is not used so`,
      remedy: `write ${usage}`,
    });
  }
  const list = context.plan(listNode, context);
  if (list.type === 'unknown') return BROKEN;
  if (typeof list.type !== 'object') {
    const message = `${name}() goes over a list, and ${textOf(listNode)} is ${typeName(list.type)}`;
    return broken(context, listNode, { code: 'wrong-arguments', message, remedy: `write ${macro.usage}` });
  }
  if (context.locals.length >= DEEPEST_NESTING) {
    const message = `macros are nested more than ${DEEPEST_NESTING} deep`;
    return broken(context, node, { code: 'too-large', message, remedy: 'write the expression without them' });
  }
  const inner = { ...context, locals: [...context.locals, { name: variable.args, type: list.type.list }] };
  const test = name === 'map' && bodies.length === 1 ? undefined : bodies[0];
  const condition = test === undefined ? null : conditionOf(test, inner);
  if (condition === undefined) return BROKEN;
  if (name !== 'map') return overList(name, list, condition ?? (() => true));
  return mapped(list, condition, inner.plan(bodies.at(-1) ?? node, inner));
}

type Condition = (scope: Scope, locals: Locals) => boolean | undefined;

function conditionOf(node: ASTNode, context: PlanContext): Condition | undefined {
  const term = context.plan(node, context);
  return isCondition(term, node, context) ? asCondition(term) : undefined;
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

function mapped(list: Term, condition: Condition | null, value: Term): Term {
  if (value.type === 'unknown') return BROKEN;
  const type: StaticType = { list: value.type };
  const run: Run = (scope, locals) => {
    const items = list.run(scope, locals);
    if (!isList(items)) return undefined;
    const values: Item[] = [];
    for (const item of items) {
      const inner = [...locals, item];
      const matches = condition === null || condition(scope, inner);
      const made = matches === true ? value.run(scope, inner) : undefined;
      if (matches === undefined || (matches && made === undefined)) return undefined;
      if (made !== undefined) values.push(made);
    }
    return values;
  };
  return { type, constant: false, run };
}
