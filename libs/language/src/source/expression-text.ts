import { isScalar, type Node, type Scalar } from 'yaml';
import type { Position } from '../diagnostic.js';

/** The text of an expression, and where each of its characters stands in the file. */
export interface ExpressionText {
  readonly text: string;
  readonly positionAt: (offset: number) => Position;
}

/** The expression that a scalar holds; null when the node is none. */
export function expressionTextOf(
  node: Node,
  source: string,
  positionAt: (offset: number) => Position,
): ExpressionText | null {
  if (!isScalar(node) || !node.range) return null;
  const [start, end] = node.range;
  const raw = source.slice(start, end);
  const text = textOf(node, raw);
  const offsets = offsetsOf(text, raw, formOf(node, raw));
  return { text, positionAt: (offset) => positionAt(start + (offsets[offset] ?? offsets.at(-1) ?? 0)) };
}

/** Of a plain number the text as it was written counts, not YAML's reading of it; nothing at all is no null. */
function textOf({ type, value, source }: Scalar, raw: string): string {
  if (value === null) return raw.trim() === '' ? '' : 'null';
  if (type === 'PLAIN' && source !== undefined) return source;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

type Form = 'plain' | 'block' | 'single' | 'double';

function formOf({ type }: Scalar, raw: string): Form {
  if (type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL') return 'block';
  if (type === 'PLAIN') return 'plain';
  return raw.startsWith("'") ? 'single' : 'double';
}

/**
 * Where each character of the text stands in its raw form, and at last its end. Quotes, escapes, folded lines and a block's
 * header and indentation are skipped; what cannot be told stands at the character before it.
 */
function offsetsOf(text: string, raw: string, form: Form): readonly number[] {
  const offsets: number[] = [];
  let at = form === 'plain' ? 0 : form === 'block' ? raw.indexOf('\n') + 1 : 1;
  for (const char of text.split('')) {
    at = skipFiller(raw, at, char);
    offsets.push(Math.min(at, Math.max(0, raw.length - 1)));
    // Within single quotes, a quote is written twice.
    at += form === 'single' && char === "'" ? 2 : 1;
  }
  return [...offsets, Math.min(at, raw.length)];
}

/** The next place of a character, when only spaces, line ends and backslashes stand before it; else the place given. */
function skipFiller(raw: string, from: number, char: string): number {
  let at = from;
  while (at < raw.length && raw[at] !== char && /[\s\\]/.test(raw.charAt(at))) at += 1;
  return raw[at] === char ? at : from;
}
