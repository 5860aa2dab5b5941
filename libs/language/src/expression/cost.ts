import type { ASTNode } from '@marcbachmann/cel-js';
import { isMacro } from './macros.js';

/** The most work that one evaluation may be, in parts of the expression that are evaluated. */
export const GREATEST_COST = 10_000;

/** No list is longer than the parser lets it be written. */
const LONGEST_LIST = 250;

/** How many parts are evaluated at the most: what stands within a macro counts once per element. */
export function costOf(part: unknown): number {
  if (Array.isArray(part)) return part.reduce((total: number, each) => total + costOf(each), 0);
  if (!isNode(part)) return 0;
  if (part.op !== 'rcall' || !isMacro(part)) return 1 + costOf(part.args);
  const [, list, bodies] = part.args;
  return 1 + costOf(list) + lengthOf(list) * (1 + costOf(bodies));
}

/** How many elements a list has at the most. */
function lengthOf(node: ASTNode): number {
  if (node.op === 'list') return node.args.length;
  if (node.op === '?:') return Math.max(lengthOf(node.args[1]), lengthOf(node.args[2]));
  return node.op === 'rcall' && isMacro(node) ? lengthOf(node.args[1]) : LONGEST_LIST;
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part && 'args' in part;
}
