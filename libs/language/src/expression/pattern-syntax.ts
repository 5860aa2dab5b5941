/** A regular expression as a tree. */
export type PatternNode =
  | { readonly kind: 'char'; readonly matches: (code: number) => boolean }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'boundary'; readonly wanted: boolean }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly item: PatternNode; readonly least: number; readonly most: number };

/** What keeps a pattern from being read: a sentence. */
export class PatternProblem {
  constructor(readonly message: string) {}
}

type Result = PatternNode | PatternProblem;

const GREATEST_REPEAT = 100;

const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  d: isDigit,
  w: isWord,
  s: (code) => code === 32 || (code >= 9 && code <= 13),
};

const CONTROLS: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11 };

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Letters, digits and _ of ASCII, as RE2 has it. */
export function isWord(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}

/** Reads the part of RE2's syntax that the language has: no flags, no names, no references, no looking around. */
export function parsePattern(source: string): Result {
  const reader = new Reader(source);
  const node = reader.choice();
  if (node instanceof PatternProblem) return node;
  return reader.atEnd() ? node : new PatternProblem('a ) has no ( before it');
}

class Reader {
  readonly #chars: readonly string[];
  #at = 0;

  constructor(source: string) {
    this.#chars = Array.from(source);
  }

  atEnd(): boolean {
    return this.#at >= this.#chars.length;
  }

  choice(): Result {
    const items: PatternNode[] = [];
    do {
      const item = this.#sequence();
      if (item instanceof PatternProblem) return item;
      items.push(item);
    } while (this.#take('|'));
    return { kind: 'choice', items };
  }

  #peek(): string | undefined {
    return this.#chars[this.#at];
  }

  #take(char: string): boolean {
    const found = this.#peek() === char;
    if (found) this.#at += 1;
    return found;
  }

  #next(): string | undefined {
    const char = this.#peek();
    this.#at += 1;
    return char;
  }

  #sequence(): Result {
    const items: PatternNode[] = [];
    while (!this.atEnd() && this.#peek() !== '|' && this.#peek() !== ')') {
      const item = this.#repeated();
      if (item instanceof PatternProblem) return item;
      items.push(item);
    }
    return { kind: 'sequence', items };
  }

  #repeated(): Result {
    const item = this.#atom();
    if (item instanceof PatternProblem) return item;
    const range = this.#range();
    if (range === null || range instanceof PatternProblem) return range ?? item;
    // Greedy or not makes no difference to whether a text matches.
    this.#take('?');
    if (this.#range() !== null) return new PatternProblem('a repetition is repeated');
    return { kind: 'repeat', item, ...range };
  }

  #range(): { least: number; most: number } | PatternProblem | null {
    if (this.#take('*')) return { least: 0, most: Infinity };
    if (this.#take('+')) return { least: 1, most: Infinity };
    if (this.#take('?')) return { least: 0, most: 1 };
    const rest = this.#chars.slice(this.#at, this.#at + 12).join('');
    const braces = /^\{(\d+)(,(\d*))?\}/.exec(rest);
    if (braces === null) return null;
    this.#at += braces[0].length;
    const least = Number(braces[1]);
    const most = braces[2] === undefined ? least : braces[3] === '' ? Infinity : Number(braces[3]);
    if (least > most) return new PatternProblem(`${braces[0]} is the wrong way round`);
    const finite = Number.isFinite(most) ? most : least;
    return finite > GREATEST_REPEAT ? new PatternProblem(`${braces[0]} repeats too often`) : { least, most };
  }

  #atom(): Result {
    const char = this.#next() ?? '';
    if (char === '(') return this.#group();
    if (char === '[') return this.#set();
    if (char === '.') return { kind: 'char', matches: (code) => code !== 10 };
    if (char === '^') return { kind: 'start' };
    if (char === '$') return { kind: 'end' };
    if (char === '\\') return this.#escape();
    if ('*+?'.includes(char)) return new PatternProblem(`there is nothing before ${char} to repeat`);
    return literal(char);
  }

  #group(): Result {
    if (this.#take('?') && !this.#take(':')) return new PatternProblem('only ( ) and (?: ) groups can be used');
    const inner = this.choice();
    if (inner instanceof PatternProblem || this.#take(')')) return inner;
    return new PatternProblem('a ( is not closed');
  }

  #escape(): Result {
    const char = this.#next();
    if (char === undefined) return new PatternProblem('the \\ at the end escapes nothing');
    if (char === 'b' || char === 'B') return { kind: 'boundary', wanted: char === 'b' };
    const known = classOf(char);
    if (known !== undefined) return { kind: 'char', matches: known };
    const control = CONTROLS[char];
    if (control !== undefined) return { kind: 'char', matches: (code) => code === control };
    return /[A-Za-z0-9]/.test(char) ? new PatternProblem(`\\${char} cannot be used`) : literal(char);
  }

  #set(): Result {
    const isNegated = this.#take('^');
    const parts: ((code: number) => boolean)[] = [];
    while (parts.length === 0 || this.#peek() !== ']') {
      if (this.atEnd()) return new PatternProblem('a [ is not closed');
      const part = this.#setPart();
      if (part instanceof PatternProblem) return part;
      parts.push(part);
    }
    this.#at += 1;
    return { kind: 'char', matches: (code) => parts.some((part) => part(code)) !== isNegated };
  }

  #setPart(): ((code: number) => boolean) | PatternProblem {
    const first = this.#setChar();
    if (first instanceof PatternProblem || typeof first === 'function') return first;
    if (this.#peek() !== '-' || this.#chars[this.#at + 1] === ']') return (code) => code === first;
    this.#at += 1;
    const last = this.#setChar();
    if (last instanceof PatternProblem) return last;
    if (typeof last === 'function' || last < first)
      return new PatternProblem('a range in a set is the wrong way round');
    return (code) => code >= first && code <= last;
  }

  /** One character of a set, as its code, or a class of characters. */
  #setChar(): number | ((code: number) => boolean) | PatternProblem {
    const char = this.#next() ?? '';
    if (char === '\\') return this.#setEscape();
    if (char === '[' && this.#peek() === ':') return new PatternProblem('[: :] classes cannot be used');
    return char.codePointAt(0) ?? 0;
  }

  #setEscape(): number | ((code: number) => boolean) | PatternProblem {
    const escaped = this.#next() ?? '';
    const known = classOf(escaped) ?? CONTROLS[escaped];
    if (known !== undefined) return known;
    if (escaped === '' || /[A-Za-z0-9]/.test(escaped)) return new PatternProblem(`\\${escaped} cannot be used`);
    return escaped.codePointAt(0) ?? 0;
  }
}

function literal(char: string): PatternNode {
  const wanted = char.codePointAt(0);
  return { kind: 'char', matches: (code) => code === wanted };
}

/** `\d`, `\w`, `\s` and their opposites. */
function classOf(char: string): ((code: number) => boolean) | undefined {
  const known = CLASSES[char.toLowerCase()];
  if (known === undefined) return undefined;
  return char === char.toLowerCase() ? known : (code) => !known(code);
}
