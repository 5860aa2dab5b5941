import { bearerOf, FailedAttempts, findToken, type Scope, SCOPES, type Token } from '@app/access';
import { OCCURRENCES, type Telemetry } from '@app/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Problem, problemOf, sendProblem } from '../http/problem.js';
import { type Access, grant } from './access.js';
import { sessionCookie, signInAddress } from './cookie.js';
import type { Doors } from './doors.js';

/** What the guard asks; without doors it lets everybody in. */
export interface GuardParts {
  readonly doors: Doors | null;
  readonly telemetry: Telemetry;
  readonly maxFailedPerMinute: number;
}

/** Routes that show nothing of any account. Every other one, also one that does not exist, asks for a token. */
const OPEN = /^\/(healthz|readyz|openapi\.json|docs(\/.*)?|sign-in|sign-out)$/;

/** Figures of the process concern every account, and so does what is set aside and may be anybody's. */
const WHOLE = /^\/(metrics\/process|v1\/quarantine(\/.*)?)$/;

const EVERYTHING: Access = { name: null, accounts: null, scopes: new Set(SCOPES) };

/**
 * Lets requests in by their token or session, before anything else is done with them. It goes by the route that was
 * found, not by the text of the address, so that no spelling leads around it.
 */
export function guardRoutes(fastify: FastifyInstance, parts: GuardParts): void {
  const attempts = new FailedAttempts(parts.maxFailedPerMinute);
  fastify.addHook('onRoute', ({ url }) => {
    if (/^\/v1\/accounts\/:(?!account(\/|$))/.test(url)) throw new Error(`${url}: the account must be called :account`);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const refused = admit(parts, attempts, request);
    if (refused === null) done();
    else refuse(parts, request, reply, refused);
  });
}

interface Refusal {
  readonly problem: Problem;
  readonly why: string;
}

/** Null when the request may go on; what it may see is then noted. */
function admit({ doors }: GuardParts, attempts: FailedAttempts, request: FastifyRequest): Refusal | null {
  if (doors === null) {
    grant(request, EVERYTHING, () => EVERYTHING);
    return null;
  }
  const route = request.routeOptions.url ?? '';
  if (OPEN.test(route)) return null;
  const presented = bearerOf(request.headers.authorization);
  const find = () => (presented === null ? fromSession(doors, request) : findToken(doors.tokens.current, presented));
  const token = find();
  if (token === null) return unknown(presented, attempts.tooMany.bind(attempts, request.ip));
  const scope = scopeOf(route);
  if (!token.scopes.has(scope)) return forbidden(token, `Its token lacks the scope "${scope}".`);
  if (!reaches(token, route, request)) return forbidden(token, 'Its token is not for this account.');
  grant(request, token, find);
  return null;
}

function scopeOf(route: string): Scope {
  if (/^\/v1\/(accounts\/:account\/)?quarantine(\/|$)/.test(route)) return 'quarantine';
  return route.startsWith('/metrics') ? 'metrics' : 'read';
}

function unknown(presented: string | null, tooMany: () => boolean): Refusal {
  if (presented === null) {
    return { problem: problemOf(401, { detail: 'A token is wanted: Authorization: Bearer …' }), why: 'no token' };
  }
  return { problem: problemOf(tooMany() ? 429 : 401), why: 'an unknown token' };
}

function forbidden({ name }: Token, detail: string): Refusal {
  return { problem: problemOf(403, { detail }), why: `${name}: ${detail}` };
}

function reaches({ accounts }: Token, route: string, request: FastifyRequest): boolean {
  if (accounts === null) return true;
  if (WHOLE.test(route)) return false;
  const { account } = request.params as { account?: string };
  return account === undefined || accounts.has(account);
}

function fromSession({ tokens, sessions }: Doors, { headers }: FastifyRequest): Token | null {
  const value = sessionCookie(headers.cookie);
  return value === null ? null : sessions.find(tokens.current, value);
}

function refuse(
  { telemetry }: GuardParts,
  request: FastifyRequest,
  reply: FastifyReply,
  { problem, why }: Refusal,
): void {
  const code = String(problem.status);
  telemetry.report(OCCURRENCES.accessRefused, { code }, { why, from: request.ip, request: request.id });
  if (problem.status === 401 && isPageView(request)) return void reply.redirect(signInAddress(request.url), 303);
  if (problem.status === 429) void reply.header('retry-after', '60').header('connection', 'close');
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="livemeter"');
  sendProblem(reply, problem);
}

/** Whether a person looks at it in a browser, who can sign in. */
function isPageView({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && headers.authorization === undefined && (headers.accept ?? '').includes('text/html');
}
