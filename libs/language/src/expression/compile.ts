import type { ASTNode } from '@marcbachmann/cel-js';
import type { Evaluate, ValueType } from '../catalog.js';
import type { Findings, Problem } from '../diagnostic.js';
import type { ExpressionText } from '../source/expression-text.js';
import { ageArguments, planAge } from './age.js';
import { canonicalText } from './canonical.js';
import { type AgeComparison, type PlanContext, textOf, type Vocabulary } from './context.js';
import { costOf, GREATEST_COST } from './cost.js';
import { parseExpression } from './parse.js';
import { plan } from './plan.js';
import { asCondition, constantValue, converted, isAnything, isList, isNumeric, NO_LOCALS } from './term.js';
import { type Run, type StaticType, type Term, typeName } from './term.js';

/** What an expression is for: a value of some type, a condition, or the text of a label. */
export type Want = ValueType | 'condition' | 'label';

/** A compiled expression and what is known of it. */
export interface Compiled {
  readonly type: StaticType;
  readonly evaluate: Evaluate;
  readonly constant: boolean;
  readonly canonical: string;
  /** The fields it reads, as `conversation.waitingSince`. */
  readonly reads: ReadonlySet<string>;
  readonly ages: readonly AgeComparison[];
}

/** Compiles one expression; null when it is broken, which was reported. */
export function compileExpression(
  text: ExpressionText,
  want: Want,
  vocabulary: Vocabulary,
  findings: Findings,
): Compiled | null {
  const tree = treeOf(text, findings);
  if (tree === null) return null;
  const context = contextFor(text, vocabulary, findings);
  const term = plan(tree, context);
  if (term.type === 'unknown') return null;
  const misfit = misfitOf(term, want, tree);
  if (misfit !== null) {
    context.report(tree, misfit);
    return null;
  }
  if (want === 'time' && term.type === 'number' && !isInstant(term)) warnOfNumber(text, tree, findings);
  return finished(tree, term.constant, context, { type: term.type, evaluate: evaluationOf(term, want) });
}

/**
 * Compiles a value that may be `age(t)` as a whole: then `age` is the time t (ms). Null when it is broken, or when it is
 * another expression: `isAge` tells which before.
 */
export function compileAge(text: ExpressionText, vocabulary: Vocabulary, findings: Findings): Compiled | null {
  const tree = treeOf(text, findings);
  if (tree === null) return null;
  const context = contextFor(text, vocabulary, findings);
  const run = planAge(tree, context);
  return run === null ? null : finished(tree, false, context, { type: 'time', evaluate: scalar(run) });
}

/** Whether the whole expression is a call of `age`. */
export function isAge(text: ExpressionText): boolean {
  const parsed = parseExpression(text.text);
  return parsed.kind === 'tree' && ageArguments(parsed.tree) !== null;
}

const TOO_COSTLY = {
  code: 'too-large',
  message: `evaluating the expression could take more than ${GREATEST_COST} steps`,
  remedy: 'use shorter lists, or no macro within another',
} as const;

function treeOf(text: ExpressionText, findings: Findings): ASTNode | null {
  const parsed = parseExpression(text.text);
  if (parsed.kind === 'tree') {
    if (costOf(parsed.tree) <= GREATEST_COST) return parsed.tree;
    findings.error(text.positionAt(parsed.tree.start), TOO_COSTLY);
    return null;
  }
  findings.error(text.positionAt(parsed.offset), parsed.problem);
  return null;
}

function contextFor(text: ExpressionText, vocabulary: Vocabulary, findings: Findings): PlanContext {
  const report: PlanContext['report'] = ({ start }, problem) => findings.error(text.positionAt(start), problem);
  const watched: PlanContext['watched'] = ({ start }, name, condition) => {
    const at = text.positionAt(start);
    const see = vocabulary.watch?.({ ...at, kind: 'choice', name, of: at });
    if (see === undefined) return condition;
    return (scope, locals) => {
      const value = condition(scope, locals);
      see(isList(value) ? undefined : value);
      return value;
    };
  };
  return { vocabulary, locals: [], reads: new Set(), ages: [], plan, watched, report };
}

function finished(
  tree: ASTNode,
  constant: boolean,
  context: PlanContext,
  made: Pick<Compiled, 'type' | 'evaluate'>,
): Compiled {
  return { ...made, constant, canonical: canonicalText(tree), reads: context.reads, ages: context.ages };
}

/** What each want asks for, in words, and what helps when it is something else. */
const WANTS: Readonly<Record<Want, { readonly words: string; readonly remedy: (text: string) => string }>> = {
  condition: { words: 'a condition', remedy: (text) => `compare it, as in ${text} != null` },
  label: { words: 'a text, a number or a truth value', remedy: () => 'take one element' },
  time: { words: 'a time', remedy: () => 'give a time, or null' },
  number: { words: 'a number', remedy: () => 'give a number, or null' },
  string: { words: 'a text', remedy: () => 'turn it into text with string(…)' },
  bool: { words: 'a truth value', remedy: () => 'compare it, as in x == y' },
};

/** Why a term cannot be what is wanted; null when it can. */
function misfitOf({ type }: Term, want: Want, tree: ASTNode): Problem | null {
  if (fits(type, want)) return null;
  const { words, remedy } = WANTS[want];
  const text = textOf(tree);
  return { code: 'wrong-type', message: `${words} is wanted, and ${text} is ${typeName(type)}`, remedy: remedy(text) };
}

function fits(type: StaticType, want: Want): boolean {
  if (isAnything(type)) return true;
  if (want === 'condition') return type === 'bool';
  if (want === 'label') return typeof type !== 'object';
  return want === 'time' || want === 'number' ? isNumeric(type) : type === want;
}

function evaluationOf(term: Term, want: Want): Evaluate {
  if (want === 'condition') {
    const condition = asCondition(term);
    return (scope) => condition(scope, NO_LOCALS);
  }
  // Only a place for times takes milliseconds; everywhere else a time is the number of seconds that the user sees.
  return scalar(converted(term, want === 'time' ? 'time' : term.type === 'time' ? 'number' : term.type));
}

function scalar(run: Run): Evaluate {
  return (scope) => {
    const item = run(scope, NO_LOCALS);
    return isList(item) ? undefined : item;
  };
}

/** Whether a number is a constant that can be meant as an instant: what lies before 2001 is a duration. */
function isInstant(term: Term): boolean {
  const value = term.constant ? constantValue(term) : undefined;
  return typeof value === 'number' && value >= 1e9;
}

function warnOfNumber(text: ExpressionText, tree: ASTNode, findings: Findings): void {
  findings.warning(text.positionAt(tree.start), {
    code: 'number-as-time',
    message: `a time is wanted, and ${textOf(tree)} is a number of seconds`,
    remedy: 'if it is a duration, add it to a time',
  });
}
