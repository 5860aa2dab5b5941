import type { EntityKind } from '@app/event';
import type { Definitions, EntityDefinitions, MetricDefinition } from '../definition/definitions.js';
import type { Findings } from '../diagnostic.js';
import { membersRead } from '../expression/members-read.js';
import { parseExpression } from '../expression/parse.js';
import { metricsOfKind, PATHS_OF_OWN_EVENT, pathsOfField, pathsOfMetric, treesAt } from './expressions-of.js';

/** Fields that REST, wallboard and `explain` show by their names: they are of use although no rule reads them. */
const SHOWN_FIELDS: Readonly<Record<EntityKind, readonly string[]>> = {
  conversation: [
    'open',
    'openedAt',
    'endedAt',
    'waitingSince',
    'firstConsumerMessageAt',
    'firstResponseAt',
    'assignedAgentId',
    'assignedAt',
    'queuedSince',
    'respondBy',
  ],
  agent: [
    'name',
    'state',
    'stateSince',
    'reason',
    'assignedWeight',
    'maxSlots',
    'assignedConversations',
    'snapshotAt',
    'present',
  ],
};

/** Warns of fields that nothing reads but the rules that set them. */
export function warnOfUnreadFields({ entities, metrics }: Definitions, findings: Findings): void {
  for (const entity of [entities.conversation, entities.agent]) {
    const read = membersReadOf(entity, metrics);
    for (const { name, at, body } of entity.fields) {
      const isSet = (body?.set ?? []).length > 0 || body?.since !== undefined;
      if (!isSet || SHOWN_FIELDS[entity.kind].includes(name) || read.has(`${entity.kind}.${name}`)) continue;
      findings.warning(at, {
        code: 'never-read',
        message: `nothing reads the field "${name}" but its own rules`,
        remedy: 'use it in a metric or another rule, or remove it',
      });
    }
  }
}

function membersReadOf(entity: EntityDefinitions, metrics: readonly MetricDefinition[]): ReadonlySet<string> {
  const forget = entity.forget === null ? null : parseExpression(entity.forget.text);
  const read = new Set(forget?.kind === 'tree' ? membersRead(forget.tree) : []);
  for (const field of entity.fields) {
    const own = `${entity.kind}.${field.name}`;
    for (const member of membersRead(treesAt(field, pathsOfField(field)))) if (member !== own) read.add(member);
  }
  for (const event of entity.ownEvents) addAll(read, membersRead(treesAt(event, PATHS_OF_OWN_EVENT)));
  for (const metric of metricsOfKind(metrics, entity.kind)) {
    addAll(read, membersRead(treesAt(metric, pathsOfMetric(metric))));
  }
  return read;
}

function addAll(all: Set<string>, some: Iterable<string>): void {
  for (const each of some) all.add(each);
}
