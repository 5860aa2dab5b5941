import { type Document, isMap, isPair, isScalar, type Node, type Pair, type Scalar, visit, type YAMLError } from 'yaml';
import type { Problem } from '../diagnostic.js';
import { expressionFrom, isUnbalanced, quoted } from './quoting.js';

/** Something that is YAML, but not what its author meant. */
export interface Trap {
  readonly offset: number;
  readonly problem: Problem;
  /** The node that is not to be looked at any more. */
  readonly misread: Node;
}

/** Finds the scalars that YAML reads otherwise than they look. */
export function findTraps(document: Document.Parsed, text: string): readonly Trap[] {
  const traps: Trap[] = [];
  visit(document, {
    Scalar: (_, node, path) => {
      const trap = tagTrap(node, path, text) ?? splitTrap(node, path, text);
      if (trap !== null) traps.push(trap);
    },
    Collection: (_, node) => {
      const tag = strangeTag(node);
      if (tag === null || !node.range) return;
      const problem = { ...droppedTag(tag), remedy: 'leave the tag out' };
      traps.push({ offset: tagOffset(tag, node.range[0], text), problem, misread: node });
    },
  });
  return traps;
}

type Ancestors = readonly (Document | Node | Pair)[];

/** `when: !event.isAssigned`: what begins with `!` is a tag, and the condition would lose its `not`. */
function tagTrap(node: Scalar, path: Ancestors, text: string): Trap | null {
  const tag = strangeTag(node);
  if (tag === null || !node.range) return null;
  const offset = tagOffset(tag, node.range[0], text);
  const expression = expressionFrom(text, offset, flowMapAround(path) !== null);
  const remedy = `put the expression in quotes: ${keyPrefix(path)}${quoted(expression)}`;
  return { offset, problem: { ...droppedTag(tag), remedy }, misread: node };
}

const YAML_TAG = 'tag:yaml.org,2002:';

/** The tags of YAML's core schema: whoever writes one of these out means it. */
const CORE_TAGS = ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => YAML_TAG + name);

/** The tag of a node as it was written, when YAML does not know it; null when it has none, or a known one. */
function strangeTag({ tag }: Node): string | null {
  if (tag === undefined || CORE_TAGS.includes(tag)) return null;
  return tag.startsWith(YAML_TAG) ? `!!${tag.slice(YAML_TAG.length)}` : tag;
}

/** Where the tag of a node that begins at `start` stands. */
function tagOffset(tag: string, start: number, text: string): number {
  const written = text.lastIndexOf(tag, start);
  return written < 0 ? text.lastIndexOf('!', Math.max(0, start - 1)) : written;
}

function droppedTag(tag: string): Pick<Problem, 'code' | 'message'> {
  return { code: 'yaml-tag', message: `YAML takes ${tag} for a tag and drops it` };
}

/** `{ value: max(a, b) }` and `when: x == 'a #b'`: YAML ends the scalar while a bracket or a quote is open. */
function splitTrap(node: Scalar, path: Ancestors, text: string): Trap | null {
  const { source = '', range, type } = node;
  if (type !== 'PLAIN' || !range || !isUnbalanced(source)) return null;
  const flowMap = flowMapAround(path);
  const isComment = /^\s+#/.test(text.slice(range[1]));
  if (flowMap === null && !isComment) return null;
  const expression = expressionFrom(text, range[0], flowMap !== null);
  const remedy = isUnbalanced(expression)
    ? 'close what is open, and put the expression in quotes'
    : `put the expression in quotes: ${keyPrefix(path)}${quoted(expression)}`;
  const message = `YAML ends this expression early and reads only ${source}`;
  // What stands behind the comma has become a key of the map.
  const misread = isComment ? node : (flowMap ?? node);
  return { offset: range[0], problem: { code: 'yaml-split', message, remedy }, misread };
}

/** The `{ … }` directly around a value, or null. */
function flowMapAround(path: Ancestors): Node | null {
  const map = path.findLast((each) => isMap(each));
  return isMap(map) && map.flow === true ? map : null;
}

function keyPrefix(path: Ancestors): string {
  const pair = path.at(-1);
  return isPair(pair) && isScalar(pair.key) ? `${String(pair.key.value)}: ` : '';
}

/** What a complaint of the YAML parser means here; an unquoted expression is its usual cause. */
export function yamlProblem(error: YAMLError, text: string, offset: number): Problem {
  if (/call stack/i.test(error.message)) {
    return { code: 'too-large', message: 'maps and lists are nested too deeply', remedy: 'write them flat' };
  }
  if (error.code === 'MULTIPLE_DOCS') {
    return { code: 'yaml', message: 'the file holds several documents', remedy: 'make a file of each' };
  }
  const message = error.message.replace(/\s+/g, ' ').replace(/[.:]$/, '');
  const meant = expressionAround(text, offset);
  const remedy =
    meant === null
      ? 'correct the YAML; an expression may need quotes'
      : `put an expression in quotes: ${meant.key}: ${quoted(meant.expression)}`;
  return { code: 'yaml', message, remedy };
}

/** The key and the value that were being written at an offset, when the value may be an expression. */
function expressionAround(text: string, offset: number): { key: string; expression: string } | null {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(lineStart).split('\n', 1)[0] ?? '';
  const keys = [...line.matchAll(/(?<=^|[\s{,])([A-Za-z_]\w*):\s+/g)];
  const key = keys.findLast((match) => lineStart + match.index <= offset);
  if (key === undefined) return null;
  const inFlow = line.slice(0, key.index).includes('{');
  const expression = expressionFrom(text, lineStart + key.index + key[0].length, inFlow);
  const isNone = expression === '' || /^[|>{-]/.test(expression) || isUnbalanced(expression);
  return isNone ? null : { key: key[1] ?? '', expression };
}
