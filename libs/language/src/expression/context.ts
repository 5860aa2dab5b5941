import type { ASTNode } from '@marcbachmann/cel-js';
import type { EntityKind } from '@app/event';
import type { Problem } from '../diagnostic.js';
import type { KnownData } from './known-data.js';
import { BROKEN, type Run, type StaticType, type Term } from './term.js';
import type { Watch } from '../watch.js';
import type { Zones } from './zones.js';

/** Something that can be read by its name. */
export interface Readable {
  readonly type: StaticType;
  readonly run: Run;
}

/** The readable names behind `event.`, `conversation.` or `agent.`; or why there are none here. */
export type ObjectNames =
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, Readable>; readonly complete: boolean }
  | { readonly kind: 'refused'; readonly message: string; readonly remedy: string };

/** A call that only some places know, such as a formula's `sum(metric)`: it plans itself from the tree. */
export type SpecialCall = (node: ASTNode, args: readonly ASTNode[], context: PlanContext) => Term;

/** All that an expression at some place may name. */
export interface Vocabulary {
  readonly objects: ReadonlyMap<'event' | EntityKind, ObjectNames>;
  /** Names that stand alone: labels. */
  readonly names: ReadonlyMap<string, Readable>;
  /** What is wrong with a name that stands alone and does not exist; null where that is said in general words. */
  readonly unknownName: ((name: string) => Problem) | null;
  /** Names that must not stand alone, and why. */
  readonly refusedNames: ReadonlyMap<string, { readonly message: string; readonly remedy: string }>;
  readonly calls: ReadonlyMap<string, SpecialCall>;
  /** Whether age() may be compared with a constant. */
  readonly allowsAge: boolean;
  readonly zones: Zones;
  readonly data: KnownData;
  /** Who is shown what is decided; null for nobody. */
  readonly watch: Watch | null;
}

/** A macro's variable. */
export interface Local {
  readonly name: string;
  readonly type: StaticType;
}

/** A comparison of `age(t)` with a constant: it changes once, `thresholdMs` after t. */
export interface AgeComparison {
  /** The time t (ms) or null. */
  readonly since: Run;
  readonly thresholdMs: number;
}

/** What the planning of one expression reads and collects. */
export interface PlanContext {
  readonly vocabulary: Vocabulary;
  readonly locals: readonly Local[];
  /** Collected: the names read, as `conversation.waitingSince`. */
  readonly reads: Set<string>;
  /** Collected: the comparisons of ages. */
  readonly ages: AgeComparison[];
  /** Plans a part of the expression. */
  plan(node: ASTNode, context: PlanContext): Term;
  /** The condition of a choice, which whoever watches is shown. */
  watched(node: { readonly start: number }, name: string, condition: Run): Run;
  /** Reports what is wrong at a part. */
  report(node: { readonly start: number }, problem: Problem): void;
}

/** Reports, and gives the term of what is broken. */
export function broken(context: PlanContext, node: { readonly start: number }, problem: Problem): Term {
  context.report(node, problem);
  return BROKEN;
}

/** The text of a part, as it was written. */
export function textOf(node: ASTNode): string {
  const text = node.input.slice(node.start, node.end).replace(/\s+/g, ' ');
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
