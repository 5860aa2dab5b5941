import type { ASTNode } from '@marcbachmann/cel-js';
import type { Definition } from '../definition/definitions.js';
import { parseExpression } from './parse.js';

/** The tree of the expression at a path of a definition; null when there is none that can be read. */
export function treeAt(definition: Definition<unknown>, path: readonly (string | number)[]): ASTNode | null {
  const text = definition.expressionAt(...path);
  const parsed = text === null ? null : parseExpression(text.text);
  return parsed?.kind === 'tree' ? parsed.tree : null;
}

/** Every field of an event or an entity in an expression, as `agent.state`. */
export function membersRead(part: unknown): ReadonlySet<string> {
  const members = new Set<string>();
  gather(part, members);
  return members;
}

function gather(part: unknown, members: Set<string>): void {
  if (Array.isArray(part)) for (const each of part) gather(each, members);
  else if (isNode(part)) {
    if (part.op === '.' && part.args[0].op === 'id') members.add(`${part.args[0].args}.${part.args[1]}`);
    else gather(part.args, members);
  }
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part && 'args' in part;
}
