/** The text as a quoted YAML scalar. */
export function quoted(text: string): string {
  if (!/["\\]/.test(text)) return `"${text}"`;
  return `'${text.replaceAll("'", "''")}'`;
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Whether a bracket or a quote is still open at the end of an expression. */
export function isUnbalanced(text: string): boolean {
  const { open, quote } = scan(text, 0, () => false);
  return open.length > 0 || quote !== null;
}

/**
 * The expression that begins at `start`, as its author meant it: up to the end of the line, or, in a flow collection, to the
 * comma or bracket that ends it outside of its own brackets and quotes.
 */
export function expressionFrom(text: string, start: number, inFlow: boolean): string {
  const { end } = scan(text, start, (char, open) => open === 0 && (')]}'.includes(char) || (inFlow && char === ',')));
  return text.slice(start, end).trimEnd();
}

interface Scan {
  readonly end: number;
  readonly open: readonly string[];
  readonly quote: string | null;
}

function scan(text: string, start: number, stops: (char: string, open: number) => boolean): Scan {
  const open: string[] = [];
  let quote: string | null = null;
  let at = start;
  for (; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\n') break;
    if (quote !== null) {
      if (char === quote) quote = null;
    } else if (char === '"' || char === "'") quote = char;
    else if (stops(char, open.length)) break;
    else if (CLOSING[char] !== undefined) open.push(CLOSING[char]);
    else if (char === open.at(-1)) open.pop();
  }
  return { end: at, open, quote };
}
