import type { ASTNode } from '@marcbachmann/cel-js';
import { EVENT_FIELDS } from '@app/event';
import type { Definitions, EntityDefinitions, FieldDefinition, MetricDefinition } from '../definition/definitions.js';
import type { Findings } from '../diagnostic.js';
import { treeAt } from '../expression/members-read.js';
import { type ExpressionPath, fieldsByMember, metricsOfKind, pathsOfLabels } from './expressions-of.js';

/** What a label's values are taken from, when that has very many values. A conversation and a time have no end of them. */
type Many = 'conversation' | 'time' | 'agent' | 'text';

const OF_EVENTS: Readonly<Record<string, Many>> = {
  'event.conversationId': 'conversation',
  'event.uid': 'conversation',
  'event.agentId': 'agent',
  'event.agentName': 'agent',
  'event.reason': 'text',
  'event.reasonCode': 'text',
};

const ENDLESS: Readonly<Partial<Record<Many, string>>> = {
  conversation: 'has another value for each conversation',
  time: 'is a time, or made of one',
};

/** Warns of metrics that will likely have more label sets than their limit, unless it was chosen. */
export function warnOfLabelProducts({ entities, metrics }: Definitions, findings: Findings): void {
  for (const entity of [entities.conversation, entities.agent]) {
    const fields = fieldsByMember(entity);
    for (const metric of metricsOfKind(metrics, entity.kind)) {
      if (metric.body?.limit === undefined) warnOfProduct(metric, new Sources(entity, fields), findings);
    }
  }
}

function warnOfProduct(metric: MetricDefinition, sources: Sources, findings: Findings): void {
  const factors = new Map<Many, ExpressionPath>();
  for (const path of pathsOfLabels(metric)) {
    for (const many of sources.of(treeAt(metric, path))) {
      const why = ENDLESS[many];
      if (why !== undefined) findings.warning(metric.positionOf(...path), endless(String(path.at(-1)), why));
      factors.set(many, factors.get(many) ?? path);
    }
  }
  const [agents, texts] = [factors.get('agent'), factors.get('text')];
  if (agents === undefined || texts === undefined) return;
  findings.warning(metric.positionOf(...texts), {
    code: 'many-label-sets',
    message: `the labels "${String(agents.at(-1))}" and "${String(texts.at(-1))}" multiply: every agent with every text`,
    remedy: 'leave one of them out, or set limit: to what you expect',
  });
}

function endless(label: string, why: string) {
  return {
    code: 'many-label-sets',
    message: `the label "${label}" ${why}: its metric will come to its limit`,
    remedy: 'leave the label out, or set limit: to what you expect',
  } as const;
}

/** Tells from what with very many values an expression takes its value. */
class Sources {
  readonly #entity: EntityDefinitions;
  readonly #fields: ReadonlyMap<string, FieldDefinition>;

  constructor(entity: EntityDefinitions, fields: ReadonlyMap<string, FieldDefinition>) {
    this.#entity = entity;
    this.#fields = fields;
  }

  of(tree: ASTNode | null, seen: readonly string[] = []): ReadonlySet<Many> {
    const members = tree === null ? [] : membersYielded(tree);
    return new Set(
      members.flatMap((member) => (seen.includes(member) ? [] : this.#ofMember(member, [...seen, member]))),
    );
  }

  #ofMember(member: string, seen: readonly string[]): readonly Many[] {
    const { kind } = this.#entity;
    const known = member === `${kind}.id` ? kind : OF_EVENTS[member];
    if (known !== undefined) return [known];
    if (member === `${kind}.lastEventAt` || isEventTime(member)) return ['time'];
    return this.#ofField(this.#fields.get(member), seen);
  }

  #ofField(field: FieldDefinition | undefined, seen: readonly string[]): readonly Many[] {
    if (field === undefined || field.body === null) return [];
    const { type, since, set = [] } = field.body;
    if (type === 'time' || since !== undefined) return ['time'];
    return set.flatMap((_, index) => [...this.of(treeAt(field, ['set', index, 'to']), seen)]);
  }
}

function isEventTime(member: string): boolean {
  const [object, name = ''] = member.split('.');
  return object === 'event' && (EVENT_FIELDS as Readonly<Record<string, string>>)[name] === 'time';
}

/** Calls that hand on what they are given. */
const HANDING_ON = ['coalesce', 'string', 'max', 'min'];

/** The members whose values can become the value of an expression; what is computed from them otherwise has fewer. */
function membersYielded(node: ASTNode): readonly string[] {
  switch (node.op) {
    case '.':
      return node.args[0].op === 'id' ? [`${node.args[0].args}.${node.args[1]}`] : [];
    case '?:':
      return node.args.slice(1).flatMap(membersYielded);
    case '+':
    case '-':
    case '*':
      return node.args.flatMap(membersYielded);
    case 'call':
      return HANDING_ON.includes(node.args[0]) ? node.args[1].flatMap(membersYielded) : [];
    default:
      return [];
  }
}
