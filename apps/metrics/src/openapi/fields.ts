import { refTo, type ReplyName, replySchemas, type Schema } from './components.js';

/** One field of a reply, for people: where it is, what it holds and what it means. */
export interface FieldLine {
  /** `agents[].id` */
  readonly path: string;
  readonly type: string;
  readonly meaning: string;
}

const SCHEMAS = replySchemas();

/** All fields of a reply, from the outside in. */
export function fieldsOf(name: ReplyName): FieldLine[] {
  return within(SCHEMAS[name], '');
}

/** What a reply is, in a sentence. */
export function meaningOf(name: ReplyName): string {
  return textOf(SCHEMAS[name]['description']);
}

function within(schema: Schema, prefix: string): FieldLine[] {
  const { properties, items } = resolved(schema);
  if (items !== undefined) return within(items as Schema, `${prefix}[]`);
  return Object.entries((properties ?? {}) as Record<string, Schema>).flatMap(([name, field]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const meaning = textOf(field['description'] ?? resolved(field)['description']);
    return [{ path, type: typeOf(field), meaning }, ...within(present(field), path)];
  });
}

/** The type of a value in a few words. */
export function typeOf(schema: Schema): string {
  const { $ref, anyOf, type, items, additionalProperties, enum: values, format } = schema;
  if ($ref !== undefined) return textOf($ref).split('/').at(-1) ?? '';
  if (anyOf !== undefined) return (anyOf as Schema[]).map(typeOf).join(' or ');
  if (items !== undefined) return `list of ${typeOf(items as Schema)}`;
  if (values !== undefined) return (values as unknown[]).map(String).join(', ');
  if (format === 'date-time') return 'time';
  if (isSchema(additionalProperties)) return `object of ${typeOf(additionalProperties)}`;
  return Array.isArray(type) ? type.join(' or ') : textOf(type);
}

/** A schema without "or null", as far as there is something in it to be told. */
function present(schema: Schema): Schema {
  const { anyOf } = schema;
  return Array.isArray(anyOf) ? ((anyOf as Schema[]).find((one) => one['type'] !== 'null') ?? schema) : schema;
}

function resolved(schema: Schema): Schema {
  const found = Object.entries(SCHEMAS).find(([name]) => schema['$ref'] === refTo(name));
  return found?.[1] ?? schema;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
