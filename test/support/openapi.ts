import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openApiDocument } from '../../apps/metrics/src/openapi/document.js';

type Method = 'get' | 'post';

const DOCUMENT = openApiDocument() as {
  paths: Record<string, Partial<Record<Method, { responses: Record<string, unknown> }>>>;
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(DOCUMENT, 'openapi');

/** What came back from where. */
export interface GotReply {
  readonly method?: Method;
  readonly path: string;
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** In what a reply is not what `/openapi.json` says of it; empty when it is. */
export function contradictions({ method = 'get', path, status, type, text }: GotReply): string[] {
  const route = routeOf(path, method);
  if (route === undefined)
    return status === 404 ? [] : [`it is not there; apps/metrics/src/openapi/operations.ts declares what is`];
  const { responses } = DOCUMENT.paths[route]?.[method] ?? { responses: {} };
  const answer = String(status) in responses ? String(status) : 'default';
  if (status === 304) return answer === '304' ? [] : [`${route} may not answer 304`];
  const media = type.split(';', 1)[0] ?? '';
  const pointer = ['paths', route, method, 'responses', answer, 'content', media, 'schema'].map(escaped).join('/');
  const validate = ajv.getSchema(`openapi#/${pointer}`);
  if (validate === undefined) return [`${route} may not answer ${status} with ${media}`];
  if (validate(media.endsWith('json') ? JSON.parse(text) : text) === true) return [];
  return (validate.errors ?? []).map((error) => `${route}: ${error.instancePath} ${error.message}`);
}

function routeOf(path: string, method: Method): string | undefined {
  const [plain = ''] = path.split('?', 1);
  return Object.keys(DOCUMENT.paths).find((route) => {
    if (DOCUMENT.paths[route]?.[method] === undefined) return false;
    const parts = route.split('/').map((part) => (part.startsWith('{') ? '[^/]+' : part.replaceAll('.', '\\.')));
    return new RegExp(`^${parts.join('/')}$`).test(plain);
  });
}

function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
