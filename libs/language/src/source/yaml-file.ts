import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import type { Findings, Position, Problem } from '../diagnostic.js';
import { type ExpressionText, expressionTextOf } from './expression-text.js';
import { keyNode, nodesAlong, type Path } from './yaml-path.js';
import { dropRepeatedKeys, excess, oversize } from './yaml-limits.js';
import { findTraps, yamlProblem } from './yaml-traps.js';

/** One source as it was read: plain values, and where each of them stands. */
export interface YamlFile {
  readonly file: string;
  /** Maps, lists and scalars as plain JavaScript. */
  readonly value: unknown;
  /** Where the value at the path stands, or its nearest ancestor that exists. */
  positionOf(path: Path): Position;
  /** Where the last key of the path stands. */
  positionOfKey(path: Path): Position;
  /** The scalar at the path as an expression; null when there is none, or YAML misread it (which was reported). */
  expressionAt(path: Path): ExpressionText | null;
  /** Whether YAML misread something at or above the path, so that nothing more is to be said of it. */
  isMisread(path: Path): boolean;
}

/** What a file is read from, in the hands of the steps below. */
interface Reading {
  readonly file: string;
  readonly text: string;
  readonly document: Document.Parsed;
  readonly positionAt: (offset: number) => Position;
}

/** Reads one source; null when it is no YAML (which was reported). */
export function readYaml(source: { file: string; text: string }, findings: Findings): YamlFile | null {
  const tooLong = oversize(source.text);
  if (tooLong !== null) {
    findings.error({ file: source.file, line: 1, col: 1 }, tooLong);
    return null;
  }
  const lines = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const reading: Reading = {
    ...source,
    document,
    positionAt: (offset) => {
      const { line, col } = lines.linePos(offset);
      return { file: source.file, line: Math.max(line, 1), col: Math.max(col, 1) };
    },
  };
  reportErrors(reading, findings);
  if (document.errors.length > 0 || reportFaults(reading, findings)) return null;
  const misread = new Set<unknown>();
  for (const trap of findTraps(document, source.text)) {
    findings.error(reading.positionAt(trap.offset), trap.problem);
    misread.add(trap.misread);
  }
  const plain = plainValue(document);
  if (plain.problem !== null) {
    findings.error(reading.positionAt(firstUnresolved(document)), plain.problem);
    return null;
  }
  return yamlFile(reading, plain.value, misread);
}

function reportErrors({ document, text, positionAt }: Reading, findings: Findings): void {
  const warnings = document.warnings.filter((warning) => warning.code !== 'TAG_RESOLVE_FAILED');
  const linesSeen = new Set<number>();
  for (const error of [...document.errors, ...warnings]) {
    const offset = Math.min(error.pos[0], text.length);
    const position = positionAt(offset);
    // A broken line makes the parser stumble several times; its first complaint is the one that helps.
    if (linesSeen.has(position.line)) continue;
    linesSeen.add(position.line);
    findings.error(position, yamlProblem(error, text, offset));
  }
}

/** Reports what is too large to be worked on; whether there is such. Keys that are there twice are reported and dropped. */
function reportFaults({ document, positionAt }: Reading, findings: Findings): boolean {
  const tooMuch = excess(document);
  const faults = tooMuch === null ? dropRepeatedKeys(document) : [tooMuch];
  for (const { offset, problem } of faults) findings.error(positionAt(offset), problem);
  return tooMuch !== null;
}

/** The document as plain values. An alias that cannot be resolved, or explodes, is a problem. */
function plainValue(document: Document.Parsed): { value: unknown; problem: Problem | null } {
  try {
    return { value: document.toJS() as unknown, problem: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'an alias cannot be resolved';
    return { value: null, problem: { code: 'yaml', message, remedy: 'write the value out where it is used' } };
  }
}

/** Where the first alias of nothing stands; 0 when all have an anchor. */
function firstUnresolved(document: Document.Parsed): number {
  let offset = 0;
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return undefined;
      offset = alias.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

function yamlFile({ file, text, document, positionAt }: Reading, value: unknown, misread: Set<unknown>): YamlFile {
  const positionOf = (path: Path): Position => positionAt(nodesAlong(document, path).at(-1)?.range?.[0] ?? 0);
  return {
    file,
    value,
    positionOf,
    positionOfKey: (path) => {
      const key = keyNode(document, path);
      return key?.range ? positionAt(key.range[0]) : positionOf(path);
    },
    expressionAt: (path) => {
      const nodes = nodesAlong(document, path);
      const node = nodes.at(-1);
      if (nodes.length !== path.length + 1 || node === undefined || nodes.some((each) => misread.has(each)))
        return null;
      return expressionTextOf(node, text, positionAt);
    },
    isMisread: (path) => nodesAlong(document, path).some((node) => misread.has(node)),
  };
}
