import type { ASTNode } from '@marcbachmann/cel-js';

/** An expression's tree as text: the same for texts that differ in spaces, comments and needless brackets only. */
export function canonicalText(node: ASTNode): string {
  return written([node.op, node.args]);
}

function written(part: unknown): string {
  if (Array.isArray(part)) return `(${part.map(written).join(' ')})`;
  if (typeof part === 'bigint') return String(part);
  if (isNode(part)) return canonicalText(part);
  return JSON.stringify(part) ?? 'undefined';
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part && 'args' in part;
}
