import { z } from 'zod';
import type { Findings, Problem } from '../diagnostic.js';
import { didYouMean, nearestName } from '../nearest-name.js';
import type { YamlFile } from './yaml-file.js';
import type { Path } from './yaml-path.js';

/** What a kind of file must look like, and how to speak of its parts. */
export interface Shape {
  /** The title of each schema in it completes the sentence "it must be …". */
  readonly schema: z.ZodType;
  /** What stands at a path, in words: `a metric`, `the field "state"`. */
  readonly nameOf: (path: Path) => string;
}

type Issue = z.core.$ZodIssue;

/** Reports what a schema refuses: where it stands, what is wrong and what to do. */
export function reportIssues(source: YamlFile, shape: Shape, issues: readonly Issue[], findings: Findings): void {
  for (const issue of issues) {
    if (!isMisspelt(source, shape, issue, issues)) reportIssue(source, shape, issue, findings);
  }
}

/** One step of an issue's path, as it is written in a file. */
export function plainStep(step: PropertyKey): string | number {
  return typeof step === 'number' ? step : String(step);
}

/** Whether a plain value is a map. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The plain value at a path; undefined when nothing is there. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return at[Number(step)] as unknown;
    return isMap(at) ? at[String(step)] : undefined;
  }, value);
}

function reportIssue(source: YamlFile, shape: Shape, issue: Issue, findings: Findings): void {
  const path = issue.path.map(plainStep);
  if (source.isMisread(path)) return;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(shape, path);
    for (const key of issue.keys) {
      findings.error(source.positionOfKey([...path, key]), {
        code: 'unknown-key',
        message: `"${key}" is not a key of ${shape.nameOf(path)}`,
        remedy: didYouMean(key, known, `its keys are ${known.join(', ')}`),
      });
    }
    return;
  }
  const value = valueAt(source.value, path);
  if (value === undefined) findings.error(source.positionOf(path), missing(shape, path));
  else findings.error(source.positionOf(path), wrongShape(shape, path, value));
}

/** Whether a missing key is there, but misspelt: then the misspelling says it all. */
function isMisspelt({ value }: YamlFile, shape: Shape, issue: Issue, issues: readonly Issue[]): boolean {
  const path = issue.path.map(plainStep);
  if (issue.code === 'unrecognized_keys' || valueAt(value, path) !== undefined) return false;
  const holder = path.slice(0, -1);
  const known = keysAt(shape, holder);
  const strangers = issues
    .filter((each) => each.path.join() === holder.join())
    .flatMap((each) => (each.code === 'unrecognized_keys' ? each.keys : []));
  return strangers.some((key) => nearestName(key, known) === path.at(-1));
}

function missing(shape: Shape, path: Path): Problem {
  const key = String(path.at(-1));
  const title = titleOf(shape, path);
  return {
    code: 'missing-key',
    message: `${shape.nameOf(path.slice(0, -1))} has no "${key}"`,
    remedy: `add ${key}: it must be ${title}`,
  };
}

function wrongShape(shape: Shape, path: Path, value: unknown): Problem {
  const title = titleOf(shape, path);
  return {
    code: 'wrong-shape',
    message: `${subjectOf(path)} is ${shown(value)}`,
    remedy: didYouMean(typeof value === 'string' ? value : '', choicesAt(shape, path), `it must be ${title}`),
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

function titleOf({ schema }: Shape, path: Path): string {
  const title = schemaAt(schema, path)?.meta()?.title;
  return typeof title === 'string' ? title : 'something else';
}

/** The keys of the map at a path. */
export function keysAt({ schema }: Shape, path: Path): readonly string[] {
  const found = schemaAt(schema, path);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

function choicesAt({ schema }: Shape, path: Path): readonly string[] {
  const found = schemaAt(schema, path);
  const choice: unknown = found instanceof z.ZodNullable ? found.unwrap() : found;
  return choice instanceof z.ZodEnum ? choice.options.map(String) : [];
}

/** The schema that describes the value at a path, without its optional wrapper. */
function schemaAt(whole: z.ZodType, path: Path): z.ZodType | undefined {
  let schema: unknown = whole;
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
