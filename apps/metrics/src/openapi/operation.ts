import type { ReplyName, Schema } from './components.js';

/** A parameter as OpenAPI declares it. */
export interface ParameterPart {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description: string;
  readonly schema: Schema;
  readonly required?: boolean;
  readonly style?: 'form';
  readonly explode?: boolean;
}

/** One thing that can be asked of the metrics app, as `/openapi.json`, `/docs` and `docs/rest.md` tell it. */
export interface Operation {
  readonly id: string;
  readonly tag: 'Accounts' | 'Agents' | 'Conversations' | 'Metrics' | 'Stream' | 'Quarantine' | 'System';
  readonly path: string;
  /** GET unless it changes something; then it takes a body of JSON. */
  readonly body?: { readonly schema: ReplyName; readonly example: string };
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly ParameterPart[];
  /** The media type of a reply that is well, and for JSON its schema. */
  readonly reply: {
    readonly type: string;
    readonly schemas: readonly ReplyName[];
    /** Media types that it also comes in, where `Accept` prefers them. */
    readonly otherTypes?: readonly string[];
  };
  /** Other statuses that are no problem details, and what they bring. */
  readonly also?: Readonly<Record<number, ReplyName>>;
  /** What else may be answered, by status. */
  readonly problems: readonly number[];
  /** Addresses to try. */
  readonly examples: readonly string[];
}

/** The method by which it is asked. */
export function methodOf({ body }: Operation): 'get' | 'post' {
  return body === undefined ? 'get' : 'post';
}

const JSON_TYPE = 'application/json';

/** A reply of JSON that is one of these. */
export const jsonOf = (...schemas: readonly ReplyName[]): Operation['reply'] => ({ type: JSON_TYPE, schemas });

/** What any reading of Redis may be answered. */
export const READ = [503];

export const text: Schema = { type: 'string' };
export const truth: Schema = { type: 'boolean' };

export const query = (name: string, description: string, schema: Schema): ParameterPart => ({
  name,
  in: 'query',
  description,
  schema,
});
export const list = (name: string, description: string, items: Schema): ParameterPart => ({
  ...query(name, description, { type: 'array', items }),
  style: 'form',
  explode: false,
});
export const path = (name: string, description: string): ParameterPart => ({
  name,
  in: 'path',
  description,
  schema: text,
  required: true,
});

export const account = path('account', 'The id of the account, as in the events');
export const ifNoneMatch: ParameterPart = {
  name: 'if-none-match',
  in: 'header',
  description: 'The ETag of a reply that the client has: while it still holds, the answer is 304',
  schema: text,
};
