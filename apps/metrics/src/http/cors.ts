import type { FastifyInstance } from 'fastify';

/** For how long a browser may remember what it was allowed (s). */
const REMEMBER_S = 600;

/**
 * Lets pages of these origins read `/v1`, `/metrics` and `/openapi.json`; `*` stands for any. Without origins no page of
 * another origin may. Answers what a browser asks beforehand. Must come before whatever asks for tokens.
 */
export function allowOrigins(fastify: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  fastify.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    void reply.header('vary', 'origin');
    if (origin === undefined || !(origins.includes('*') || origins.includes(origin))) {
      done();
      return;
    }
    void reply.header('access-control-allow-origin', origins.includes('*') ? '*' : origin);
    void reply.header('access-control-expose-headers', 'etag, retry-after');
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      done();
      return;
    }
    void reply
      .header('access-control-allow-methods', 'GET, HEAD')
      .header('access-control-allow-headers', 'authorization, if-none-match, last-event-id')
      .header('access-control-max-age', String(REMEMBER_S))
      .code(204)
      .send();
  });
}
