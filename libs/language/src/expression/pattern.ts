import { isWord, parsePattern, type PatternNode, PatternProblem } from './pattern-syntax.js';

/** A regular expression that runs in linear time, or why it is refused. */
export type Pattern =
  | {
      readonly kind: 'pattern';
      /** Whether the pattern is found anywhere in the text; undefined in one that is too long to be looked through. */
      test(text: string): boolean | undefined;
    }
  | { readonly kind: 'refused'; readonly message: string; readonly remedy: string };

/**
 * One step of the machine into which a pattern is compiled: `char` moves on in the text, the others do not. All steps that are
 * possible are followed side by side, so that the time grows with the length of the text and never with its content.
 */
type Step =
  | { readonly kind: 'char'; readonly matches: (code: number) => boolean; next: number }
  | { readonly kind: 'assert'; readonly holds: (before: number, after: number) => boolean; next: number }
  | { readonly kind: 'fork'; readonly next: number[] }
  | { readonly kind: 'found' };

const MOST_STEPS = 500;

/** In a longer text nothing is looked for: there is no result (characters). */
const LONGEST_TEXT = 8192;

/** No character: before the first and after the last. */
const NONE = -1;

/** Compiles a pattern of RE2's syntax. */
export function compilePattern(source: string): Pattern {
  const tree = parsePattern(source);
  if (tree instanceof PatternProblem) {
    const remedy = 'use literals, [sets], ., |, ( ), * + ? {n,m}, ^ $ and \\b \\d \\w \\s';
    return { kind: 'refused', message: `the pattern % cannot be used: ${tree.message}`, remedy };
  }
  const steps: Step[] = [{ kind: 'found' }];
  const start = emit(tree, 0, steps);
  if (start === null) {
    return { kind: 'refused', message: 'the pattern % is too large', remedy: 'make its repetitions smaller' };
  }
  return { kind: 'pattern', test: (text) => (text.length > LONGEST_TEXT ? undefined : run(steps, start, text)) };
}

/** Adds the steps of a node that go on at `next`, and gives the first of them; null when there are too many. */
function emit(node: PatternNode, next: number, steps: Step[]): number | null {
  if (steps.length > MOST_STEPS) return null;
  switch (node.kind) {
    case 'char':
      return steps.push({ kind: 'char', matches: node.matches, next }) - 1;
    case 'start':
      return steps.push({ kind: 'assert', holds: (before) => before === NONE, next }) - 1;
    case 'end':
      return steps.push({ kind: 'assert', holds: (_, after) => after === NONE, next }) - 1;
    case 'boundary':
      return steps.push({ kind: 'assert', holds: (a, b) => (isWord(a) !== isWord(b)) === node.wanted, next }) - 1;
    case 'sequence':
      return node.items.reduceRight<number | null>((at, item) => (at === null ? null : emit(item, at, steps)), next);
    case 'choice':
      return emitChoice(node.items, next, steps);
    case 'repeat':
      return emitRepeat(node, next, steps);
  }
}

function emitChoice(items: readonly PatternNode[], next: number, steps: Step[]): number | null {
  const starts: number[] = [];
  for (const item of items) {
    const start = emit(item, next, steps);
    if (start === null) return null;
    starts.push(start);
  }
  return steps.push({ kind: 'fork', next: starts }) - 1;
}

function emitRepeat(
  { item, least, most }: Extract<PatternNode, { kind: 'repeat' }>,
  next: number,
  steps: Step[],
): number | null {
  let at: number | null = next;
  if (most === Infinity) {
    const loop: number[] = [next];
    at = steps.push({ kind: 'fork', next: loop }) - 1;
    const start = emit(item, at, steps);
    if (start === null) return null;
    loop.push(start);
  } else {
    for (let optional = least; optional < most && at !== null; optional += 1) {
      const start = emit(item, at, steps);
      at = start === null ? null : steps.push({ kind: 'fork', next: [start, next] }) - 1;
    }
  }
  for (let needed = 0; needed < least && at !== null; needed += 1) at = emit(item, at, steps);
  return at;
}

function run(steps: readonly Step[], start: number, text: string): boolean {
  const codes = Array.from(text, (char) => char.codePointAt(0) ?? NONE);
  let waiting: number[] = [];
  for (let at = 0; at <= codes.length; at += 1) {
    const [before, after] = [codes[at - 1] ?? NONE, codes[at] ?? NONE];
    // A match may begin anywhere: the start is among the possible steps at every character.
    const reached = closure(steps, [...waiting, start], before, after);
    if (reached === null) return true;
    waiting = reached.flatMap((index) => {
      const step = steps[index];
      return step?.kind === 'char' && after !== NONE && step.matches(after) ? [step.next] : [];
    });
  }
  return false;
}

/** All `char` steps that can be reached without moving on in the text; null when the end of the pattern can be. */
function closure(steps: readonly Step[], from: readonly number[], before: number, after: number): number[] | null {
  const seen = new Set<number>();
  const reached: number[] = [];
  const open = [...from];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    const step = steps[index];
    if (step === undefined) continue;
    if (step.kind === 'found') return null;
    if (step.kind === 'char') reached.push(index);
    else if (step.kind === 'fork') open.push(...step.next);
    else if (step.holds(before, after)) open.push(step.next);
  }
  return reached;
}
