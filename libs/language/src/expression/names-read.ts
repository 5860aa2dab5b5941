import type { ASTNode } from '@marcbachmann/cel-js';
import { parseExpression } from './parse.js';

/** Every name that stands alone in an expression; none when it cannot be read. */
export function readNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  const parsed = parseExpression(text);
  if (parsed.kind === 'tree') gather(parsed.tree, names);
  return names;
}

function gather(part: unknown, names: Set<string>): void {
  if (Array.isArray(part)) for (const each of part) gather(each, names);
  else if (isNode(part)) {
    if (part.op === 'id') names.add(part.args);
    else gather(part.args, names);
  }
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part && 'args' in part;
}
