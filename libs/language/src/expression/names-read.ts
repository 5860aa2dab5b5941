import type { ASTNode } from '@marcbachmann/cel-js';
import type { MetricDefinition } from '../definition/definitions.js';
import { parseExpression } from './parse.js';

/** Every name that stands alone in the formula of each metric; parsed once. */
export function namesInFormulas(metrics: readonly MetricDefinition[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    metrics.map((metric) => {
      const text = metric.body === null ? null : metric.expressionAt('formula');
      return [metric.name, text === null ? NONE : readNames(text.text)];
    }),
  );
}

const NONE: ReadonlySet<string> = new Set();

/** Every name that stands alone in an expression; none when it cannot be read. */
function readNames(text: string): ReadonlySet<string> {
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
