import type { ASTNode } from '@marcbachmann/cel-js';
import type { Evaluate } from '../catalog.js';
import { broken, type ObjectNames, type PlanContext, type Readable } from '../expression/context.js';
import { type SpecialCall, textOf, type Vocabulary } from '../expression/context.js';
import type { KnownData } from '../expression/known-data.js';
import { isCondition } from '../expression/logic.js';
import { asCondition, BROKEN, constantValue, NO_LOCALS, type Term } from '../expression/term.js';
import type { Zones } from '../expression/zones.js';
import type { Problem } from '../diagnostic.js';
import { didYouMean } from '../nearest-name.js';
import type { ReadableMetric, Reduce } from './readable-metric.js';
import { reduceCount, reduceQuantile, reduceRate, reduceShare, reduceSum } from './reduce.js';

/** A part of a formula that reads a metric: its number for a group is put into the scope's state at its own position. */
export interface Selector {
  readonly metric: ReadableMetric;
  /** Which series count; a scope's state holds the label values. */
  readonly condition: Evaluate | null;
  readonly reduce: Reduce;
  /** Whether it has a result in a window only. */
  readonly needsWindow: boolean;
}

/** What the calls of one formula are planned with, and what they collect. */
export interface SelectorContext {
  readonly metricNamed: (name: string) => ReadableMetric | undefined;
  readonly metricNames: readonly string[];
  readonly complete: boolean;
  /** What a condition on labels may name, besides the labels. */
  readonly vocabulary: Vocabulary;
  readonly selectors: Selector[];
}

interface CallSpec {
  readonly usage: string;
  readonly meaning: string;
  /** Where the metric stands among the arguments, and the number, if one is wanted. */
  readonly metricAt: number;
  readonly numberAt: number | null;
  reduce(metric: ReadableMetric, number: number): Reduce | string;
}

/** What reads a metric in a formula, by its name. */
export const CALLS: Readonly<Record<string, CallSpec>> = {
  sum: {
    usage: 'sum(metric)',
    meaning: 'The total of the series: of a histogram, of all that was observed.',
    metricAt: 0,
    numberAt: null,
    reduce: reduceSum,
  },
  count: {
    usage: 'count(metric)',
    meaning: 'How many observations, increments or contributing entities there are.',
    metricAt: 0,
    numberAt: null,
    reduce: (metric) => {
      if (metric.formula !== null) return 'a formula has no count';
      return metric.accrues ? `${metric.name} accrues: it has no increments to count` : reduceCount(metric);
    },
  },
  value: {
    usage: 'value(metric)',
    meaning: 'The value of a counter or a gauge.',
    metricAt: 0,
    numberAt: null,
    reduce: (metric) => (metric.type === 'histogram' ? 'a histogram has no single value' : reduceSum(metric)),
  },
  rate: {
    usage: 'rate(metric)',
    meaning: 'Increments of a counter, or observations of a histogram, per second of the window.',
    metricAt: 0,
    numberAt: null,
    reduce: (metric) => (metric.type === 'gauge' ? 'rate() reads a counter or a histogram' : reduceRate(metric)),
  },
  share: {
    usage: 'share(histogram, bound)',
    meaning: 'The part of the observations at or below the bound, which is one of its buckets.',
    metricAt: 0,
    numberAt: 1,
    reduce: (metric, bound) => {
      if (metric.type !== 'histogram') return 'share() reads a histogram';
      const index = metric.buckets.indexOf(bound);
      return index < 0 ? `${bound} is no bucket bound: they are ${metric.buckets.join(', ')}` : reduceShare(index);
    },
  },
  quantile: {
    usage: 'quantile(0.9, histogram)',
    meaning: 'The value that this part of the observations does not exceed, estimated within its bucket.',
    metricAt: 1,
    numberAt: 0,
    reduce: (metric, quantile) => {
      if (metric.type !== 'histogram') return 'quantile() reads a histogram';
      return quantile >= 0 && quantile <= 1 ? reduceQuantile(quantile, metric.buckets) : 'a quantile is from 0 to 1';
    },
  },
};

/** The calls that read metrics, for the vocabulary of one formula. */
export function selectorCalls(context: SelectorContext): ReadonlyMap<string, SpecialCall> {
  return new Map(
    Object.entries(CALLS).map(([name, spec]) => [
      name,
      (node, args, plan) => planSelector(spec, node, args, { plan, context }),
    ]),
  );
}

interface Planning {
  readonly plan: PlanContext;
  readonly context: SelectorContext;
}

function planSelector(spec: CallSpec, node: ASTNode, args: readonly ASTNode[], planning: Planning): Term {
  const { plan, context } = planning;
  const parts = partsOf(spec, args);
  if (parts === null) {
    const message = `${textOf(node)} is not used so`;
    const remedy = `write ${spec.usage}; a condition on labels can follow`;
    return broken(plan, node, { code: 'wrong-arguments', message, remedy });
  }
  const metric = metricOf(parts.metric, planning);
  const number = parts.number === null ? 0 : numberOf(parts.number, plan);
  const condition = metric && parts.condition && conditionOf(parts.condition, metric, planning);
  if (metric === null || number === null || condition === undefined) return BROKEN;
  const reduce = spec.reduce(metric, number);
  if (typeof reduce === 'string') {
    return broken(plan, node, { code: 'wrong-arguments', message: reduce, remedy: `write ${spec.usage}` });
  }
  const needsWindow = spec === CALLS['rate'] || metric.needsWindow;
  const position = context.selectors.push({ metric, condition, reduce, needsWindow }) - 1;
  return { type: 'number', constant: false, run: ({ state }) => state[position] };
}

interface Parts {
  readonly metric: ASTNode;
  readonly number: ASTNode | null;
  readonly condition: ASTNode | null;
}

function partsOf({ metricAt, numberAt }: CallSpec, args: readonly ASTNode[]): Parts | null {
  const least = numberAt === null ? 1 : 2;
  const metric = args[metricAt];
  if (metric === undefined || args.length < least || args.length > least + 1) return null;
  return { metric, number: numberAt === null ? null : (args[numberAt] ?? null), condition: args[least] ?? null };
}

function metricOf(node: ASTNode, { plan, context }: Planning): ReadableMetric | null {
  const metric = node.op === 'id' ? context.metricNamed(node.args) : undefined;
  if (metric?.isBroken === true) return null;
  if (metric !== undefined) return metric;
  if (node.op !== 'id') {
    const message = `${textOf(node)} is not the name of a metric`;
    broken(plan, node, { code: 'wrong-arguments', message, remedy: 'name a metric, as in sum(consumer_wait_seconds)' });
  } else if (context.complete) {
    const remedy = didYouMean(node.args, context.metricNames, 'define the metric, or name another');
    broken(plan, node, { code: 'unknown-name', message: `there is no metric "${node.args}"`, remedy });
  }
  return null;
}

function numberOf(node: ASTNode, plan: PlanContext): number | null {
  const term = plan.plan(node, plan);
  if (term.type === 'unknown') return null;
  const value = term.constant ? constantValue(term) : undefined;
  if (typeof value === 'number') return value;
  broken(plan, node, {
    code: 'not-constant',
    message: `${textOf(node)} is no constant number`,
    remedy: 'write a number',
  });
  return null;
}

/** A condition on the labels of a metric; undefined when it is broken. */
function conditionOf(node: ASTNode, metric: ReadableMetric, { plan, context }: Planning): Evaluate | undefined {
  const inner = { ...plan, vocabulary: withLabelsOf(metric, context.vocabulary) };
  const term = plan.plan(node, inner);
  if (!isCondition(term, node, inner)) return undefined;
  const condition = asCondition(term);
  return (scope) => condition(scope, NO_LOCALS);
}

/** The vocabulary with the labels of a metric as names: texts, read by their position. */
export function withLabelsOf(metric: ReadableMetric, vocabulary: Vocabulary): Vocabulary {
  const { name, labelNames } = metric;
  const names = new Map<string, Readable>(
    labelNames.map((label, index) => [label, { type: 'string', run: ({ state }) => state[index] }]),
  );
  return { ...vocabulary, names, unknownName: (label) => unknownLabel(name, labelNames, label) };
}

/** That a metric has no such label, and what was meant. */
function unknownLabel(metric: string, labelNames: readonly string[], label: string): Problem {
  const [first, ...rest] = labelNames;
  const known = first === undefined ? 'it has none but account_id' : `its labels are ${[first, ...rest].join(', ')}`;
  const remedy = remedyFor(label, didYouMean(label, labelNames, known));
  return { code: 'unknown-label', message: `the metric "${metric}" has no label "${label}"`, remedy };
}

function remedyFor(label: string, meant: string): string {
  if (label === 'window') return 'it is read in the windows of this formula: give it windows:';
  return label === label.toUpperCase() ? `a text is put in quotes: '${label}'` : meant;
}

const REFUSED: ObjectNames = {
  kind: 'refused',
  message: 'a formula reads metrics, not events or state',
  remedy: 'make a metric of it and read that; one whose name begins with _ is not exported',
};

/** What an expression on labels may name besides them: nothing of an entity. */
export function labelVocabulary(zones: Zones, data: KnownData): Vocabulary {
  return {
    objects: new Map([
      ['event', REFUSED],
      ['conversation', REFUSED],
      ['agent', REFUSED],
    ] as const),
    names: new Map(),
    unknownName: null,
    refusedNames: new Map(),
    calls: new Map(),
    allowsAge: false,
    zones,
    data,
    watch: null,
  };
}
