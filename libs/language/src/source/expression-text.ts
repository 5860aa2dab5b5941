import { isScalar, type Node } from 'yaml';
import type { Position } from '../diagnostic.js';

/** The text of an expression, and where each of its characters stands in the file. */
export interface ExpressionText {
  readonly text: string;
  positionAt(offset: number): Position;
}

/** The expression that a scalar holds; null when the node is none. */
export function expressionTextOf(
  node: Node,
  source: string,
  positionAt: (offset: number) => Position,
): ExpressionText | null {
  if (!isScalar(node) || !node.range) return null;
  const [start, end] = node.range;
  const isPlain = node.type === 'PLAIN';
  // Of a plain number the text as it was written counts, not YAML's reading of it.
  const text = node.value === null ? 'null' : isPlain ? (node.source ?? String(node.value)) : String(node.value);
  const offsets = offsetsOf(text, source.slice(start, end), isPlain);
  return { text, positionAt: (offset) => positionAt(start + (offsets[Math.max(0, offset)] ?? offsets.at(-1) ?? 0)) };
}

/**
 * Where each character of the text stands in its raw form. Quotes, escapes, folded lines and a block's header and
 * indentation are skipped; what cannot be told stands at the character before it.
 */
function offsetsOf(text: string, raw: string, isPlain: boolean): readonly number[] {
  const isBlock = !isPlain && (raw.startsWith('|') || raw.startsWith('>'));
  const isQuoted = !isPlain && !isBlock;
  const offsets: number[] = [];
  let at = isBlock ? raw.indexOf('\n') + 1 : isQuoted ? 1 : 0;
  for (const char of text.split('')) {
    let next = at;
    while (next < raw.length && raw[next] !== char && isFiller(raw[next] ?? '')) next += 1;
    if (raw[next] === char) at = next;
    offsets.push(Math.min(at, Math.max(0, raw.length - 1)));
    at += 1;
    // Within single quotes, a quote is written twice.
    if (isQuoted && raw.startsWith("'") && char === "'") at += 1;
  }
  offsets.push(Math.min(at, raw.length));
  return offsets;
}

function isFiller(char: string): boolean {
  return /[\s\\]/.test(char);
}
