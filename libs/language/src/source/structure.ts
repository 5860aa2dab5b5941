import { z } from 'zod';
import type { Findings, Problem } from '../diagnostic.js';
import { didYouMean, nearestName } from '../nearest-name.js';
import { FileSchema, type FileBody } from './schema.js';
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

type Issue = z.core.$ZodIssue;

/** Checks a file against the schema. What is wrong is reported and dropped, item by item, so that the rest is still checked. */
export function shapeFile(source: YamlFile, findings: Findings): ShapedFile {
  const value: unknown = source.value ?? {};
  const metrics = valueAt(value, ['metrics']);
  const rawMetrics: readonly unknown[] = Array.isArray(metrics) ? metrics : [];
  const first = FileSchema.safeParse(value);
  if (first.success) return { source, body: first.data, dropped: [], rawMetrics };
  for (const issue of first.error.issues) {
    if (!isMisspelt(source, issue, first.error.issues)) reportIssue(source, issue, findings);
  }
  const items = first.error.issues.map((issue) => itemOf(issue.path.map(plainStep)));
  const dropped = [...new Map(items.map((path) => [path.join('\0'), path])).values()];
  const rest = FileSchema.safeParse(without(value, dropped));
  return { source, body: rest.success ? rest.data : {}, dropped, rawMetrics };
}

function plainStep(step: PropertyKey): string | number {
  return typeof step === 'number' ? step : String(step);
}

/** The path of the item that an issue is in: `state.agent.name`, `metrics.3`, or of the section itself. */
function itemOf(path: Path): Path {
  const depth = path[0] === 'state' || path[0] === 'events' ? 3 : 2;
  return path.slice(0, Math.min(depth, path.length));
}

function without(value: unknown, paths: readonly Path[]): unknown {
  if (paths.some((path) => path.length === 0) && !isMap(value)) return {};
  if (Array.isArray(value))
    return value.filter((_, index) => !paths.some((path) => path.length === 1 && path[0] === index));
  if (!isMap(value)) return value;
  const known = paths.some((path) => path.length === 0) ? Object.keys(FileSchema.shape) : Object.keys(value);
  const entries = Object.entries(value)
    .filter(([key]) => known.includes(key) && !paths.some((path) => path.length === 1 && path[0] === key))
    .map(([key, child]) => [
      key,
      without(
        child,
        paths.filter((path) => path[0] === key).map((path) => path.slice(1)),
      ),
    ]);
  return Object.fromEntries(entries);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reportIssue(source: YamlFile, issue: Issue, findings: Findings): void {
  const path = issue.path.map(plainStep);
  if (source.isMisread(path)) return;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path);
    for (const key of issue.keys) {
      findings.error(source.positionOfKey([...path, key]), {
        code: 'unknown-key',
        message: `"${key}" is not a key of ${nameOf(path)}`,
        remedy: didYouMean(key, known, `its keys are ${known.join(', ')}`),
      });
    }
    return;
  }
  const value = valueAt(source.value, path);
  if (value === undefined) findings.error(source.positionOf(path), missing(path));
  else findings.error(source.positionOf(path), wrongShape(path, value));
}

/** Whether a missing key is there, but misspelt: then the misspelling says it all. */
function isMisspelt({ value }: YamlFile, issue: Issue, issues: readonly Issue[]): boolean {
  const path = issue.path.map(plainStep);
  if (issue.code === 'unrecognized_keys' || valueAt(value, path) !== undefined) return false;
  const holder = path.slice(0, -1);
  const known = keysAt(holder);
  const strangers = issues
    .filter((each) => each.path.join() === holder.join())
    .flatMap((each) => (each.code === 'unrecognized_keys' ? each.keys : []));
  return strangers.some((key) => nearestName(key, known) === path.at(-1));
}

function missing(path: Path): Problem {
  const key = String(path.at(-1));
  const title = titleOf(path);
  return {
    code: 'missing-key',
    message: `${nameOf(path.slice(0, -1))} has no "${key}"`,
    remedy: `add ${key}: it must be ${title}`,
  };
}

function wrongShape(path: Path, value: unknown): Problem {
  const title = titleOf(path);
  const choice = typeof value === 'string' && title.includes(' or ') ? title.split(/, | or /) : [];
  return {
    code: 'wrong-shape',
    message: `${subjectOf(path)} is ${shown(value)}`,
    remedy: didYouMean(typeof value === 'string' ? value : '', choice, `it must be ${title}`),
  };
}

function subjectOf(path: Path): string {
  const key = path.at(-1);
  if (key === undefined) return 'the file';
  return typeof key === 'number' ? `an element of "${String(path.at(-2))}"` : `"${key}"`;
}

function shown(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return at[Number(step)] as unknown;
    return isMap(at) ? at[String(step)] : undefined;
  }, value);
}

/** What stands at a path, in words: `the metric`, `the field "state"`. */
function nameOf(path: Path): string {
  const [section, , name] = path;
  if (path.length === 0) return 'a catalog file';
  if (section === 'metrics' && path.length === 2) return 'a metric';
  if (section === 'state' && path.length === 3) return `the field "${String(name)}"`;
  if (section === 'events' && path.length === 3) return `the own event "${String(name)}"`;
  if (section === 'state' && path.length === 5) return 'a set rule';
  return `"${String(path.at(-1))}"`;
}

function titleOf(path: Path): string {
  const title = schemaAt(path)?.meta()?.title;
  return typeof title === 'string' ? title : 'something else';
}

function keysAt(path: Path): readonly string[] {
  const schema = schemaAt(path);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** The schema that describes the value at a path, without its optional wrapper. */
function schemaAt(path: Path): z.ZodType | undefined {
  let schema: unknown = FileSchema;
  for (const step of path) {
    schema = unwrapped(schema);
    if (schema instanceof z.ZodObject) schema = (schema.shape as Record<string, unknown>)[String(step)];
    else if (schema instanceof z.ZodRecord) schema = schema.valueType;
    else if (schema instanceof z.ZodArray) schema = schema.element;
    else return schema instanceof z.ZodType ? schema : undefined;
  }
  const found = unwrapped(schema);
  return found instanceof z.ZodType ? found : undefined;
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? schema.unwrap() : schema;
}
