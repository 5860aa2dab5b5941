import type { ASTNode } from '@marcbachmann/cel-js';
import type { EntityKind } from '@app/event';
import type { Definition, Definitions, EntityDefinitions, FieldDefinition } from '../definition/definitions.js';
import type { Findings } from '../diagnostic.js';
import { canonicalText } from '../expression/canonical.js';
import { textOf } from '../expression/context.js';
import { membersRead, treeAt } from '../expression/members-read.js';
import { warnOfLabelProducts } from './label-products.js';
import { kindOf } from './metric-shape.js';
import { warnOfStaleReads } from './stale-reads.js';
import { warnOfUnreadFields } from './unread-fields.js';

/** Warns of what is allowed, and is a mistake nearly always. Looks at the trees of expressions alone. */
export function warnOfMistakes(definitions: Definitions, findings: Findings): void {
  const { entities, metrics } = definitions;
  warnOfUnreadFields(definitions, findings);
  warnOfStaleReads(definitions, findings);
  warnOfLabelProducts(definitions, findings);
  for (const entity of [entities.conversation, entities.agent]) {
    for (const field of entity.fields) warnOfStuckField(entity.kind, field, findings);
    warnOfRearming(entity, findings);
    const rules = [
      ...entity.fields,
      ...entity.ownEvents,
      ...metrics.filter((metric) => metric.body?.for === entity.kind),
    ];
    warnOfRepetition(rules, findings);
  }
  for (const metric of metrics) {
    if (metric.body !== null && kindOf(metric.body) !== 'formula') warnOfDivisor(metric, ['value'], ['when'], findings);
  }
  for (const { fields } of Object.values(entities)) {
    for (const field of fields) {
      (field.body?.set ?? []).forEach((_, index) => {
        for (const key of ['to', 'add']) warnOfDivisor(field, ['set', index, key], ['set', index, 'when'], findings);
      });
    }
  }
}

type Path = readonly (string | number)[];

/** A field that is computed from itself alone, and null at first, is null for ever. */
function warnOfStuckField(kind: EntityKind, field: FieldDefinition, findings: Findings): void {
  const rules = field.body?.set ?? [];
  if (rules.length === 0 || (field.body?.default ?? null) !== null) return;
  const isStuck = rules.every((_, index) => isNullWith(treeAt(field, ['set', index, 'to']), `${kind}.${field.name}`));
  if (!isStuck) return;
  findings.warning(field.positionOf('set', 0, 'to'), {
    code: 'stuck-at-null',
    message: `the field "${field.name}" is computed from itself alone and null at first, so it stays null`,
    remedy: `give it a default:, use add:, or write coalesce(${kind}.${field.name}, 0)`,
  });
}

const ARITHMETIC = ['+', '-', '*', '/', '%', '-_'];

/** Whether an expression is null when that field is: arithmetic hands null on. */
function isNullWith(node: ASTNode | null, member: string): boolean {
  if (node === null) return false;
  if (node.op === '.') return membersRead(node).has(member);
  if (!ARITHMETIC.includes(node.op)) return false;
  const operands: readonly ASTNode[] = Array.isArray(node.args) ? (node.args as ASTNode[]) : [node.args as ASTNode];
  return operands.some((operand) => isNullWith(operand, member));
}

/** A timer that sets what it is armed by to another time fires again and again. */
function warnOfRearming({ kind, fields, ownEvents }: EntityDefinitions, findings: Findings): void {
  for (const own of ownEvents) {
    const at = treeAt(own, ['at']);
    if (at === null) continue;
    const armedBy = membersRead(at);
    for (const field of fields.filter(({ name }) => armedBy.has(`${kind}.${name}`))) {
      (field.body?.set ?? []).forEach(({ on }, index) => {
        const to = treeAt(field, ['set', index, 'to']);
        if (![on].flat().includes(own.name) || to === null || membersRead(to).size === 0) return;
        findings.warning(field.positionOf('set', index, 'to'), {
          code: 'rearmed-timer',
          message: `the timer "${own.name}" sets "${field.name}", by which it is armed: it may fire again and again`,
          remedy: 'set it to null, or make sure that it comes to an end; 1000 firings without an event are the most',
        });
      });
    }
  }
}

/** Three rules with the same events and the same condition want an own event. */
function warnOfRepetition(rules: readonly Definition<unknown>[], findings: Findings): void {
  const seen = new Map<string, number>();
  for (const { definition, path, on } of rules.flatMap(conditionsOf)) {
    const tree = treeAt(definition, path);
    if (tree === null || tree.op === 'value') continue;
    const key = JSON.stringify([[on].flat().sort(), canonicalText(tree)]);
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    if (times !== 3) continue;
    findings.warning(definition.positionOf(...path), {
      code: 'repeated-condition',
      message: 'this is the third rule with the same events and the same condition',
      remedy: 'define an own event with both, and name that in on:',
    });
  }
}

interface ConditionAt {
  readonly definition: Definition<unknown>;
  readonly path: Path;
  readonly on: unknown;
}

function conditionsOf(definition: Definition<unknown>): ConditionAt[] {
  const body = definition.body as { on?: unknown; set?: readonly { on: unknown }[] } | null;
  if (body?.set !== undefined) {
    return body.set.map(({ on }, index) => ({ definition, path: ['set', index, 'when'], on }));
  }
  return body?.on === undefined ? [] : [{ definition, path: ['when'], on: body.on }];
}

/** A divisor that no condition looks at may be 0, and then there is no result. */
function warnOfDivisor(definition: Definition<unknown>, path: Path, when: Path, findings: Findings): void {
  const tree = treeAt(definition, path);
  if (tree === null) return;
  const guarded = new Set([...membersRead(treeAt(definition, when)), ...testsIn(tree)]);
  for (const divisor of divisorsIn(tree)) {
    const free = [...membersRead(divisor)].filter((member) => !guarded.has(member));
    if (free.length === 0) continue;
    findings.warning(definition.positionOf(...path), {
      code: 'unguarded-divisor',
      message: `the divisor ${textOf(divisor)} may be 0: there is no result then`,
      remedy: `add a condition such as ${free[0] ?? ''} > 0`,
    });
  }
}

/** The members that the conditions of `?:` look at. */
function testsIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(testsIn);
  if (!isNode(part)) return [];
  return [...(part.op === '?:' ? membersRead(part.args[0]) : []), ...testsIn(part.args)];
}

function divisorsIn(part: unknown): ASTNode[] {
  if (Array.isArray(part)) return part.flatMap(divisorsIn);
  if (!isNode(part)) return [];
  return [...(part.op === '/' || part.op === '%' ? [part.args[1]] : []), ...divisorsIn(part.args)];
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part && 'args' in part;
}
