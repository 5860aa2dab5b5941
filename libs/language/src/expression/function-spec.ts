import type { DiagnosticCode } from '../diagnostic-codes.js';
import type { PlanContext } from './context.js';
import type { Item, Run, StaticType, Term } from './term.js';

/** A function of the language: how it is called and what a call becomes. */
export interface FunctionSpec {
  readonly name: string;
  readonly usage: string;
  /** What it gives, in one sentence of the reference. */
  readonly meaning: string;
  /** `f(x)`, `x.f()` or both. */
  readonly form: 'call' | 'method' | 'both';
  /** The least and greatest number of arguments; a method's receiver counts. */
  readonly least: number;
  readonly most: number;
  plan(args: readonly Term[], context: PlanContext): Term | Misuse;
}

/** Why the arguments are wrong. `%` in the message becomes the text of the argument. */
export interface Misuse {
  readonly problem: string;
  readonly argument?: number;
  readonly code?: DiagnosticCode;
  readonly remedy?: string;
}

/**
 * A call that evaluates all arguments and computes. No result in is no result out, and null in is null out: what has no
 * value is ordinary.
 */
export function strict(
  type: StaticType,
  args: readonly Term[],
  compute: (values: readonly Item[]) => Item | undefined,
): Term {
  const runs = args.map((arg) => arg.run);
  const run: Run = (scope, locals) => {
    const values: Item[] = [];
    for (const each of runs) {
      const value = each(scope, locals);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values.includes(null) ? null : compute(values);
  };
  return { type, constant: args.every((arg) => arg.constant), run };
}

/** The first argument that is neither of the type nor null, as a misuse; null when all are right. */
export function expectAll(args: readonly Term[], type: StaticType, word: string): Misuse | null {
  const argument = args.findIndex((arg) => arg.type !== type && arg.type !== 'null');
  return argument < 0 ? null : { argument, problem: `${word}, and % is not` };
}
