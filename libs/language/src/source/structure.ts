import type { Findings } from '../diagnostic.js';
import { FileSchema, type FileBody } from './schema.js';
import type { z } from 'zod';
import { nearestName } from '../nearest-name.js';
import { isMap, keysAt, plainStep, reportIssues, type Shape, valueAt } from './shape-issues.js';
import type { YamlFile } from './yaml-file.js';
import type { Path } from './yaml-path.js';

/** A file whose shape is right, or what is left of it. */
export interface ShapedFile {
  readonly source: YamlFile;
  readonly body: FileBody;
  /** Items (fields, own events, metrics) that were dropped because their shape is wrong: they exist all the same. */
  readonly dropped: readonly Path[];
  /** All metrics as they were read, the dropped ones among them: a place in the file counts them all. */
  readonly rawMetrics: readonly unknown[];
}

const SHAPE: Shape = { schema: FileSchema, nameOf };

/** Checks a file against the schema. What is wrong is reported and dropped, item by item, so that the rest is still checked. */
export function shapeFile(source: YamlFile, findings: Findings): ShapedFile {
  const value: unknown = source.value ?? {};
  const metrics = valueAt(value, ['metrics']);
  const rawMetrics: readonly unknown[] = Array.isArray(metrics) ? metrics : [];
  const first = FileSchema.safeParse(value);
  if (first.success) return { source, body: first.data, dropped: [], rawMetrics };
  reportIssues(source, SHAPE, first.error.issues, findings);
  const spare = first.error.issues.flatMap((issue) => spareKeys(issue));
  const items = first.error.issues
    .filter((issue) => spareKeys(issue).length === 0)
    .map((issue) => itemOf(issue.path.map(plainStep)));
  const dropped = [...new Map(items.map((path) => [path.join('\0'), path])).values()];
  const rest = FileSchema.safeParse(without(value, [...dropped, ...spare]));
  return { source, body: rest.success ? rest.data : {}, dropped, rawMetrics };
}

/** Keys without which an item still says enough to be checked: one that is misspelt hides nothing else. */
const SPARE = ['source', 'zero_on', 'when', 'aggregate', 'labels', 'by', 'windows', 'limit', 'default', 'closed'];

/** The paths of unknown keys in an item of which the rest can be checked without them; none if one of them may matter. */
function spareKeys(issue: z.core.$ZodIssue): Path[] {
  const path = issue.path.map(plainStep);
  if (issue.code !== 'unrecognized_keys' || path.length === 0) return [];
  const meant = issue.keys.map((key) => nearestName(key, keysAt(SHAPE, path)));
  const areSpare = meant.every((key) => key === null || key === undefined || SPARE.includes(key));
  return areSpare ? issue.keys.map((key) => [...path, key]) : [];
}

/** The path of the item that an issue is in: `state.agent.name`, `metrics.3`, `tables.agents`, or of the section itself. */
function itemOf(path: Path): Path {
  const depth = path[0] === 'state' || path[0] === 'events' ? 3 : 2;
  return path.slice(0, Math.min(depth, path.length));
}

function without(value: unknown, paths: readonly Path[]): unknown {
  if (paths.some((path) => path.length === 0) && !isMap(value)) return {};
  const below = (step: string | number): Path[] =>
    paths.filter(([first]) => first === step).map((path) => path.slice(1));
  if (Array.isArray(value)) {
    return value.flatMap((element: unknown, index) => {
      const inside = below(index);
      return inside.some((path) => path.length === 0) ? [] : [inside.length === 0 ? element : without(element, inside)];
    });
  }
  if (!isMap(value)) return value;
  const known = paths.some((path) => path.length === 0) ? Object.keys(FileSchema.shape) : Object.keys(value);
  const entries = Object.entries(value)
    .filter(([key]) => known.includes(key) && !paths.some((path) => path.length === 1 && path[0] === key))
    .map(([key, child]) => [key, without(child, below(key))]);
  return Object.fromEntries(entries);
}

/** What stands at a path, in words, by its section and its depth. */
const NAMES: Readonly<Record<string, (name: string) => string>> = {
  'metrics 2': () => 'a metric',
  'state 3': (name) => `the field "${name}"`,
  'state 5': () => 'a set rule',
  'events 3': (name) => `the own event "${name}"`,
  'tables 2': (name) => `the table "${name}"`,
  'calendars 2': (name) => `the calendar "${name}"`,
};

function nameOf(path: Path): string {
  if (path.length === 0) return 'a catalog file';
  const name = String(path.at(-1));
  return NAMES[`${path[0] ?? ''} ${path.length}`]?.(name) ?? `"${name}"`;
}
