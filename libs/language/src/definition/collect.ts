import { EVENT_TYPES, type EntityKind } from '@app/event';
import { BUILT_IN_FIELDS } from '../catalog.js';
import type { Findings, Position, Problem } from '../diagnostic.js';
import type { ExpressionText } from '../source/expression-text.js';
import type { ShapedFile } from '../source/structure.js';
import type { Path } from '../source/yaml-path.js';
import type { Definition, Definitions, EntityDefinitions } from './definitions.js';

/** Brings the files together. Each thing is defined in one place; names follow the rules. */
export function collect(files: readonly ShapedFile[], allReadable: boolean, findings: Findings): Definitions {
  const entities = {
    conversation: collectEntity('conversation', files, findings),
    agent: collectEntity('agent', files, findings),
  };
  const metrics = files.flatMap((file) => metricsOf(file));
  const tables = files.flatMap((file) => itemsOf(file, ['tables'], file.body.tables ?? {}));
  const calendars = files.flatMap((file) => itemsOf(file, ['calendars'], file.body.calendars ?? {}));
  return {
    entities,
    metrics: unique(metrics, 'the metric', findings),
    tables: unique(tables, 'the table', findings).filter((table) => isGoodName(table, 'a table', findings)),
    calendars: unique(calendars, 'the calendar', findings).filter((each) => isGoodName(each, 'a calendar', findings)),
    complete: allReadable && files.every((file) => file.dropped.every(isItem)),
  };
}

/** Whether only one item was dropped, whose name is known, and not a whole section. */
function isItem(path: Path): boolean {
  return path[0] === 'forget' || path.length >= (path[0] === 'state' || path[0] === 'events' ? 3 : 2);
}

function collectEntity(kind: EntityKind, files: readonly ShapedFile[], findings: Findings): EntityDefinitions {
  const fields = files.flatMap((file) => itemsOf(file, ['state', kind], file.body.state?.[kind] ?? {}));
  const ownEvents = files.flatMap((file) => itemsOf(file, ['events', kind], file.body.events?.[kind] ?? {}));
  return {
    kind,
    fields: unique(fields, `the ${kind} field`, findings).filter((field) => isGoodField(field, kind, findings)),
    ownEvents: unique(ownEvents, `the ${kind} event`, findings).filter((own) => isGoodEventName(own, findings)),
    forget: forgetOf(kind, files, findings),
  };
}

function forgetOf(kind: EntityKind, files: readonly ShapedFile[], findings: Findings): ExpressionText | null {
  const found = files
    .filter((file) => file.body.forget?.[kind] !== undefined)
    .map((file) => definitionAt(file, ['forget', kind], file.body.forget?.[kind] ?? null));
  const [first] = unique(found, 'forget of', findings);
  return first?.expressionAt() ?? null;
}

/** The items of a section: those whose shape is right, and the names of those that were dropped. */
function itemsOf<Body>(file: ShapedFile, section: Path, bodies: Readonly<Record<string, Body>>): Definition<Body>[] {
  const dropped = file.dropped
    .filter((path) => path.length === section.length + 1 && section.every((step, index) => path[index] === step))
    .map((path) => String(path.at(-1)));
  const good = Object.entries(bodies).map(([name, body]) => definitionAt(file, [...section, name], body));
  const broken = dropped.map((name) => definitionAt<Body>(file, [...section, name], null));
  return [...good, ...broken];
}

function definitionAt<Body>({ source }: ShapedFile, path: Path, body: Body | null): Definition<Body> {
  return {
    name: String(path.at(-1)),
    body,
    at: source.positionOfKey(path),
    positionOf: (...below) => source.positionOf([...path, ...below]),
    positionOfKey: (...below) => source.positionOfKey([...path, ...below]),
    expressionAt: (...below) => source.expressionAt([...path, ...below]),
  };
}

function metricsOf(file: ShapedFile): Definition<NonNullable<ShapedFile['body']['metrics']>[number]>[] {
  const droppedIndexes = file.dropped
    .filter((path) => path[0] === 'metrics' && path.length >= 2)
    .map((path) => path[1]);
  const bodies = [...(file.body.metrics ?? [])];
  const raw: readonly unknown[] = file.rawMetrics;
  return raw.flatMap((item, index) => {
    const isDropped = droppedIndexes.includes(index);
    const body = isDropped ? null : (bodies.shift() ?? null);
    const name = nameIn(item);
    if (name === null) return [];
    const definition = definitionAt(file, ['metrics', index], body);
    return [{ ...definition, name, at: file.source.positionOf(['metrics', index, 'name']) }];
  });
}

function nameIn(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || !('name' in item)) return null;
  return typeof item.name === 'string' ? item.name : null;
}

/** The first definition of each name; a second one is reported. */
function unique<Body>(all: readonly Definition<Body>[], what: string, findings: Findings): Definition<Body>[] {
  const first = new Map<string, Definition<Body>>();
  for (const definition of all) {
    const earlier = first.get(definition.name);
    if (earlier === undefined) first.set(definition.name, definition);
    else findings.error(definition.at, duplicate(what, definition.name, earlier.at));
  }
  return [...first.values()];
}

function duplicate(what: string, name: string, earlier: Position): Problem {
  return {
    code: 'duplicate',
    message: `${what} "${name}" is also defined at ${earlier.file}:${earlier.line}:${earlier.col}`,
    remedy: 'define it in one place, or rename one',
  };
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Words that an expression cannot use after a dot or alone. */
const RESERVED_WORDS = ['in', 'true', 'false', 'null'];

function isGoodField(field: Definition<unknown>, kind: EntityKind, findings: Findings): boolean {
  if (field.name in BUILT_IN_FIELDS) {
    findings.error(field.at, {
      code: 'reserved-name',
      message: `"${field.name}" is built in: every ${kind} has it`,
      remedy: 'leave it out, or use another name',
    });
    return false;
  }
  return isGoodName(field, 'a field', findings);
}

function isGoodEventName(own: Definition<unknown>, findings: Findings): boolean {
  if (EVENT_TYPES.some((type) => type.toLowerCase() === own.name.toLowerCase())) {
    findings.error(own.at, {
      code: 'reserved-name',
      message: `"${own.name}" is the name of an incoming event`,
      remedy: 'use another name for your own event',
    });
    return false;
  }
  return isGoodName(own, 'an own event', findings);
}

function isGoodName({ name, at }: Definition<unknown>, what: string, findings: Findings): boolean {
  if (IDENTIFIER.test(name) && !RESERVED_WORDS.includes(name)) return true;
  findings.error(at, {
    code: 'invalid-name',
    message: `"${name}" cannot be the name of ${what}`,
    remedy: 'use letters, digits and _, and no reserved word',
  });
  return false;
}
