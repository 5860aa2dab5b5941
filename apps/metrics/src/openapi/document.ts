import { STATUS_CODES } from 'node:http';
import { refTo, replySchemas } from './components.js';
import { methodOf, type Operation } from './operation.js';
import { OPERATIONS } from './operations.js';

/** What `/openapi.json` says: OpenAPI 3.1. */
export type Document = Readonly<Record<string, unknown>>;

const TAGS: Readonly<Record<Operation['tag'], string>> = {
  Accounts: 'What is told of an account as a whole.',
  Agents: 'Who is there, in which state, and how loaded.',
  Conversations: 'What is open, who waits, what is due; and what stands behind a number.',
  Metrics: 'The metrics of the definitions in force.',
  Stream: 'All of this as it changes.',
  Quarantine: 'What was set aside: to be seen, taken in again, or dropped.',
  System: 'The system itself.',
};

/** Describes all that can be asked of the metrics app. */
export function openApiDocument(): Document {
  const used = new Set(OPERATIONS.map(({ tag }) => tag));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Livemeter',
      version: '1',
      description:
        'Real-time metrics of a contact center. Times are RFC 3339, durations seconds, null is "no value", errors are ' +
        'problem details (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS)
      .filter(([name]) => used.has(name as Operation['tag']))
      .map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries(
      OPERATIONS.map((operation) => [operation.path, { [methodOf(operation)]: operationPart(operation) }]),
    ),
    components: {
      schemas: replySchemas(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of LIVEMETER_TOKENS, where that is set.' },
      },
    },
    security: [{}, { token: [] }],
  };
}

function operationPart(operation: Operation) {
  const { id, tag, summary, description, parameters, body, reply, also = {}, problems } = operation;
  const headers = parameters.some(({ name }) => name === 'if-none-match')
    ? { headers: { etag: { description: 'Names this state of the resource.', schema: { type: 'string' } } } }
    : {};
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    parameters,
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf([body.schema]) } } } }),
    responses: {
      200: { description: summary, ...headers, content: contentOf(reply) },
      ...('headers' in headers ? { 304: { description: 'What the client has still holds.' } } : {}),
      ...Object.fromEntries(
        Object.entries(also).map(([status, name]) => [
          status,
          { description: summary, content: { [reply.type]: { schema: schemaOf([name]) } } },
        ]),
      ),
      ...Object.fromEntries([...problems, 'default'].map((status) => [status, problemPart(status)])),
    },
  };
}

function contentOf({ type, schemas, otherTypes = [] }: Operation['reply']) {
  return Object.fromEntries([type, ...otherTypes].map((one) => [one, { schema: schemaOf(schemas) }]));
}

function schemaOf(names: readonly string[]) {
  const refs = names.map((name) => ({ $ref: refTo(name) }));
  return refs.length === 0 ? { type: 'string' } : refs.length === 1 ? refs[0] : { oneOf: refs };
}

function problemPart(status: number | string) {
  return {
    description: STATUS_CODES[status] ?? 'Any other error',
    content: { 'application/problem+json': { schema: { $ref: refTo('Problem') } } },
  };
}
