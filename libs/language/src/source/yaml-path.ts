import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';

/** Keys and indexes from the top of a file down to a value. */
export type Path = readonly (string | number)[];

/** The nodes from the top down the path, as far as they exist; aliases are followed. */
export function nodesAlong(document: Document.Parsed, path: Path): Node[] {
  const nodes: Node[] = [];
  let node = resolved(document, document.contents);
  for (const step of [...path, null]) {
    if (node === undefined) break;
    nodes.push(node);
    if (step !== null) node = resolved(document, childOf(node, step));
  }
  return nodes;
}

/** The node of the path's last key, when that is the key of a map. */
export function keyNode(document: Document.Parsed, path: Path): Scalar | undefined {
  const holder = nodesAlong(document, path.slice(0, -1));
  const node = holder.length === path.length ? holder.at(-1) : undefined;
  const key = isMap(node) ? node.items.find((pair) => keyText(pair.key) === String(path.at(-1)))?.key : undefined;
  return isScalar(key) ? key : undefined;
}

function childOf(node: Node, step: string | number): unknown {
  if (isSeq(node)) return typeof step === 'number' ? node.items[step] : undefined;
  return isMap(node) ? node.items.find((pair) => keyText(pair.key) === String(step))?.value : undefined;
}

function keyText(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

/** What each alias stands for: to find that out, the document is walked from its top. */
const TARGETS = new WeakMap<Alias, Node>();

function targetOf(document: Document.Parsed, alias: Alias): Node | undefined {
  const known = TARGETS.get(alias);
  if (known !== undefined) return known;
  const target = alias.resolve(document);
  if (target !== undefined) TARGETS.set(alias, target);
  return target;
}

function resolved(document: Document.Parsed, value: unknown): Node | undefined {
  if (isAlias(value)) return targetOf(document, value);
  return isScalar(value) || isMap(value) || isSeq(value) ? value : undefined;
}
