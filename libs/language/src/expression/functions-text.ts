import { expectAll, type FunctionSpec, strict } from './function-spec.js';
import { compilePattern } from './pattern.js';
import { constantValue, converted, type Item, type Term } from './term.js';

const TRUE_TEXTS = ['1', 't', 'true', 'TRUE', 'True'];
const FALSE_TEXTS = ['0', 'f', 'false', 'FALSE', 'False'];

/** Functions of texts. */
export const TEXT_FUNCTIONS: readonly FunctionSpec[] = [
  comparing('startsWith', 'begins with', (text, part) => text.startsWith(part)),
  comparing('endsWith', 'ends with', (text, part) => text.endsWith(part)),
  comparing('contains', 'contains', (text, part) => text.includes(part)),
  {
    name: 'matches',
    usage: "text.matches('pattern') with a constant pattern",
    meaning: 'Whether the regular expression matches some part of the text.',
    form: 'both',
    least: 2,
    most: 2,
    plan: (args) => planMatches(args),
  },
  {
    name: 'string',
    usage: 'string(x)',
    meaning: 'The value as a text; a time as its seconds.',
    form: 'call',
    least: 1,
    most: 1,
    plan: ([arg]) => {
      if (arg === undefined || typeof arg.type === 'object') return { problem: 'string() does not take a list' };
      const run = converted(arg, arg.type === 'time' ? 'number' : arg.type);
      return strict('string', [{ ...arg, run }], ([item]) => String(item));
    },
  },
  {
    name: 'bool',
    usage: 'bool(x) of a text or a truth value',
    meaning: 'The truth value that a text such as true, f or 1 holds.',
    form: 'call',
    least: 1,
    most: 1,
    plan: (args) => {
      const type = args[0]?.type;
      if (type !== 'string' && type !== 'bool' && type !== 'null') {
        return { problem: 'bool() turns a text into a truth value, and % is none' };
      }
      return strict('bool', args, ([item]) => truthOf(item));
    },
  },
];

function truthOf(item: Item | undefined): boolean | undefined {
  if (typeof item === 'boolean') return item;
  if (typeof item !== 'string') return undefined;
  if (TRUE_TEXTS.includes(item)) return true;
  return FALSE_TEXTS.includes(item) ? false : undefined;
}

function comparing(name: string, verb: string, compare: (text: string, part: string) => boolean): FunctionSpec {
  return {
    name,
    usage: `text.${name}('part')`,
    meaning: `Whether the text ${verb} the part.`,
    form: 'method',
    least: 2,
    most: 2,
    plan: (args) =>
      expectAll(args, 'string', `${name}() is for texts`) ??
      strict('bool', args, ([text, part]) =>
        typeof text === 'string' && typeof part === 'string' ? compare(text, part) : undefined,
      ),
  };
}

function planMatches(args: readonly Term[]): ReturnType<FunctionSpec['plan']> {
  const misuse = expectAll(args, 'string', 'matches() is for texts');
  const [text, pattern] = args;
  if (misuse !== null || text === undefined || pattern === undefined)
    return misuse ?? { problem: 'matches() takes a text' };
  const source = pattern.constant ? constantValue(pattern) : undefined;
  if (typeof source !== 'string') {
    const problem = 'the pattern of matches() must be constant, and % is not';
    return { argument: 1, code: 'not-constant', problem, remedy: "write it out: text.matches('^[a-z]+$')" };
  }
  const compiled = compilePattern(source);
  if (compiled.kind === 'refused') {
    return { argument: 1, code: 'bad-pattern', problem: compiled.message, remedy: compiled.remedy };
  }
  return strict('bool', [text], ([item]) => (typeof item === 'string' ? compiled.test(item) : undefined));
}
