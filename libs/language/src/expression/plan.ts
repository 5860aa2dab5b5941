import type { ASTNode, ASTOperator } from '@marcbachmann/cel-js';
import type { Problem } from '../diagnostic.js';
import { didYouMean, nearestName } from '../nearest-name.js';
import { ageArguments, MISPLACED_AGE, planAgeComparison } from './age.js';
import { broken, type PlanContext, textOf } from './context.js';
import { planCall } from './functions.js';
import { isMacro, planMacro } from './macros.js';
import { planArithmetic, planNegation } from './arithmetic.js';
import { planComparison, planEquality, planMembership } from './comparison.js';
import { planChoice, planLogic, planNot } from './logic.js';
import type { Operands } from './operands.js';
import { BROKEN, converted, isAnything, isList, type Item, type Run, type Term, unify } from './term.js';

type NodeOf<K extends ASTOperator> = Extract<ASTNode, { op: K }>;

type Planner<K extends ASTOperator> = (node: NodeOf<K>, context: PlanContext) => Term;

/** Checks an expression's tree and turns it into an evaluation. What is wrong is reported; the term is then broken. */
export function plan(node: ASTNode, context: PlanContext): Term {
  const planner = PLANNERS[node.op] as Planner<ASTOperator>;
  return planner(node, context);
}

const PLANNERS: { readonly [K in ASTOperator]: Planner<K> } = {
  value: planLiteral,
  id: planName,
  '.': planField,
  call: (node, context) => planFunctionCall(node, context),
  rcall: (node, context) =>
    isMacro(node) ? planMacro(node, context) : planCall(node, node.args[0], [node.args[1], ...node.args[2]], context),
  '?:': (node, context) => {
    const [test, yes, no] = node.args;
    return planChoice(plan(test, context), operandsOf(node, [yes, no], context), test, context);
  },
  '&&': (node, context) => planLogic('&&', operandsOf(node, node.args, context), context),
  '||': (node, context) => planLogic('||', operandsOf(node, node.args, context), context),
  '!_': (node, context) => planNot(plan(node.args, context), node.args, context),
  '-_': (node, context) => planNegation(plan(node.args, context), node.args, context),
  '+': (node, context) => planArithmetic('+', operandsOf(node, node.args, context), context),
  '-': (node, context) => planArithmetic('-', operandsOf(node, node.args, context), context),
  '*': (node, context) => planArithmetic('*', operandsOf(node, node.args, context), context),
  '/': (node, context) => planArithmetic('/', operandsOf(node, node.args, context), context),
  '%': (node, context) => planArithmetic('%', operandsOf(node, node.args, context), context),
  '==': (node, context) => planEquality('==', operandsOf(node, node.args, context), context),
  '!=': (node, context) => planEquality('!=', operandsOf(node, node.args, context), context),
  '<': (node, context) => planOrder('<', node, context),
  '<=': (node, context) => planOrder('<=', node, context),
  '>': (node, context) => planOrder('>', node, context),
  '>=': (node, context) => planOrder('>=', node, context),
  in: (node, context) => planMembership(operandsOf(node, node.args, context), context),
  list: planList,
  '[]': planIndex,
  map: (node, context) => refuse(node, context, 'a map', 'write conditions with ?: instead'),
  '.?': (node, context) => refuse(node, context, '.?', 'what is not there is null: use coalesce(…)'),
  '[?]': (node, context) => refuse(node, context, '[?]', 'what is not there is null: use coalesce(…)'),
};

function operandsOf(node: ASTNode, parts: readonly [ASTNode, ASTNode], context: PlanContext): Operands {
  return { left: plan(parts[0], context), right: plan(parts[1], context), node, parts };
}

type OrderOperator = '<' | '<=' | '>' | '>=';

function planOrder(operator: OrderOperator, node: NodeOf<OrderOperator>, context: PlanContext): Term {
  const parts = node.args;
  if (parts.some((part) => ageArguments(part) !== null)) return planAgeComparison(operator, parts, context);
  return planComparison(operator, operandsOf(node, parts, context), context);
}

function refuse(node: ASTNode, context: PlanContext, what: string, remedy: string): Term {
  return broken(context, node, { code: 'syntax', message: `${what} is not part of the language`, remedy });
}

function planLiteral(node: NodeOf<'value'>, context: PlanContext): Term {
  const value = node.args;
  if (value === null) return literal('null', null);
  // Half a surrogate pair is no character: stores and formats would each make something else of it.
  if (typeof value === 'string') return literal('string', value.replace(HALF_CHARACTERS, '\ufffd'));
  if (typeof value === 'boolean') return literal('bool', value);
  if (typeof value === 'number') return literal('number', value);
  if (typeof value === 'bigint') return literal('number', Number(value));
  return refuse(node, context, textOf(node), 'write a plain number or a text');
}

const HALF_CHARACTERS = /\p{Cs}/gu;

function literal(type: 'null' | 'string' | 'bool' | 'number', value: Item): Term {
  const run: Run = typeof value === 'number' && !Number.isFinite(value) ? () => undefined : () => value;
  return { type, constant: true, run };
}

const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['minute', 60],
  ['hour', 3600],
  ['day', 86400],
]);

const OBJECTS = ['event', 'conversation', 'agent'] as const;

function planName(node: NodeOf<'id'>, context: PlanContext): Term {
  const name = node.args;
  const { locals, vocabulary } = context;
  const local = locals.findLastIndex((each) => each.name === name);
  const found = locals[local];
  if (found !== undefined) return { type: found.type, constant: false, run: (_, items) => items[local] };
  const readable = vocabulary.names.get(name);
  if (readable !== undefined) return { ...readable, constant: false };
  const constant = CONSTANTS.get(name);
  if (constant !== undefined) return literal('number', constant);
  const refused = vocabulary.refusedNames.get(name);
  if (refused !== undefined) return broken(context, node, { code: 'wrong-type', ...refused });
  const object = OBJECTS.find((each) => each === name);
  if (object !== undefined) return planObject(node, object, context);
  return broken(context, node, vocabulary.unknownName?.(name) ?? unknownName(name, context));
}

function unknownName(name: string, context: PlanContext): Problem {
  const message = `"${name}" is not a name that can stand here`;
  return { code: 'unknown-name', message, remedy: meantBy(name, context) };
}

/** What a name that does not exist was meant to be: most often a text without quotes, or a field without its object. */
function meantBy(name: string, { locals, vocabulary }: PlanContext): string {
  const asText = `a text is put in quotes: '${name}'`;
  if (name === name.toUpperCase()) return asText;
  const qualified = new Map<string, string>();
  for (const [object, names] of vocabulary.objects) {
    if (names.kind === 'refused') continue;
    for (const field of names.fields.keys()) qualified.set(field, `${object}.${field}`);
  }
  const plain = [...locals.map((each) => each.name), ...vocabulary.names.keys(), ...CONSTANTS.keys(), ...OBJECTS];
  const nearest = nearestName(name, [...plain, ...qualified.keys()]);
  return nearest === null ? asText : `did you mean "${qualified.get(nearest) ?? nearest}"?`;
}

function planObject(node: ASTNode, object: (typeof OBJECTS)[number], context: PlanContext): Term {
  const names = context.vocabulary.objects.get(object);
  if (names?.kind === 'refused') return broken(context, node, { code: 'not-readable-here', ...names });
  return broken(context, node, {
    code: 'wrong-type',
    message: `${object} is not a value by itself`,
    remedy: `name one of its fields, as in ${object}.${object === 'event' ? 'time' : 'id'}`,
  });
}

function planField(node: NodeOf<'.'>, context: PlanContext): Term {
  const [holder, name] = node.args;
  const object = holder.op === 'id' ? OBJECTS.find((each) => each === holder.args) : undefined;
  const isHidden = context.locals.some((local) => local.name === object);
  if (object === undefined || isHidden) {
    const term = plan(holder, context);
    if (term.type === 'unknown') return BROKEN;
    return refuse(node, context, `a field of ${textOf(holder)}`, 'fields are those of event, conversation and agent');
  }
  const names = context.vocabulary.objects.get(object);
  if (names === undefined || names.kind === 'refused') return planObject(holder, object, context);
  const field = names.fields.get(name);
  if (field !== undefined) {
    context.reads.add(`${object}.${name}`);
    return { ...field, constant: false };
  }
  if (!names.complete) return BROKEN;
  return broken(
    context,
    { start: node.end - name.length },
    {
      code: 'unknown-name',
      message: `"${name}" is not a field of ${object}`,
      remedy: didYouMean(name, names.fields.keys(), `its fields are ${[...names.fields.keys()].join(', ')}`),
    },
  );
}

function planFunctionCall(node: NodeOf<'call'>, context: PlanContext): Term {
  const [name, args] = node.args;
  const special = context.vocabulary.calls.get(name);
  if (special !== undefined) return special(node, args, context);
  if (name === 'age') return broken(context, node, MISPLACED_AGE);
  if (name === 'has') return planHas(node, args, context);
  return planCall(node, name, args, context);
}

/** `has(x.y)` is `x.y != null`: every field exists, and what has no value is null. */
function planHas(node: ASTNode, [field, ...more]: readonly ASTNode[], context: PlanContext): Term {
  if (field?.op !== '.' || more.length > 0) {
    return broken(context, node, {
      code: 'wrong-arguments',
      message: 'has() takes one field',
      remedy: 'write has(event.agentId), or event.agentId != null',
    });
  }
  const { type, run } = plan(field, context);
  if (type === 'unknown') return BROKEN;
  const present: Run = (scope, locals) => {
    const value = run(scope, locals);
    return value === undefined ? undefined : value !== null;
  };
  return { type: 'bool', constant: false, run: present };
}

function planList(node: NodeOf<'list'>, context: PlanContext): Term {
  const terms = node.args.map((element) => plan(element, context));
  const type = terms.reduce<Term['type'] | null>((all, term) => (all === null ? null : unify(all, term.type)), 'null');
  if (type === 'unknown') return BROKEN;
  if (type === null) {
    return broken(context, node, {
      code: 'wrong-type',
      message: 'the elements of a list must have one type',
      remedy: 'make a list of each type',
    });
  }
  const runs = terms.map((term) => converted(term, type));
  const run: Run = (scope, locals) => {
    const items: Item[] = [];
    for (const each of runs) {
      const item = each(scope, locals);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  };
  return { type: { list: type }, constant: terms.every((term) => term.constant), run };
}

function planIndex(node: NodeOf<'[]'>, context: PlanContext): Term {
  const [listNode, indexNode] = node.args;
  const list = plan(listNode, context);
  const index = plan(indexNode, context);
  if (list.type === 'unknown' || index.type === 'unknown') return BROKEN;
  if (typeof list.type !== 'object' || (index.type !== 'number' && !isAnything(index.type))) {
    return broken(context, node, {
      code: 'wrong-type',
      message: `${textOf(node)} does not take an element of a list by its number`,
      remedy: 'write [a, b][0]',
    });
  }
  const run: Run = (scope, locals) => {
    const items = list.run(scope, locals);
    const at = index.run(scope, locals);
    if (at === null) return null;
    return isList(items) && typeof at === 'number' ? items[at] : undefined;
  };
  return { type: list.type.list, constant: list.constant && index.constant, run };
}
