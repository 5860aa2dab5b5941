import type { FunctionSpec } from './function-spec.js';
import { strict } from './function-spec.js';
import {
  converted,
  finite,
  isList,
  isNumeric,
  type Item,
  type Run,
  type StaticType,
  type Term,
  unify,
} from './term.js';

/** Functions of numbers, and those that choose among values. */
export const NUMBER_FUNCTIONS: readonly FunctionSpec[] = [
  {
    name: 'coalesce',
    usage: 'coalesce(a, b, …)',
    meaning: 'The first value that is not null; those after it are not evaluated.',
    form: 'call',
    least: 1,
    most: 32,
    plan: (args) => {
      const type = unifyAll(args);
      if (type === null) return { argument: args.length - 1, problem: 'coalesce() wants values of one type' };
      const runs = args.map((arg) => converted(arg, type));
      return { type, constant: args.every((arg) => arg.constant), run: firstNotNull(runs) };
    },
  },
  extreme('max', 'greatest', (a, b) => (b > a ? b : a)),
  extreme('min', 'least', (a, b) => (b < a ? b : a)),
  {
    name: 'double',
    usage: 'double(x) of a number or a text',
    meaning: 'The number that a text holds; a time becomes its seconds.',
    form: 'call',
    least: 1,
    most: 1,
    plan: (args) => toNumber(args, 'double', (value) => value),
  },
  {
    name: 'int',
    usage: 'int(x) of a number or a text',
    meaning: 'As double(), cut to a whole number.',
    form: 'call',
    least: 1,
    most: 1,
    plan: (args) => toNumber(args, 'int', Math.trunc),
  },
  {
    name: 'size',
    usage: 'size(x) of a text or a list',
    meaning: 'How many characters a text or elements a list has.',
    form: 'both',
    least: 1,
    most: 1,
    plan: (args) => {
      const type = args[0]?.type ?? 'null';
      if (type !== 'string' && type !== 'null' && typeof type !== 'object') return { problem: '% has no size' };
      return strict('number', args, ([item]) => (isList(item) ? item.length : codePoints(item)));
    },
  },
];

/** CEL counts a text's code points, not its UTF-16 units. */
function codePoints(item: Item | undefined): number | undefined {
  return typeof item === 'string' ? Array.from(item).length : undefined;
}

function unifyAll(args: readonly Term[]): StaticType | null {
  return args.reduce<StaticType | null>((all, arg) => (all === null ? null : unify(all, arg.type)), 'null');
}

/** The first value that is not null; those after it are not evaluated. */
function firstNotNull(runs: readonly Run[]): Run {
  return (scope, locals) => {
    for (const run of runs) {
      const value = run(scope, locals);
      if (value !== null) return value;
    }
    return null;
  };
}

/** `max` and `min` ignore nulls; of nulls alone they are null. Of times they are a time. */
function extreme(name: string, word: string, choose: (a: number, b: number) => number): FunctionSpec {
  return {
    name,
    usage: `${name}(a, b)`,
    meaning: `The ${word} of two or more numbers or times; nulls are ignored.`,
    form: 'call',
    least: 2,
    most: 32,
    plan: (args) => {
      const argument = args.findIndex((arg) => !isNumeric(arg.type));
      const type = unifyAll(args);
      if (argument >= 0 || type === null)
        return { argument, problem: `${name}() compares numbers or times, and % is none` };
      const runs = args.map((arg) => converted(arg, type));
      return { type, constant: args.every((arg) => arg.constant), run: folded(runs, choose) };
    },
  };
}

function folded(runs: readonly Run[], choose: (a: number, b: number) => number): Run {
  return (scope, locals) => {
    let best: number | null = null;
    for (const run of runs) {
      const value = run(scope, locals);
      if (value === null) continue;
      if (typeof value !== 'number') return undefined;
      best = best === null ? value : choose(best, value);
    }
    return best;
  };
}

function toNumber(
  args: readonly Term[],
  name: string,
  shape: (value: number) => number,
): ReturnType<FunctionSpec['plan']> {
  const [arg] = args;
  if (arg === undefined || (!isNumeric(arg.type) && arg.type !== 'string')) {
    return { problem: `${name}() turns a text into a number, and % is none` };
  }
  const term: Term = arg.type === 'time' ? { ...arg, type: 'number', run: converted(arg, 'number') } : arg;
  return strict('number', [term], ([item]) => {
    const value = typeof item === 'string' ? parseNumber(item) : item;
    return typeof value === 'number' ? finite(shape(value)) : undefined;
  });
}

/** The number that a text holds; anything but digits, a point and an exponent has no result. */
function parseNumber(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? finite(Number(text)) : undefined;
}
