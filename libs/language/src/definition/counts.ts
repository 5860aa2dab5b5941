import type { Findings } from '../diagnostic.js';
import type { Definition, Definitions, EntityDefinitions } from './definitions.js';

/** The most definitions of each kind in one catalog: enough for every contact center, and planned in seconds. */
const MOST = { fields: 500, ownEvents: 500, metrics: 1000, tables: 100, calendars: 100 };

/** Drops what is beyond these numbers, and reports the first of it. */
export function withinCounts(definitions: Definitions, findings: Findings): Definitions {
  const cut = <Item extends Definition<unknown>>(all: readonly Item[], most: number, what: string): readonly Item[] => {
    const first = all[most];
    if (first === undefined) return all;
    const message = `there are more than ${most} ${what}`;
    findings.error(first.at, { code: 'too-large', message, remedy: 'leave some out' });
    return all.slice(0, most);
  };
  const entity = (one: EntityDefinitions): EntityDefinitions => ({
    ...one,
    fields: cut(one.fields, MOST.fields, `fields of ${one.kind}`),
    ownEvents: cut(one.ownEvents, MOST.ownEvents, `own events of ${one.kind}`),
  });
  return {
    ...definitions,
    entities: { conversation: entity(definitions.entities.conversation), agent: entity(definitions.entities.agent) },
    metrics: cut(definitions.metrics, MOST.metrics, 'metrics'),
    tables: cut(definitions.tables, MOST.tables, 'tables'),
    calendars: cut(definitions.calendars, MOST.calendars, 'calendars'),
  };
}
