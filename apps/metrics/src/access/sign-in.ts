import { FailedAttempts, findToken } from '@app/access';
import { OCCURRENCES } from '@app/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { beginSession, endSession, ownPath, SIGN_IN } from './cookie.js';
import type { Doors } from './doors.js';
import type { GuardParts } from './guard.js';

/** A form has a token and a path. */
const FORM_BYTES_MAX = 8_192;

type SignInParts = GuardParts & { readonly doors: Doors };

type SignInRequest = FastifyRequest<{ Querystring: { next?: string }; Body: URLSearchParams }>;

/**
 * Signing in with a browser: the token is sent once, in the body of a form, and exchanged for a cookie. It never stands
 * in an address, where logs and histories would keep it.
 */
export function signInRoutes(parts: SignInParts): (instance: FastifyInstance) => Promise<void> {
  const attempts = new FailedAttempts(parts.maxFailedPerMinute);
  return async (instance) => {
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_BYTES_MAX },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    instance.get(SIGN_IN, (request: SignInRequest, reply) => page(reply, 200, ownPath(request.query.next)));
    instance.post(SIGN_IN, (request: SignInRequest, reply) => signIn(parts, attempts, request, reply));
    instance.post('/sign-out', (_request, reply) => reply.header('set-cookie', endSession()).redirect(SIGN_IN, 303));
  };
}

function signIn(
  parts: SignInParts,
  attempts: FailedAttempts,
  request: SignInRequest,
  reply: FastifyReply,
): FastifyReply {
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  const next = ownPath(form.get('next'));
  // Another site must not sign anybody in as somebody else.
  if ((request.headers['sec-fetch-site'] ?? 'same-origin') !== 'same-origin') return page(reply, 403, next);
  const token = findToken(parts.doors.tokens.current, (form.get('token') ?? '').trim());
  if (token?.scopes.has('read') !== true) {
    const status = attempts.tooMany(request.ip) ? 429 : 401;
    const why = token === null ? 'an unknown token' : `${token.name}: Its token lacks the scope "read".`;
    const details = { why, from: request.ip, request: request.id };
    parts.telemetry.report(OCCURRENCES.accessRefused, { code: String(status) }, details);
    return page(reply, status, next);
  }
  const cookie = beginSession(parts.doors.sessions.begin(token), request.protocol === 'https');
  return reply.header('set-cookie', cookie).redirect(next, 303);
}

const STYLE =
  'body{font:16px system-ui;display:grid;place-content:center;min-height:90vh}input,button{font:inherit;padding:.4em}';

const REMARKS: Readonly<Record<number, string>> = {
  401: 'This token is not known here, or not for reading.',
  403: 'Please sign in from this page.',
  429: 'Too many attempts; wait a minute.',
};

/** A page without scripts; `next` is a path of visible ASCII characters. */
function page(reply: FastifyReply, status: number, next: string): FastifyReply {
  const remark = REMARKS[status] === undefined ? '' : `<p role="alert">${REMARKS[status]}</p>`;
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>Livemeter: sign in</title><style>${STYLE}</style>` +
        `<form method="post" action="${SIGN_IN}"><h1>Livemeter</h1>${remark}<input type="hidden" name="next" value="${escaped(next)}">` +
        '<label>Token <input name="token" type="password" autocomplete="current-password" required autofocus></label> ' +
        '<button>Sign in</button></form></html>\n',
    );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
