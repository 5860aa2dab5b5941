/** A parameter that cannot be understood, and what is allowed instead. */
export interface BadParameter {
  readonly parameter: string;
  readonly allowed: string;
}

/** The parameters of a query as they came: a text, or a list of texts when one was given several times. */
export type Parameters = Readonly<Record<string, unknown>>;

/** What was read, or every parameter that is wrong. */
export type Read<T> =
  { readonly ok: true; readonly query: T } | { readonly ok: false; readonly errors: readonly BadParameter[] };

/** How one parameter is read: what is allowed, in words, and a function that returns undefined for anything else. */
export interface Rule<T> {
  readonly allowed: string;
  readonly parse: (text: string) => T | undefined;
}

/** Reads parameters one by one and remembers what is wrong, so that all of it is told at once. */
export class ParameterReader {
  private readonly errors: BadParameter[] = [];

  constructor(private readonly given: Parameters) {}

  /** The value of a parameter that may be given once; `absent` when it is not there, or wrong. */
  read<T>(name: string, { allowed, parse }: Rule<T>, absent: T): T {
    const given = this.given[name];
    if (given === undefined) return absent;
    const parsed = typeof given === 'string' && given !== '' ? parse(given) : undefined;
    if (parsed === undefined) this.wrong(name, allowed);
    return parsed ?? absent;
  }

  /** Remembers that the parameter is wrong. */
  wrong(parameter: string, allowed: string): void {
    this.errors.push({ parameter, allowed });
  }

  /** Every parameter that is none of these is wrong. */
  refuseOthers(known: readonly string[]): void {
    for (const name of Object.keys(this.given)) {
      if (!known.includes(name)) this.wrong(name, known.length === 0 ? 'no parameters' : `only ${known.join(', ')}`);
    }
  }

  /** The query, unless something was wrong. */
  result<T>(query: T): Read<T> {
    return this.errors.length > 0 ? { ok: false, errors: this.errors } : { ok: true, query };
  }
}

/** `true` or `false`. */
export const TRUTH: Rule<boolean | null> = {
  allowed: 'true or false',
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
};

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number): Rule<number> {
  return {
    allowed: `a whole number from ${least} to ${most}`,
    parse: (text) => {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
      return value >= least && value <= most ? value : undefined;
    },
  };
}
